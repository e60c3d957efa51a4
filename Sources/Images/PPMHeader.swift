internal import Core

/// The header of a PBM, PGM or PPM image: a letter and a digit, then numbers between white space and comments.
struct PPMHeader {
    /// The digit after the letter P.
    let kind: Int
    let width, height: Int
    /// The value of white; 1 in bitmaps.
    let maximum: Int
    /// The byte offset of the pixels.
    let start: Int

    /// Whether each pixel is one bit, and 1 is black.
    var isBitmap: Bool { kind == 1 || kind == 4 }
    /// Whether the values are written as text.
    var isText: Bool { kind <= 3 }
    /// The number of values per pixel.
    var channels: Int { kind == 3 || kind == 6 ? 3 : 1 }
    /// Whether Pillow scales the values to 16 bits and then clips them to 255.
    var isDeepGray: Bool { channels == 1 && maximum > 255 }

    init(_ bytes: borrowing HeaderBytes) throws(Fault) {
        kind = try bytes.byte(1) - 0x30
        var offset = 3
        width = try Self.number(bytes, &offset)
        height = try Self.number(bytes, &offset)
        maximum = kind == 1 || kind == 4 ? 1 : try Self.number(bytes, &offset)
        start = offset
        guard 1 ... 65535 ~= maximum else {
            throw bytes.damaged("a PPM whose largest value is \(maximum)", expected: "1 to 65535")
        }
    }

    /// Whether a file with these first bytes may be a PPM image.
    static func starts(_ bytes: some Collection<UInt8>) -> Bool {
        let start = Array(bytes.prefix(3))
        return start.count == 3 && start[0] == UInt8(ascii: "P") && 0x31 ... 0x36 ~= start[1] && isSpace(start[2])
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 9 ... 13 ~= byte }

    /// Reads a number and the one white space after it, as Pillow does: a comment does not end a number.
    private static func number(_ bytes: borrowing HeaderBytes, _ offset: inout Int) throws(Fault) -> Int {
        var digits = 0
        var value = 0
        while true {
            let byte = UInt8(try bytes.byte(offset))
            offset += 1
            if byte == UInt8(ascii: "#") {
                while true {
                    let end = try bytes.byte(offset)
                    offset += 1
                    if end == 10 || end == 13 { break }
                }
                continue
            }
            if isSpace(byte) {
                if digits > 0 { return value }
                continue
            }
            digits += 1
            // Two letters and white space also start ordinary text.
            guard 0x30 ... 0x39 ~= byte, digits <= 10 else {
                let name = ForeignContent.name(of: bytes.prefix(512))
                throw bytes.damaged(
                    name == ForeignContent.unknown ? "a PPM with an invalid header" : name, expected: "an image")
            }
            value = 10 * value + Int(byte - 0x30)
        }
    }
}
