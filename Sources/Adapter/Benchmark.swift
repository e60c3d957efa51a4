/// The data sets that published settings are for.
public enum Benchmark: String, Sendable, CaseIterable {
    case imagenet, caltech101, dtd, eurosat, fgvc, flowers102, food101, pets, cars, sun397, ucf101

    /// Recognises what people call a data set: `OxfordPets`, `caltech-101`, `stanford_cars-rn50`; nil for any other.
    public init?(_ dataset: String) {
        let letters = dataset.lowercased().filter { $0.isLetter || $0.isNumber }
        guard let found = Self.names.first(where: { letters.hasPrefix($0.name) }) else { return nil }
        // A shift of ImageNet is no benchmark to train on.
        let rest = letters.dropFirst(found.name.count)
        guard found.benchmark != .imagenet || !["v2", "a", "r", "sketch"].contains(where: { rest.hasPrefix($0) }) else {
            return nil
        }
        self = found.benchmark
    }

    private static let names: [(name: String, benchmark: Benchmark)] = [
        ("imagenet", .imagenet), ("caltech", .caltech101), ("dtd", .dtd), ("describabletextures", .dtd),
        ("eurosat", .eurosat), ("fgvc", .fgvc), ("aircraft", .fgvc), ("oxfordflowers", .flowers102),
        ("flowers", .flowers102), ("food101", .food101), ("oxfordpets", .pets), ("oxfordiiitpet", .pets),
        ("pets", .pets), ("stanfordcars", .cars), ("cars", .cars), ("sun397", .sun397), ("ucf101", .ucf101),
    ]
}
