/// A single-byte encoding as which UTF-8 may have been decoded by mistake.
struct CodePage: Sendable {
    /// Whether undefined bytes decode as control characters, and 0x1A represents a lost character (U+FFFD).
    let isSloppy: Bool
    let isLatin1: Bool
    let isMacRoman: Bool
    /// The characters of bytes 128 to 255.
    let upper: [Unicode.Scalar]
    private let bytes: [Unicode.Scalar: UInt8]

    /// The encodings to try, in ftfy's order, from `code_pages.txt`.
    ///
    /// A line is the name of an encoding and the characters of bytes 128 to 255 in hexadecimal.
    static let all = String(decoding: PackageResources.code_pages_txt, as: UTF8.self).split(separator: "\n").map {
        line in
        let words = line.split(separator: " ")
        let upper = words.dropFirst().compactMap { UInt32($0, radix: 16) }.compactMap(Unicode.Scalar.init)
        return CodePage(words[0], upper: upper)
    }
    /// The encoding as which browsers decode Latin-1.
    static let windows1252 = all[1]
    /// The encodings in whose letters UTF-8's leading bytes most often appear.
    static let westernToBaltic = all[0 ... 6]

    private init(_ name: Substring, upper: [Unicode.Scalar]) {
        isSloppy = name.hasPrefix("windows")
        isLatin1 = name == "latin1"
        isMacRoman = name == "macRoman"
        self.upper = upper
        var bytes: [Unicode.Scalar: UInt8] = [:]
        for (index, scalar) in upper.enumerated() { bytes[scalar] = UInt8(128 + index) }
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
