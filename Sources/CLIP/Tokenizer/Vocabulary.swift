internal import Core

/// Tokens with their ids, and the merges of symbols into tokens.
struct Vocabulary: Sendable {
    /// The token id of each symbol: 256 bytes, 256 bytes that end a word, then the results of merges.
    let ids: [Int32]
    /// The rank of each pair among the merges, keyed by both symbols.
    private let ranks: [UInt64: Int32]
    /// The resulting symbol of each merge.
    let made: [Int32]
    let startToken: Int32
    let endToken: Int32
    let size: Int
    let digest: Digest

    /// The rank of a pair that is never merged.
    static let unmerged = Int32.max

    /// The rank of a pair; the lowest is merged first.
    func rank(_ first: Int32, _ second: Int32) -> Int32 {
        ranks[UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))] ?? Self.unmerged
    }

    /// Builds OpenAI's vocabulary from `merges`: bytes, bytes that end a word, results of merges, start and end.
    init(merges: Merges, countsEmptyLine: Bool) {
        var tokens = Self.bases + merges.pairs.map { $0.first + $0.second }
        if countsEmptyLine { tokens.append("") }
        tokens += [Self.startNames[0], Self.endNames[0]]
        // The last of equal tokens determines the id, as in OpenAI's code.
        let numbers = Dictionary(zip(tokens, Int32(0)...)) { _, last in last }
        let table = Symbols(merges)
        self.init(
            table, ids: table.names.map { numbers[$0] ?? 0 }, tokens: tokens, start: tokens.count - 2,
            end: tokens.count - 1)
    }

    /// Builds the vocabulary of a file that lists token ids.
    init(merges: Merges, ids: [String: Int], file: String) throws(Fault) {
        var tokens = [String?](repeating: nil, count: ids.count)
        for (token, id) in ids {
            guard tokens.indices.contains(id), tokens[id] == nil else {
                throw .badData(
                    file, found: "\(id) as the id of '\(token.prefix(40))'",
                    expected: "each id from 0 to \(ids.count - 1) once", remedy: Self.remedy)
            }
            tokens[id] = token
        }
        func id(_ names: [String], _ kind: String) throws(Fault) -> Int {
            for name in names { if let id = ids[name] { return id } }
            throw .badData(file, found: "no \(kind)", expected: "'\(names[1])'", remedy: Self.remedy)
        }
        let start = try id(Self.startNames, "start token")
        let end = try id(Self.endNames, "end token")
        let table = Symbols(merges)
        var numbers: [Int32] = []
        for name in table.names {
            guard let id = ids[name], let number = Int32(exactly: id) else {
                throw .badData(
                    file, found: "no '\(name.prefix(40))'", expected: "every byte and the result of every merge",
                    remedy: Self.remedy)
            }
            numbers.append(number)
        }
        var named = tokens.map { $0 ?? "" }
        named[start] = Self.startNames[0]
        named[end] = Self.endNames[0]
        self.init(table, ids: numbers, tokens: named, start: start, end: end)
    }

    private init(_ table: Symbols, ids: [Int32], tokens: [String], start: Int, end: Int) {
        self.ids = ids
        ranks = table.ranks
        made = table.made
        startToken = Int32(start)
        endToken = Int32(end)
        size = tokens.count
        let pairs = table.pairs.map { "\($0.first) \($0.second)" }
        digest = Digest(of: (["byte pairs", "\(start) \(end)"] + tokens + pairs).joined(separator: "\n"))
    }

    private static let bases = ByteAlphabet.characters + ByteAlphabet.characters.map { $0 + ByteAlphabet.wordEnd }
    private static let startNames = ["<start_of_text>", "<|startoftext|>"]
    private static let endNames = ["<end_of_text>", "<|endoftext|>"]
    private static let remedy: Remedy = "copy the files again from where the model comes from"

    /// Symbols by name: merges with the same characters as their result have the same symbol.
    private struct Symbols {
        private(set) var names: [String] = Vocabulary.bases
        private(set) var ranks: [UInt64: Int32] = [:]
        private(set) var made: [Int32] = []
        let pairs: [Merges.Pair]

        init(_ merges: Merges) {
            pairs = merges.pairs
            var numbers = Dictionary(zip(names, Int32(0)...)) { first, _ in first }
            numbers.reserveCapacity(names.count + pairs.count)
            ranks.reserveCapacity(pairs.count)
            made.reserveCapacity(pairs.count)
            var made: [String] = []
            for pair in pairs { made.append(pair.first + pair.second) }
            for name in made where numbers[name] == nil {
                numbers[name] = Int32(names.count)
                names.append(name)
            }
            for (rank, pair) in pairs.enumerated() {
                self.made.append(numbers[made[rank]] ?? 0)
                // A symbol that is neither a byte nor a merge's result occurs in no text.
                guard let first = numbers[pair.first], let second = numbers[pair.second] else { continue }
                ranks[UInt64(first) << 32 | UInt64(second)] = Int32(rank)
            }
        }
    }
}
