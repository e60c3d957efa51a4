/// The printable characters that represent bytes in vocabularies.
enum ByteAlphabet {
    /// The suffix of a word's last byte.
    static let wordEnd = "</w>"

    /// The bytes in the order of the vocabulary: the printable ones of Latin-1, then the rest.
    static let order: [UInt8] = {
        let printable = Array(UInt8(33) ... 126) + Array(UInt8(161) ... 172) + Array(UInt8(174) ... 255)
        return printable + (UInt8(0) ... 255).filter { !printable.contains($0) }
    }()

    /// The character of each byte in that order: a printable byte is itself, the others are U+0100 onwards.
    static let characters: [String] = order.indices.map { index in
        let printableCount = 188
        let value = index < printableCount ? UInt32(order[index]) : UInt32(256 + index - printableCount)
        return Unicode.Scalar(value).map(String.init) ?? ""
    }

    /// The index of each byte in that order.
    static let indices: [Int32] = {
        var indices = [Int32](repeating: 0, count: 256)
        for (index, byte) in order.enumerated() { indices[Int(byte)] = Int32(index) }
        return indices
    }()

    private static let scalars = Set(characters.flatMap(\.unicodeScalars))

    /// Whether all characters of `token` are in this alphabet.
    static func spells(_ token: Substring) -> Bool { token.unicodeScalars.allSatisfy(scalars.contains) }
}
