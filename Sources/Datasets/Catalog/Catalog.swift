public import Core

/// The published data sets with built-in support.
public enum Catalog {
    /// All entries: the eleven benchmarks in CoOp's order, then ImageNet's shifts.
    public static let entries: [DatasetEntry] = [
        .imagenet, .caltech101, .oxfordPets, .stanfordCars, .oxfordFlowers, .food101, .fgvcAircraft, .sun397, .dtd,
        .eurosat, .ucf101, .imagenetV2, .imagenetSketch, .imagenetA, .imagenetR,
    ]

    /// The names of the data sets on which the cross-data-set protocol tests a classifier trained on ImageNet.
    public static let crossDatasetTargets = [
        "caltech101", "oxford_pets", "stanford_cars", "oxford_flowers", "food101", "fgvc_aircraft", "sun397", "dtd",
        "eurosat", "ucf101",
    ]

    /// The names of the data sets on which the domain-shift protocol tests a classifier trained on ImageNet.
    public static let shiftTargets = ["imagenetv2", "imagenet_sketch", "imagenet_a", "imagenet_r"]

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
                remedy: "see 'fewshot-split list', or import your own with 'fewshot-split import'")
        }
        return entry
    }
}
