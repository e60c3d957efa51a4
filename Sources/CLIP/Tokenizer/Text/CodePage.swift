/// An encoding of one byte a character, by whose characters text that was UTF-8 may have been read.
struct CodePage: Sendable {
    /// Whether bytes without a character are kept as control characters, and 0x1A stands for a lost character (U+FFFD).
    let isSloppy: Bool
    let isLatin1: Bool
    let isMacRoman: Bool
    /// What bytes 128 to 255 stand for.
    let upper: [Unicode.Scalar]
    private let bytes: [Unicode.Scalar: UInt8]

    /// The encodings that are tried, in ftfy's order.
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
    /// The one that browsers read Latin-1 as.
    static let windows1252 = all[1]
    /// Those whose letters UTF-8's leading bytes most often turn into.
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

    /// The bytes that read as `text`; nil if it has a character of no byte.
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

    /// The character of `byte`, which is 128 or more.
    func character(_ byte: UInt8) -> Unicode.Scalar { upper[Int(byte) - 128] }
}
