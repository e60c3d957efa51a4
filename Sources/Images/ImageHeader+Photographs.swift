internal import Core

extension ImageHeader {
    /// The frame header of a JPEG, which stands behind segments of any kind and length.
    static func jpeg(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        var place = 2
        while true {
            // As libjpeg does, bytes before a marker are passed over, and so are the fill bytes that it may start with.
            while try bytes.byte(place) != 0xFF { place += 1 }
            while try bytes.byte(place) == 0xFF { place += 1 }
            let marker = try bytes.byte(place)
            place += 1
            switch marker {
            case 0, 0x01, 0xD0 ... 0xD8: continue
            case 0xD9, 0xDA: throw bytes.fault("a JPEG without a frame header")
            case 0xC4, 0xC8, 0xCC: break
            case 0xC0 ... 0xCF:
                return try Shape(
                    bytes.big(place + 5, 2), bytes.big(place + 3, 2), bytes.byte(place + 7), bytes.byte(place + 2))
            default: break
            }
            let length = try bytes.big(place, 2)
            guard length >= 2 else {
                throw bytes.fault("a JPEG with a segment of length \(length) at byte \(place)")
            }
            place += length
        }
    }

    /// The first chunk of a WebP file, which is one of three kinds.
    static func webP(_ bytes: borrowing HeaderBytes) throws(Fault) -> Shape {
        if try bytes.holds("VP8 ", at: 12) {
            // A frame tag of three bytes, whose lowest bit is 0 for a key frame, and a start code of three.
            guard try bytes.byte(20) & 1 == 0, try bytes.big(23, 3) == 0x9D_012A else {
                throw bytes.fault("a WebP whose first frame is no key frame")
            }
            return try Shape(bytes.little(26, 2) & 0x3FFF, bytes.little(28, 2) & 0x3FFF, 3, 8)
        }
        if try bytes.holds("VP8L", at: 12) {
            guard try bytes.byte(20) == 0x2F else { throw bytes.fault("a WebP with a broken signature") }
            // 14 bits of width less one, 14 of height less one, and one that says whether there is alpha.
            let bits = try bytes.little(21, 4)
            return Shape(bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1, bits >> 28 & 1 == 1 ? 4 : 3, 8)
        }
        if try bytes.holds("VP8X", at: 12) {
            let hasAlpha = try bytes.byte(20) & 0x10 != 0
            return try Shape(bytes.little(24, 3) + 1, bytes.little(27, 3) + 1, hasAlpha ? 4 : 3, 8)
        }
        throw bytes.fault("a WebP that starts with no image")
    }
}
