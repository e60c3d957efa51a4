internal import Adapter
internal import Studies

/// The order of data sets in the published tables.
enum BenchmarkOrder {
    /// The position of a data set; a data set of no such table comes after all others.
    static func position(of dataset: String) -> Int { column(of: dataset) ?? Benchmark.all.count }

    /// The column of `dataset` in the published tables; nil if there is none.
    ///
    /// A data set without a recorded name has the name of its feature folder, often the backbone's after a hyphen.
    static func column(of dataset: String) -> Int? {
        let bare = letters(dataset)
        let stem = letters(dataset.prefix { $0 != "-" })
        return Benchmark.all.firstIndex { letters($0.name) == bare }
            ?? Benchmark.all.firstIndex { letters($0.name) == stem && Backbone(model: dataset) != nil }
    }

    private static func letters(_ name: some StringProtocol) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

/// The order of methods, which also determines their style, so that a method looks the same in every report.
enum MethodOrder {
    private static let names = methods.map { $0.name }

    /// Returns the position of a method; unknown ones come last.
    static func position(of method: String) -> Int { names.firstIndex(of: method) ?? names.count }

    /// Returns `methods` in order without duplicates.
    static func sorted(_ methods: [String]) -> [String] {
        methods.unique.sorted { (position(of: $0), $0) < (position(of: $1), $1) }
    }

    /// Returns the source of a method's implementation; nil for an unknown method.
    static func origin(of method: String) -> MethodOrigin? { methods.first { $0.name == method }?.origin }

    /// Returns the name of a method, with a remark if it does not follow published code.
    static func title(of method: String) -> String {
        origin(of: method)?.remark.map { "\(method) (\($0))" } ?? method
    }

    /// Returns a unique number for each of `methods`; known methods have fixed numbers.
    static func numbers(_ methods: [String]) -> [String: Int] {
        let all = names + methods.unique.filter { !names.contains($0) }
        return Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, $0) }).filter { methods.contains($0.key) }
    }
}

extension SelectionProtocol {
    /// The position in reports, with `val` first.
    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

}

extension Sequence<ResultLine> {
    /// The protocol of the results in captions, and the methods that chose on test unless all did.
    var protocolCaption: String {
        let lines = Array(self)
        guard let selection = lines.first?.protocol else { return "" }
        let onTest = MethodOrder.sorted(lines.filter { $0.note != nil }.map(\.method))
        let all = lines.map(\.method).unique
        let names = onTest.count == all.count ? "" : ": \(onTest.joined(separator: ", "))"
        return "protocol \(selection.rawValue)" + (onTest.isEmpty ? "" : ", selected on test\(names)")
    }
}

extension ResultLine {
    /// The protocol of the result in captions.
    var protocolCaption: String { [self].protocolCaption }
}

extension Shots {
    /// The position in reports, with `all` last.
    var order: Int { number ?? .max }

    /// The heading of a column, such as `4 shots`.
    var head: String { number.map { counted($0, "shot") } ?? "all items" }
}
