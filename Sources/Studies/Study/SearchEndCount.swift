public import Adapter
internal import Core

/// The runs of a method whose search chose a value at the end of its range.
public struct SearchEndCount: Sendable, Equatable {
    /// The name of the method.
    public let method: String
    /// The setting and the end of its range.
    public let end: SearchEnd
    /// The number of runs that chose it.
    public fileprivate(set) var count: Int
    /// The number of all runs of the method.
    public fileprivate(set) var runs: Int

    /// A sentence such as `tip-adapter: beta at the end of its range (7) in 11 of 15 runs; widen it with search_scale`.
    public var sentence: String {
        let remedy = end.remedy(method)
        return "\(method): \(end.phrase) in \(count) of \(runs) runs" + (remedy.isEmpty ? "" : "; \(remedy)")
    }
}

extension StudyOutcome {
    /// A sentence per method on the ends that at least a fifth of its runs chose, in the order of the results.
    public var searchEndNotes: [String] {
        let frequent = searchEnds.filter { 5 * $0.count >= $0.runs }.sorted { $0.count * $1.runs > $1.count * $0.runs }
        var methods: [String] = []
        for end in frequent where !methods.contains(end.method) { methods.append(end.method) }
        return methods.map { method in
            frequent.filter { $0.method == method }.map(\.sentence).joined(separator: "; ")
        }
    }

    /// Counts the `ends` of a finished run of `method`, whose result is among the lines.
    mutating func countSearchEnds(_ ends: [SearchEnd], of method: String) {
        for end in ends {
            if let index = searchEnds.firstIndex(where: { $0.method == method && $0.end == end }) {
                searchEnds[index].count += 1
            } else {
                searchEnds.append(SearchEndCount(method: method, end: end, count: 1, runs: 0))
            }
        }
        let runs = lines.count { $0.method == method && $0.evaluation == nil }
        for index in searchEnds.indices where searchEnds[index].method == method { searchEnds[index].runs = runs }
    }
}
