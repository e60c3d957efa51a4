/// Reads numbers as `1-3` or `1,5`.
///
/// - Throws: `usage` naming `option`.
public func parseNumbers<Number: FixedWidthInteger>(_ text: String, of option: String) throws(Fault) -> [Number] {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { word -> [Number]? in
        let ends = word.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Number($0) }
        switch ends.count {
        case 1: return ends[0].map { [$0] }
        case 2:
            guard let first = ends[0], let last = ends[1], first <= last, last - first < 10000 else { return nil }
            return Array(first ... last)
        default: return nil
        }
    }
    guard !numbers.contains(where: { $0 == nil }) else {
        throw Fault(.usage, option, found: "'\(text)'", expected: "numbers as 1-3 or 1,5", remedy: "correct it")
    }
    return numbers.flatMap { $0 ?? [] }
}
