/// The printable characters that stand for bytes in vocabularies.
enum ByteAlphabet {
    /// What follows the last byte of a word.
    static let wordEnd = "</w>"

    /// The bytes in the order of the vocabulary: the printable ones of Latin-1, then the rest.
    static let order: [UInt8] = {
        let printable = Array(UInt8(33) ... 126) + Array(UInt8(161) ... 172) + Array(UInt8(174) ... 255)
        return printable + (UInt8(0) ... 255).filter { !printable.contains($0) }
    }()

    /// What each place of the vocabulary is written as: a printable byte as itself, the others as U+0100 onwards.
    static let characters: [String] = order.indices.map { place in
        let printableCount = 188
        let value = place < printableCount ? UInt32(order[place]) : UInt32(256 + place - printableCount)
        return Unicode.Scalar(value).map(String.init) ?? ""
    }

    /// The place of each byte in the vocabulary.
    static let places: [Int32] = {
        var places = [Int32](repeating: 0, count: 256)
        for (place, byte) in order.enumerated() { places[Int(byte)] = Int32(place) }
        return places
    }()

    private static let scalars = Set(characters.flatMap(\.unicodeScalars))

    /// Whether `token` is written in this alphabet.
    static func spells(_ token: Substring) -> Bool { token.unicodeScalars.allSatisfy(scalars.contains) }
}
