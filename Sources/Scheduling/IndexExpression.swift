/// A set of task indices in the notation of schedulers: `0-3,7,9-12`.
public struct IndexExpression: Sendable, Equatable, CustomStringConvertible {
    /// The indices in ascending order, without duplicates.
    public let indices: [Int]

    /// Creates a set of indices.
    public init(_ indices: some Sequence<Int>) { self.indices = Set(indices).sorted() }

    /// Parses the notation of ``description``; nil if `text` is invalid or has more than a million indices.
    public init?(_ text: String) {
        var all: Set<Int> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0,
                first <= last, last - first < 1_000_000, all.count + last - first < 1_000_000
            else { return nil }
            all.formUnion(first ... last)
        }
        indices = all.sorted()
    }

    /// The indices, with runs written as ranges; empty for an empty set.
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
