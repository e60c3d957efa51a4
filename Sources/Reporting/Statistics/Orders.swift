internal import Adapter
internal import Studies

/// The order of data sets in published tables, CoOp's.
enum BenchmarkOrder {
    /// Our names, and how tables head their columns.
    static let benchmarks = [
        ("imagenet", "ImageNet"), ("caltech101", "Caltech101"), ("dtd", "DTD"), ("eurosat", "EuroSAT"),
        ("fgvc_aircraft", "FGVC"), ("oxford_flowers", "Flowers"), ("food101", "Food"), ("oxford_pets", "Pets"),
        ("stanford_cars", "Cars"), ("sun397", "SUN"), ("ucf101", "UCF"),
    ]

    /// The place of a data set; those that are in no such table come after them all.
    static func position(of dataset: String) -> Int { column(of: dataset) ?? benchmarks.count }

    /// The column of a published table that is about `dataset`; nil where there is none.
    ///
    /// A data set without a recorded name is called as its feature folder, often with the backbone behind a hyphen.
    static func column(of dataset: String) -> Int? {
        let bare = letters(dataset)
        let stem = letters(dataset.prefix { $0 != "-" })
        return benchmarks.firstIndex { letters($0.0) == bare }
            ?? benchmarks.firstIndex { letters($0.0) == stem && Backbone(model: dataset) != nil }
    }

    private static func letters(_ name: some StringProtocol) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

/// The order of methods, which also decides how each is drawn: a method looks the same in every report.
enum MethodOrder {
    private static let names = methods.map { $0.name }

    /// The place of a method; one that is not known comes after them all.
    static func position(of method: String) -> Int { names.firstIndex(of: method) ?? names.count }

    /// A number of its own for each of `methods`, those that are known keeping theirs.
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
    /// `val` first.
    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The protocol's name as every caption has it.
    var caption: String { "protocol \(rawValue)" + (self == .paper ? ", selected on test" : "") }
}

extension Shots {
    /// The whole part comes after every count.
    var order: Int {
        switch self {
        case .count(let count): count
        case .all: .max
        }
    }

    /// `4 shots`, for a column of its own.
    var head: String {
        switch self {
        case .count(let count): counted(count, "shot")
        case .all: "all items"
        }
    }
}
