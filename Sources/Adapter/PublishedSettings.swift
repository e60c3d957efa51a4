/// The published settings of a method, by data set.
public struct PublishedSettings: Sendable {
    private let names: [String]
    private let rows: [String: [SettingValue]]

    /// A table with one row per data set, under its name in the catalogue, and the values of the settings `names`.
    init(_ names: [String] = [], _ rows: [String: [SettingValue]] = [:]) {
        precondition(rows.values.allSatisfy { $0.count == names.count }, "a row of another length than \(names)")
        self.names = names
        self.rows = rows
    }

    /// The settings for `dataset`, however it is spelled; nil if none were published.
    public subscript(dataset: String) -> [String: SettingValue]? {
        rows[catalogName(of: dataset)].map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
    }
}

/// A data set of the tables in the papers.
public struct Benchmark: Sendable {
    /// The name in the catalogue.
    public let name: String
    /// The beginnings of its other names, in lower-case letters and digits.
    let spellings: [String]

    private init(_ name: String, _ spellings: String...) {
        self.name = name
        self.spellings = spellings
    }

    /// The eleven benchmarks, in the order of the published tables.
    public static let all = [
        Benchmark("imagenet", "imagenet"), Benchmark("caltech101", "caltech"),
        Benchmark("dtd", "dtd", "describabletextures"), Benchmark("eurosat", "eurosat"),
        Benchmark("fgvc_aircraft", "fgvc", "aircraft"), Benchmark("oxford_flowers", "oxfordflowers", "flowers"),
        Benchmark("food101", "food101"), Benchmark("oxford_pets", "oxfordpets", "oxfordiiitpet", "pets"),
        Benchmark("stanford_cars", "stanfordcars", "cars"), Benchmark("sun397", "sun397"),
        Benchmark("ucf101", "ucf101"),
    ]
}

/// Returns the catalogue's name of a data set: `oxford_pets` for `OxfordPets`, `stanford_cars` for `cars-rn50`, `my_set` for `My set`.
func catalogName(of dataset: String) -> String {
    let lower = dataset.lowercased()
    let letters = lower.filter { $0.isLetter || $0.isNumber }
    for benchmark in Benchmark.all {
        guard let spelling = benchmark.spellings.first(where: { letters.hasPrefix($0) }) else { continue }
        // A shift of ImageNet is another data set, which is only tested on.
        let rest = letters.dropFirst(spelling.count)
        guard benchmark.name == "imagenet", ["v2", "a", "r", "sketch"].contains(where: { rest.hasPrefix($0) }) else {
            return benchmark.name
        }
    }
    return String(lower.map { $0.isLetter || $0.isNumber ? $0 : "_" })
}
