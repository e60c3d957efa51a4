internal import Core

extension ImageHeader {
    /// Reads the frame header of a JPEG, which may follow any number of other segments.
    static func jpeg(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
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
            case 0xC0 ... 0xCF:
                return try (
                    bytes.big(offset + 5, 2), bytes.big(offset + 3, 2), bytes.byte(offset + 7), bytes.byte(offset + 2)
                )
            default: break
            }
            let length = try bytes.big(offset, 2)
            guard length >= 2 else {
                throw bytes.damaged("a JPEG with a segment of length \(length) at byte \(offset)")
            }
            offset += length
        }
    }

    /// Reads the first chunk of a WebP file, which has one of three kinds.
    static func webP(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        if try bytes.holds("VP8 ", at: 12) {
            // A frame tag of three bytes, whose lowest bit is 0 in a key frame, and a start code of three bytes.
            guard try bytes.byte(20) & 1 == 0, try bytes.big(23, 3) == 0x9D_012A else {
                throw bytes.damaged("a WebP whose first frame is not a key frame")
            }
            return try (bytes.little(26, 2) & 0x3FFF, bytes.little(28, 2) & 0x3FFF, 3, 8)
        }
        if try bytes.holds("VP8L", at: 12) {
            guard try bytes.byte(20) == 0x2F else { throw bytes.damaged("a WebP with an invalid signature") }
            // 14 bits hold the width minus one, 14 the height minus one, and one bit the presence of alpha.
            let bits = try bytes.little(21, 4)
            return (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1, bits >> 28 & 1 == 1 ? 4 : 3, 8)
        }
        if try bytes.holds("VP8X", at: 12) {
            let hasAlpha = try bytes.byte(20) & 0x10 != 0
            return try (bytes.little(24, 3) + 1, bytes.little(27, 3) + 1, hasAlpha ? 4 : 3, 8)
        }
        throw bytes.damaged("a WebP that does not start with an image")
    }
}
