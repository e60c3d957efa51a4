import Images

/// A number in an image file: a size, a count, a place, or what tells kinds apart.
struct HeaderField {
    let place, width: Int
    let isBig: Bool
}

/// Where the numbers of a sound image file stand, so that damage hits what decoders believe.
struct HeaderFields {
    private(set) var all: [HeaderField] = []
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        switch ImageFormat(firstBytes: bytes) {
        case .png: png()
        case .jpeg: jpeg()
        case .gif: gif()
        case .bmp: for (place, width) in Self.bitmap { add(place, width) }
        case .webp: webP()
        case .tiff: tiff()
        case nil: break
        }
        all = all.filter { $0.place + $0.width <= bytes.count }
    }

    private static let bitmap = [
        (10, 4), (14, 4), (18, 4), (18, 2), (20, 2), (22, 4), (24, 2), (26, 2), (28, 2), (30, 4), (34, 4), (46, 4),
        (50, 4), (54, 4), (58, 4), (62, 4),
    ]

    private mutating func add(_ place: Int, _ width: Int, isBig: Bool = false) {
        all.append(HeaderField(place: place, width: width, isBig: isBig))
    }

    private func number(_ place: Int, _ width: Int, isBig: Bool = false) -> Int {
        guard place >= 0, place + width <= bytes.count else { return 0 }
        let digits = isBig ? Array(bytes[place ..< place + width]) : bytes[place ..< place + width].reversed()
        return digits.reduce(0) { $0 << 8 | Int($1) }
    }

    /// Each chunk's length and name, and the first of what it holds.
    private mutating func png() {
        var place = 8
        while place + 12 <= bytes.count {
            add(place, 4, isBig: true)
            add(place + 4, 4, isBig: true)
            let length = number(place, 4, isBig: true)
            if place == 8 {
                add(place + 8, 4, isBig: true)
                add(place + 12, 4, isBig: true)
            }
            for index in 0 ..< min(length, place == 8 ? 13 : 4) { add(place + 8 + index, 1) }
            place += 12 + length
        }
    }

    /// Each segment's marker and length, and its first numbers.
    private mutating func jpeg() {
        var place = 2
        while place + 4 <= bytes.count, bytes[place] == 0xFF {
            let length = number(place + 2, 2, isBig: true)
            add(place + 1, 1)
            add(place + 2, 2, isBig: true)
            // Height and width stand behind the bits of a value.
            if (0xC0 ... 0xC2).contains(bytes[place + 1]) {
                for index in [5, 7] { for _ in 0 ..< 8 { add(place + index, 2, isBig: true) } }
            }
            for index in 0 ..< min(length - 2, 20) { add(place + 4 + index, 1) }
            place += 2 + length
        }
    }

    private mutating func gif() {
        for place in [6, 8] { add(place, 2) }
        for place in [10, 11, 12] { add(place, 1) }
        var place = 13 + (bytes[10] & 128 == 0 ? 0 : 3 << (Int(bytes[10]) & 7 + 1))
        while place + 11 < bytes.count, bytes[place] != UInt8(ascii: ";") {
            add(place, 1)
            if bytes[place] == UInt8(ascii: ",") {
                for index in [1, 3, 5, 7] { for _ in 0 ..< 4 { add(place + index, 2) } }
                let flags = Int(bytes[place + 9])
                add(place + 9, 1)
                place += 10 + (flags & 128 == 0 ? 0 : 3 << (flags & 7 + 1))
                add(place, 1)
                place += 1
            } else {
                for index in 1 ..< 8 { add(place + index, 1) }
                place += 2
            }
            while place < bytes.count, bytes[place] > 0 {
                add(place, 1)
                place += 1 + Int(bytes[place])
            }
            place += 1
        }
    }

    /// Each chunk's name and size, and the sizes of pictures in it.
    private mutating func webP() {
        add(4, 4)
        var place = 12
        while place + 8 <= bytes.count {
            add(place, 4)
            add(place + 4, 4)
            switch String(decoding: bytes[place ..< place + 4], as: UTF8.self) {
            case "VP8X": for index in [12, 15] { for _ in 0 ..< 4 { add(place + index, 3) } }
            case "ANMF": for index in [8, 11, 14, 17, 20] { for _ in 0 ..< 2 { add(place + index, 3) } }
            case "VP8 ": for index in [14, 16] { for _ in 0 ..< 4 { add(place + index, 2) } }
            case "VP8L": for _ in 0 ..< 4 { add(place + 9, 4) }
            default: break
            }
            for index in 0 ..< 12 { add(place + 8 + index, 1) }
            let isFrame = bytes[place ..< place + 4].elementsEqual("ANMF".utf8)
            place += 8 + (isFrame ? 16 : (number(place + 4, 4) + 1) & ~1)
        }
    }

    /// Each entry of the first directory: tag, type, count and value.
    private mutating func tiff() {
        let isBig = bytes[0] == UInt8(ascii: "M")
        add(4, 4, isBig: isBig)
        let directory = number(4, 4, isBig: isBig)
        add(directory, 2, isBig: isBig)
        for entry in 0 ..< number(directory, 2, isBig: isBig) {
            let place = directory + 2 + 12 * entry
            for (offset, width) in [(0, 2), (2, 2), (4, 4), (8, 2), (8, 4)] { add(place + offset, width, isBig: isBig) }
        }
    }
}
