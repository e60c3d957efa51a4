extension CleanedText {
    /// What the two special tokens are written as in a text.
    static let start = Array("<start_of_text>".utf8)
    static let end = Array("<end_of_text>".utf8)

    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map { Array($0.utf8) }

    /// The first match of CLIP's pattern at or after `place`; nil if there is none.
    ///
    /// The pattern is `<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`, whatever the case.
    func word(from place: Int) -> Range<Int>? {
        var start = place
        while start < bytes.count, kinds[start] == .space || kinds[start] == .skipped { start += 1 }
        guard start < bytes.count else { return nil }
        if bytes[start] == UInt8(ascii: "<") {
            for special in [Self.start, Self.end] {
                if let end = match(special, at: start) { return start ..< end }
            }
        }
        if bytes[start] == UInt8(ascii: "'") {
            for contraction in Self.contractions {
                if let end = match(contraction, at: start) { return start ..< end }
            }
        }
        let kind = kinds[start]
        var end = start + 1
        if kind == .number {
            while end < bytes.count, UTF8.isContinuation(bytes[end]) { end += 1 }
        } else {
            while end < bytes.count, kinds[end] == kind { end += 1 }
        }
        return start ..< end
    }

    /// Where `literal` ends that starts at `start`; the long s counts as an s, since the pattern ignores case.
    private func match(_ literal: [UInt8], at start: Int) -> Int? {
        var place = start
        for byte in literal {
            guard place < bytes.count else { return nil }
            if bytes[place] == byte {
                place += 1
            } else if byte == UInt8(ascii: "s"), place + 1 < bytes.count, bytes[place] == 0xC5, bytes[place + 1] == 0xBF
            {
                place += 2
            } else {
                return nil
            }
        }
        return place
    }
}
