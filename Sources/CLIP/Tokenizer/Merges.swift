internal import Core

/// The merges of byte pair encoding: pairs of symbols that become one, by rank.
struct Merges: Sendable {
    struct Pair: Hashable, Sendable {
        let first: String
        let second: String
    }

    let pairs: [Pair]
    /// Whether an empty line follows the last pair; open_clip counts it as a token, which no text has.
    let endsInEmptyLine: Bool

    /// The number of merges in OpenAI's vocabulary, whose file has more.
    static let greatestCount = 49152 - 256 - 2
    /// The maximum length of a line in bytes, ten times that of any real one.
    private static let longestLine = 1024

    /// Reads the line `#version`, then one pair per line, at most as many as OpenAI's vocabulary has.
    init(text: borrowing Span<UInt8>, file: String) throws(Fault) {
        var pairs: [Pair] = []
        var endsInEmptyLine = false
        var start = 0
        var line = 1
        while start <= text.count, line <= Self.greatestCount + 1 {
            var end = start
            while end < text.count, text[end] != 0x0A { end += 1 }
            guard end - start <= Self.longestLine else {
                throw .badData(
                    file, found: "\(end - start) bytes in line \(line)", expected: "two symbols per line",
                    remedy: Self.remedy)
            }
            var bytes: [UInt8] = []
            for index in start ..< end { bytes.append(text[index]) }
            guard let content = String(validating: bytes, as: UTF8.self) else {
                throw .badData(
                    file, found: "invalid UTF-8 in line \(line)", expected: "two symbols per line", remedy: Self.remedy)
            }
            if line == 1 {
                guard content.contains("#version") else {
                    throw .badData(
                        file, found: "'\(content.prefix(40))' as the first line",
                        expected: "'#version: 0.2'",
                        remedy: "put that line above the first pair, or copy the file again")
                }
            } else if content.isEmpty, end == text.count {
                endsInEmptyLine = true
            } else {
                pairs.append(try Self.pair(content, file: file, line: line))
            }
            start = end + 1
            line += 1
        }
        try self.init(pairs: pairs, endsInEmptyLine: endsInEmptyLine, file: file)
    }

    init(pairs: [Pair], endsInEmptyLine: Bool = false, file: String) throws(Fault) {
        guard !pairs.isEmpty else {
            throw .badData(file, found: "no pairs", expected: "the merges of a vocabulary", remedy: Self.remedy)
        }
        self.pairs = pairs
        self.endsInEmptyLine = endsInEmptyLine
    }

    /// Parses a pair, two symbols separated by white space.
    static func pair(_ text: String, file: String, line: Int) throws(Fault) -> Pair {
        let symbols = text.split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        guard symbols.count == 2, symbols.allSatisfy(ByteAlphabet.spells) else {
            throw .badData(
                file, found: "'\(text.prefix(40))' as pair \(line - 1)", expected: "two symbols",
                remedy: remedy)
        }
        return Pair(first: String(symbols[0]), second: String(symbols[1]))
    }

    private static let remedy: Remedy = "copy the file again from where the model comes from"
}
