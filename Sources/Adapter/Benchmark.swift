internal import Core
internal import FoundationEssentials

/// A data set of the tables in the papers.
package struct Benchmark: Sendable {
    /// The name in the catalogue.
    package let name: String
    /// The beginnings of its other names, in lower-case letters and digits.
    private let spellings: [String]

    private init(_ name: String, _ spellings: String...) {
        self.name = name
        self.spellings = spellings
    }

    /// The eleven benchmarks, in the order of the published tables.
    package static let all = [
        Benchmark("imagenet", "imagenet"), Benchmark("caltech101", "caltech"),
        Benchmark("dtd", "dtd", "describabletextures"), Benchmark("eurosat", "eurosat"),
        Benchmark("fgvc_aircraft", "fgvc", "aircraft"), Benchmark("oxford_flowers", "oxfordflowers", "flowers"),
        Benchmark("food101", "food101"), Benchmark("oxford_pets", "oxfordpets", "oxfordiiitpet", "pets"),
        Benchmark("stanford_cars", "stanfordcars", "cars"), Benchmark("sun397", "sun397"),
        Benchmark("ucf101", "ucf101"),
    ]

    /// Whether `letters`, the letters and digits of a data set's name, spell this one.
    private func isSpelled(_ letters: String) -> Bool {
        guard let spelling = spellings.first(where: { letters.hasPrefix($0) }) else { return false }
        // A shift of ImageNet is another data set, which is only tested on.
        let rest = letters.dropFirst(spelling.count)
        return name != "imagenet" || !["v2", "a", "r", "sketch"].contains { rest.hasPrefix($0) }
    }

    /// Returns the catalogue's name of a data set: `oxford_pets` for `OxfordPets`, `stanford_cars` for `cars-rn50`,
    /// `my_set` for `My set`.
    static func catalogName(of dataset: String) -> String {
        let lower = dataset.lowercased()
        let letters = lower.filter { $0.isLetter || $0.isNumber }
        return all.first { $0.isSpelled(letters) }?.name
            ?? String(lower.map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}

/// A table of published settings: the values of the settings `names` for each data set.
private struct PublishedTable: Decodable, Sendable {
    let names: [String]
    let rows: [String: [SettingValue]]
}

/// The tables of `published-settings.json`, by method.
private let publishedTables: [String: PublishedTable] = {
    let bytes = Data(PackageResources.published_settings_json)
    guard let tables = try? JSONDecoder().decode([String: PublishedTable].self, from: bytes),
        tables.values.allSatisfy({ table in table.rows.values.allSatisfy { $0.count == table.names.count } })
    else { preconditionFailure("published-settings.json is no table of settings") }
    return tables
}()

/// Returns the published settings of a method for a data set, however it is spelled; empty if none were published.
func publishedSettings(of method: String, for dataset: String) -> [String: SettingValue] {
    guard let table = publishedTables[method], let row = table.rows[Benchmark.catalogName(of: dataset)] else {
        return [:]
    }
    return Dictionary(uniqueKeysWithValues: zip(table.names, row))
}
