extension CleanedText {
    /// The start token as a text spells it.
    package static let start = Array("<start_of_text>".utf8)
    /// The end token as a text spells it.
    package static let end = Array("<end_of_text>".utf8)

    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map { Array($0.utf8) }

    /// Returns the first match of CLIP's pattern at or after `position`; nil if there is none.
    ///
    /// The pattern, which ignores case, is
    /// `<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`.
    package func word(from position: Int) -> Range<Int>? {
        var start = position
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

    /// The end of `literal` if it occurs at `start`; the long s counts as an s, since the pattern ignores case.
    private func match(_ literal: [UInt8], at start: Int) -> Int? {
        var position = start
        for byte in literal {
            guard position < bytes.count else { return nil }
            if bytes[position] == byte {
                position += 1
            } else if byte == UInt8(ascii: "s"), bytes[position...].starts(with: [0xC5, 0xBF]) {
                position += 2
            } else {
                return nil
            }
        }
        return position
    }
}
