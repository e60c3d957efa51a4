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

    /// Returns a unique number for each of `methods`; known methods have fixed numbers.
    static func numbers(_ methods: [String]) -> [String: Int] {
        var numbers: [String: Int] = [:]
        var next = names.count
        for method in methods where numbers[method] == nil {
            if let known = names.firstIndex(of: method) {
                numbers[method] = known
            } else {
                numbers[method] = next
                next += 1
            }
        }
        return numbers
    }
}

extension SelectionProtocol {
    /// The position in reports, with `val` first.
    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The name of the protocol in captions.
    var caption: String { "protocol \(rawValue)" + (self == .paper ? ", selected on test" : "") }
}

extension Shots {
    /// The position in reports, with `all` last.
    var order: Int {
        switch self {
        case .count(let count): count
        case .all: .max
        }
    }

    /// The heading of a column, such as `4 shots`.
    var head: String {
        switch self {
        case .count(let count): counted(count, "shot")
        case .all: "all items"
        }
    }
}
