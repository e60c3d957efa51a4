public import Core

/// The published data sets that the tools know.
public enum Catalog {
    /// All of them: the eleven benchmarks in CoOp's order, then ImageNet's shifts.
    public static let entries: [DatasetEntry] = [
        .imagenet, .caltech101, .oxfordPets, .stanfordCars, .oxfordFlowers, .food101, .fgvcAircraft, .sun397, .dtd,
        .eurosat, .ucf101, .imagenetV2, .imagenetSketch, .imagenetA, .imagenetR,
    ]

    /// What a classifier trained on ImageNet is tested on in the cross-data-set protocol, by name.
    public static let crossDatasetTargets = [
        "caltech101", "oxford_pets", "stanford_cars", "oxford_flowers", "food101", "fgvc_aircraft", "sun397", "dtd",
        "eurosat", "ucf101",
    ]

    /// What a classifier trained on ImageNet is tested on in the domain-shift protocol, by name.
    public static let shiftTargets = ["imagenetv2", "imagenet_sketch", "imagenet_a", "imagenet_r"]

    /// The entry called `name`; nil if there is none.
    public static func entry(named name: String) -> DatasetEntry? { entries.first { $0.name == name } }

    /// The entry whose published split is called `file`, as `split_zhou_Caltech101.json`.
    package static func entry(splitFile file: String) -> DatasetEntry? { entries.first { $0.splitFile == file } }

    /// The entry called `name`.
    ///
    /// - Throws: `configuration` with the names that there are.
    public static func require(_ name: String) throws(Fault) -> DatasetEntry {
        guard let entry = entry(named: name) else {
            throw .configuration(
                "data set", found: "'\(name)'", expected: "one of \(entries.map(\.name).joined(separator: ", "))",
                remedy: "see 'fewshot-split list', or import your own with 'fewshot-split import'")
        }
        return entry
    }
}
