/// Reads numbers such as `1-3` or `1,5`, at most about a hundred thousand.
///
/// - Throws: `usage` naming `option`.
public func parseNumbers<Number: FixedWidthInteger>(_ text: String, of option: OptionName) throws(Fault) -> [Number] {
    var numbers: [Number] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
        let ends = word.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { Number($0) }
        // A file of settings has room for a hundred thousand words, each of which may stand for thousands of numbers.
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last, last - first < 10000,
            numbers.count < 100_000
        else {
            throw Fault(.usage, option: option, found: "'\(text)'", expected: "numbers as 1-3 or 1,5")
        }
        numbers += first ... last
    }
    return numbers
}
