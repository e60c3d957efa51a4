/// A single-byte encoding as which UTF-8 may have been decoded by mistake.
struct CodePage: Sendable {
    /// Whether undefined bytes decode as control characters, and 0x1A represents a lost character (U+FFFD).
    let isSloppy: Bool
    let isLatin1: Bool
    let isMacRoman: Bool
    /// The characters of bytes 128 to 255.
    let upper: [Unicode.Scalar]
    private let bytes: [Unicode.Scalar: UInt8]

    /// The encodings to try, in ftfy's order.
    static let all: [CodePage] = [
        CodePage(String(String.UnicodeScalarView((0x80 ... 0xFF).compactMap(Unicode.Scalar.init))), isLatin1: true),
        CodePage(CodePageTable.windows1252, isSloppy: true),
        CodePage(CodePageTable.windows1251, isSloppy: true),
        CodePage(CodePageTable.windows1250, isSloppy: true),
        CodePage(CodePageTable.windows1253, isSloppy: true),
        CodePage(CodePageTable.windows1254, isSloppy: true),
        CodePage(CodePageTable.windows1257, isSloppy: true),
        CodePage(CodePageTable.latin2),
        CodePage(CodePageTable.macRoman, isMacRoman: true),
        CodePage(CodePageTable.dos437),
    ]
    /// The encoding as which browsers decode Latin-1.
    static let windows1252 = all[1]
    /// The encodings in whose letters UTF-8's leading bytes most often appear.
    static let westernToBaltic = all[0 ... 6]

    private init(_ upper: String, isSloppy: Bool = false, isLatin1: Bool = false, isMacRoman: Bool = false) {
        self.isSloppy = isSloppy
        self.isLatin1 = isLatin1
        self.isMacRoman = isMacRoman
        self.upper = Array(upper.unicodeScalars)
        var bytes: [Unicode.Scalar: UInt8] = [:]
        for (index, scalar) in self.upper.enumerated() { bytes[scalar] = UInt8(128 + index) }
        if isSloppy { bytes["\u{FFFD}"] = 0x1A }
        self.bytes = bytes
    }

    /// The bytes that decode as `text`; nil if it has a character outside the encoding.
    func encoded(_ text: [Unicode.Scalar]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for scalar in text {
            if scalar.isASCII, !isSloppy || scalar != "\u{1A}" {
                result.append(UInt8(scalar.value))
            } else if let byte = bytes[scalar] {
                result.append(byte)
            } else {
                return nil
            }
        }
        return result
    }

    /// The character of `byte`, which is at least 128.
    func character(_ byte: UInt8) -> Unicode.Scalar { upper[Int(byte) - 128] }
}
