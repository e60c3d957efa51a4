internal import Catalog
internal import Core
internal import Splits

/// FGVCAircraft: a list for each of the three official parts, used as they are.
///
/// Source: `FGVCAircraft.read_data`.
struct AircraftRule: RawRule {
    private static let variants = "variants.txt"

    var isRandom: Bool { false }

    private static func list(_ part: Subset) -> String { "images_variant_\(part.rawValue).txt" }

    func needs(_ entry: DatasetEntry) -> [String] { [Self.variants] + Subset.allCases.map(Self.list) }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        let classes = try data.lines(Self.variants).map(\.text)
        // A name that is there twice has its last place, as in CoOp's dictionary; the split's checks then refuse it.
        let labels = Dictionary(zip(classes, classes.indices), uniquingKeysWith: { $1 })
        var parts = RawParts(classes: classes)
        parts.train = try items(.train, labels, &data)
        parts.val = try items(.val, labels, &data)
        parts.test = try items(.test, labels, &data)
        return parts
    }

    private func items(
        _ part: Subset, _ labels: [String: Int], _ data: inout RawData
    ) throws(Fault) -> ItemList {
        var items = ItemList()
        for line in try data.lines(Self.list(part)) {
            let words = line.words
            guard let label = labels[words.dropFirst().joined(separator: " ")] else {
                throw data.wrong(Self.list(part), line, expected: "a picture's number and a line of \(Self.variants)")
            }
            items.append("\(words[0]).jpg", label: label)
        }
        return items
    }
}
