internal import Core

/// The rules of byte pair encoding in order: which two symbols become one.
struct Merges: Sendable {
    struct Pair: Hashable, Sendable {
        let first: String
        let second: String
    }

    let pairs: [Pair]
    /// Whether an empty line follows the last pair, which open_clip counts as a token that no text has.
    let endsInEmptyLine: Bool

    /// OpenAI's vocabulary has this many; its file goes on.
    static let greatestCount = 49152 - 256 - 2
    /// No line of a sound file is a tenth of this.
    private static let longestLine = 1024

    /// Reads `#version` and then a pair a line, as many as OpenAI's vocabulary has at most.
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
                    file, found: "\(end - start) bytes in line \(line)", expected: "two symbols a line",
                    remedy: Self.remedy)
            }
            var bytes: [UInt8] = []
            for index in start ..< end { bytes.append(text[index]) }
            guard let content = String(validating: bytes, as: UTF8.self) else {
                throw .badData(
                    file, found: "no UTF-8 in line \(line)", expected: "two symbols a line", remedy: Self.remedy)
            }
            if line == 1 {
                guard content.contains("#version") else {
                    throw .badData(
                        file, found: "'\(content.prefix(40))' as the first line",
                        expected: "'#version: 0.2', which is skipped",
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
            throw .badData(file, found: "no pairs", expected: "the pairs that a vocabulary merges", remedy: Self.remedy)
        }
        self.pairs = pairs
        self.endsInEmptyLine = endsInEmptyLine
    }

    /// The pair that `text` names, two symbols with white space between.
    static func pair(_ text: String, file: String, line: Int) throws(Fault) -> Pair {
        let symbols = text.split { $0 == " " || $0 == "\t" || $0 == "\r" || $0 == "\r\n" }
        guard symbols.count == 2, symbols.allSatisfy(ByteAlphabet.spells) else {
            throw .badData(
                file, found: "'\(text.prefix(40))' as pair \(line - 1)", expected: "two symbols of bytes",
                remedy: remedy)
        }
        return Pair(first: String(symbols[0]), second: String(symbols[1]))
    }

    private static let remedy: Remedy = "copy the file again from where the model comes from"
}
