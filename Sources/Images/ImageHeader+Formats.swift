internal import Core

extension ImageHeader {
    /// Reads the frame header of a JPEG, which may follow any number of other segments.
    static func jpeg(_ bytes: borrowing HeaderBytes) throws(Fault) -> Facts {
        var offset = 2
        while true {
            // As libjpeg does, skips extra bytes before a marker and the fill bytes at its start.
            while try bytes.byte(offset) != 0xFF { offset += 1 }
            while try bytes.byte(offset) == 0xFF { offset += 1 }
            let marker = try bytes.byte(offset)
            offset += 1
            switch marker {
            case 0, 0x01, 0xD0 ... 0xD8: continue
            case 0xD9, 0xDA: throw bytes.damaged("a JPEG without a frame header")
            case 0xC4, 0xC8, 0xCC: break
            case 0xC0 ... 0xCF: return try Facts(bytes.big(offset + 5, 2), bytes.big(offset + 3, 2))
            default: break
            }
            let length = try bytes.big(offset, 2)
            guard length >= 2 else {
                throw bytes.damaged("a JPEG with a segment of length \(length) at byte \(offset)")
            }
            offset += length
        }
    }

    /// Reads the header chunk of a PNG.
    static func png(_ bytes: borrowing HeaderBytes) throws(Fault) -> Facts {
        guard try bytes.big(8, 4) == 13, try bytes.holds("IHDR", at: 12) else {
            throw bytes.damaged("a PNG that does not start with its header chunk")
        }
        let width = try bytes.big(16, 4)
        let height = try bytes.big(20, 4)
        let depth = try bytes.byte(24)
        let colors = try bytes.byte(25)
        guard width < 1 << 31, height < 1 << 31, [1, 2, 4, 8, 16].contains(depth), [0, 2, 3, 4, 6].contains(colors)
        else { throw bytes.damaged("a PNG with an invalid header") }
        return Facts(width, height, isDeepGray: depth == 16 && colors == 0)
    }

    /// Reads the header of a Windows bitmap.
    static func bmp(_ bytes: borrowing HeaderBytes) throws(Fault) -> Facts {
        let size = try bytes.little(14, 4)
        // The two letters of the magic number also start ordinary text, so the header size has to match too.
        guard [12, 16, 40, 52, 56, 64, 108, 124].contains(size) else {
            throw bytes.damaged(ForeignContent.name(of: bytes.prefix(512)), expected: "an image")
        }
        if size == 12 { return try Facts(bytes.little(18, 2), bytes.little(20, 2)) }
        // A negative height means that the top row comes first.
        let height = try Int(Int32(truncatingIfNeeded: bytes.little(22, 4)))
        return try Facts(Int(Int32(truncatingIfNeeded: bytes.little(18, 4))), abs(height))
    }

    /// Reads the first chunk of a WebP file, which has one of three kinds.
    static func webP(_ bytes: borrowing HeaderBytes) throws(Fault) -> Facts {
        if try bytes.holds("VP8 ", at: 12) {
            // A frame tag of three bytes, whose lowest bit is 0 in a key frame, and a start code of three bytes.
            guard try bytes.byte(20) & 1 == 0, try bytes.big(23, 3) == 0x9D_012A else {
                throw bytes.damaged("a WebP whose first frame is not a key frame")
            }
            return try Facts(bytes.little(26, 2) & 0x3FFF, bytes.little(28, 2) & 0x3FFF)
        }
        if try bytes.holds("VP8L", at: 12) {
            guard try bytes.byte(20) == 0x2F else { throw bytes.damaged("a WebP with an invalid signature") }
            // 14 bits hold the width minus one, and 14 the height minus one.
            let bits = try bytes.little(21, 4)
            return Facts(bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        }
        guard try bytes.holds("VP8X", at: 12) else {
            throw bytes.damaged("a WebP that does not start with an image")
        }
        return try Facts(bytes.little(24, 3) + 1, bytes.little(27, 3) + 1)
    }

    /// Reads the first directory of a TIFF, which may be anywhere in the file.
    static func tiff(_ bytes: borrowing HeaderBytes) throws(Fault) -> Facts {
        let isLittle = try bytes.byte(0) == UInt8(ascii: "I")
        func number(_ bytes: borrowing HeaderBytes, _ offset: Int, _ width: Int) throws(Fault) -> Int {
            isLittle ? try bytes.little(offset, width) : try bytes.big(offset, width)
        }
        let directory = try number(bytes, 4, 4)
        var found: [Int: Int] = [:]
        for entry in 0 ..< (try number(bytes, directory, 2)) {
            let offset = directory + 2 + 12 * entry
            let tag = try number(bytes, offset, 2)
            let type = try number(bytes, offset + 2, 2)
            guard [256, 257, 258, 262, 277].contains(tag), type == 3 || type == 4 else { continue }
            let width = type == 3 ? 2 : 4
            // Values longer than four bytes are stored elsewhere; those of a gray image are not.
            let isInline = try number(bytes, offset + 4, 4) * width <= 4
            guard isInline || tag <= 257 else { continue }
            found[tag] = try number(bytes, isInline ? offset + 8 : number(bytes, offset + 8, 4), width)
        }
        guard let width = found[256], let height = found[257] else {
            throw bytes.damaged("a TIFF whose first directory has no image size")
        }
        // 16 bits per sample, one sample per pixel, and zero is black.
        let isDeepGray = found[258] == 16 && found[277] ?? 1 == 1 && found[262] == 1
        return Facts(width, height, isDeepGray: isDeepGray)
    }

    /// Reads the header of a PBM, PGM or PPM image.
    static func ppm(_ bytes: borrowing HeaderBytes) throws(Fault) -> Facts {
        let header = try PPMHeader(bytes)
        return Facts(header.width, header.height, isDeepGray: header.isDeepGray)
    }
}
