import Images

/// A number in the header of an image file: a size, count, offset, or type.
struct HeaderField {
    let offset, width: Int
    let isBig: Bool
}

/// The positions of the numbers in a valid image file, so that mutations can target them.
struct HeaderFields {
    private(set) var all: [HeaderField] = []
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        switch ImageFormat(firstBytes: bytes) {
        case .png: png()
        case .jpeg: jpeg()
        case .gif: gif()
        case .bmp: for (offset, width) in Self.bitmap { add(offset, width) }
        case .webp: webP()
        case .tiff: tiff()
        case .heic, .avif: boxes(0 ..< bytes.count)
        case .ppm: for offset in 1 ..< min(24, bytes.count) { add(offset, 1) }
        case nil: break
        }
        all = all.filter { $0.offset + $0.width <= bytes.count }
    }

    private static let bitmap = [
        (10, 4), (14, 4), (18, 4), (18, 2), (20, 2), (22, 4), (24, 2), (26, 2), (28, 2), (30, 4), (34, 4), (46, 4),
        (50, 4), (54, 4), (58, 4), (62, 4),
    ]

    private mutating func add(_ offset: Int, _ width: Int, isBig: Bool = false) {
        all.append(HeaderField(offset: offset, width: width, isBig: isBig))
    }

    private func number(_ offset: Int, _ width: Int, isBig: Bool = false) -> Int {
        guard offset >= 0, offset + width <= bytes.count else { return 0 }
        let digits = isBig ? Array(bytes[offset ..< offset + width]) : bytes[offset ..< offset + width].reversed()
        return digits.reduce(0) { $0 << 8 | Int($1) }
    }

    /// Each chunk's length, name, and first bytes.
    private mutating func png() {
        var offset = 8
        while offset + 12 <= bytes.count {
            add(offset, 4, isBig: true)
            add(offset + 4, 4, isBig: true)
            let length = number(offset, 4, isBig: true)
            if offset == 8 {
                add(offset + 8, 4, isBig: true)
                add(offset + 12, 4, isBig: true)
            }
            for index in 0 ..< min(length, offset == 8 ? 13 : 4) { add(offset + 8 + index, 1) }
            offset += 12 + length
        }
    }

    /// Each segment's marker, length, and first bytes.
    private mutating func jpeg() {
        var offset = 2
        while offset + 4 <= bytes.count, bytes[offset] == 0xFF {
            let length = number(offset + 2, 2, isBig: true)
            add(offset + 1, 1)
            add(offset + 2, 2, isBig: true)
            // Height and width follow the bit depth.
            if (0xC0 ... 0xC2).contains(bytes[offset + 1]) {
                for index in [5, 7] { for _ in 0 ..< 8 { add(offset + index, 2, isBig: true) } }
            }
            for index in 0 ..< min(length - 2, 20) { add(offset + 4 + index, 1) }
            offset += 2 + length
        }
    }

    private mutating func gif() {
        for offset in [6, 8] { add(offset, 2) }
        for offset in [10, 11, 12] { add(offset, 1) }
        var offset = 13 + (bytes[10] & 128 == 0 ? 0 : 3 << (Int(bytes[10]) & 7 + 1))
        while offset + 11 < bytes.count, bytes[offset] != UInt8(ascii: ";") {
            add(offset, 1)
            if bytes[offset] == UInt8(ascii: ",") {
                for index in [1, 3, 5, 7] { for _ in 0 ..< 4 { add(offset + index, 2) } }
                let flags = Int(bytes[offset + 9])
                add(offset + 9, 1)
                offset += 10 + (flags & 128 == 0 ? 0 : 3 << (flags & 7 + 1))
                add(offset, 1)
                offset += 1
            } else {
                for index in 1 ..< 8 { add(offset + index, 1) }
                offset += 2
            }
            while offset < bytes.count, bytes[offset] > 0 {
                add(offset, 1)
                offset += 1 + Int(bytes[offset])
            }
            offset += 1
        }
    }

    /// Each chunk's name and size, and the sizes of images in it.
    private mutating func webP() {
        add(4, 4)
        var offset = 12
        while offset + 8 <= bytes.count {
            add(offset, 4)
            add(offset + 4, 4)
            switch String(decoding: bytes[offset ..< offset + 4], as: UTF8.self) {
            case "VP8X": for index in [12, 15] { for _ in 0 ..< 4 { add(offset + index, 3) } }
            case "ANMF": for index in [8, 11, 14, 17, 20] { for _ in 0 ..< 2 { add(offset + index, 3) } }
            case "VP8 ": for index in [14, 16] { for _ in 0 ..< 4 { add(offset + index, 2) } }
            case "VP8L": for _ in 0 ..< 4 { add(offset + 9, 4) }
            default: break
            }
            for index in 0 ..< 12 { add(offset + 8 + index, 1) }
            let isFrame = bytes[offset ..< offset + 4].elementsEqual("ANMF".utf8)
            offset += 8 + (isFrame ? 16 : (number(offset + 4, 4) + 1) & ~1)
        }
    }

    /// Each box's size, name and first numbers, and the boxes in it.
    private mutating func boxes(_ range: Range<Int>) {
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound {
            let length = number(offset, 4, isBig: true)
            let name = String(decoding: bytes[offset + 4 ..< offset + 8], as: UTF8.self)
            for start in [offset, offset + 4] { add(start, 4, isBig: true) }
            let end = length < 8 ? range.upperBound : min(range.upperBound, offset + length)
            // These have a version and flags before their boxes, and a count of them in two.
            let prefix = ["meta": 4, "iprp": 0, "ipco": 0, "iinf": 6, "iref": 4, "dinf": 0][name]
            if let prefix, offset + 8 + prefix < end {
                boxes(offset + 8 + prefix ..< end)
            } else {
                for start in stride(from: offset + 8, to: min(end, offset + 40), by: 2) { add(start, 2, isBig: true) }
            }
            offset = max(offset + 8, end)
        }
    }

    /// Each entry of the first directory: tag, type, count, and value.
    private mutating func tiff() {
        let isBig = bytes[0] == UInt8(ascii: "M")
        add(4, 4, isBig: isBig)
        let directory = number(4, 4, isBig: isBig)
        add(directory, 2, isBig: isBig)
        for entry in 0 ..< number(directory, 2, isBig: isBig) {
            let offset = directory + 2 + 12 * entry
            for (field, width) in [(0, 2), (2, 2), (4, 4), (8, 2), (8, 4)] { add(offset + field, width, isBig: isBig) }
        }
    }
}
