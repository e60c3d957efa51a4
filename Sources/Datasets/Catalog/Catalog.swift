public import Core

/// The published data sets with built-in support.
public enum Catalog {
    /// All entries: the eleven benchmarks in CoOp's order, then ImageNet's shifts.
    public static let entries: [DatasetEntry] = [
        .imagenet, .caltech101, .oxfordPets, .stanfordCars, .oxfordFlowers, .food101, .fgvcAircraft, .sun397, .dtd,
        .eurosat, .ucf101, .imagenetV2, .imagenetSketch, .imagenetA, .imagenetR,
    ]

    /// The names of the data sets on which the cross-data-set protocol tests a classifier trained on ImageNet.
    public static let crossDatasetTargets = entries[1 ..< 11].map(\.name)

    /// The names of the data sets on which the domain-shift protocol tests a classifier trained on ImageNet.
    public static let shiftTargets = entries.filter { $0.shiftOf == "imagenet" }.map(\.name)

    /// Returns the entry named `name`; nil if there is none.
    public static func entry(named name: String) -> DatasetEntry? { entries.first { $0.name == name } }

    /// Returns the entry whose published split file is `file`, such as `split_zhou_Caltech101.json`.
    package static func entry(splitFile file: String) -> DatasetEntry? { entries.first { $0.splitFile == file } }

    /// Returns the entry named `name`.
    ///
    /// - Throws: `configuration` with the known names if there is none.
    public static func require(_ name: String) throws(Fault) -> DatasetEntry {
        guard let entry = entry(named: name) else {
            throw .configuration(
                "data set", found: "'\(name)'", expected: "one of \(entries.map(\.name).joined(separator: ", "))",
                remedy: "\(action: .listDatasets), or \(action: .importSplit)")
        }
        return entry
    }
}
