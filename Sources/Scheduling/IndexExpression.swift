/// Numbers as schedulers take the tasks of an array: `0-3,7,9-12`.
public struct IndexExpression: Sendable, Equatable, CustomStringConvertible {
    /// Ascending, each once.
    public let indices: [Int]

    public init(_ indices: some Sequence<Int>) { self.indices = Set(indices).sorted() }

    /// Reads what ``description`` writes; nil for anything else, and for more than a million numbers.
    public init?(_ text: String) {
        var all: Set<Int> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0,
                first <= last,
                last - first < 1_000_000, all.count + last - first < 1_000_000
            else { return nil }
            all.formUnion(first ... last)
        }
        indices = all.sorted()
    }

    /// Runs of numbers joined; empty where there is none.
    public var description: String {
        var words: [String] = []
        var start = indices.startIndex
        while start < indices.endIndex {
            var end = start
            while end + 1 < indices.endIndex, indices[end + 1] == indices[end] + 1 { end += 1 }
            words.append(start == end ? "\(indices[start])" : "\(indices[start])-\(indices[end])")
            start = end + 1
        }
        return words.joined(separator: ",")
    }
}
