internal import Catalog
internal import Core
internal import Splits

/// FGVCAircraft: one list per official subset, used unchanged.
///
/// Source: `FGVCAircraft.read_data`.
struct AircraftRule: RawRule {
    private static let variants = "variants.txt"

    var isRandom: Bool { false }

    private static func list(_ subset: Subset) -> String { "images_variant_\(subset.rawValue).txt" }

    func needs(_ entry: DatasetEntry) -> [String] { [Self.variants] + Subset.allCases.map(Self.list) }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let classes = try data.lines(Self.variants).map(\.text)
        // The last of several equal names counts, as in CoOp's dictionary; the split's validation then refuses it.
        let labels = Dictionary(zip(classes, classes.indices), uniquingKeysWith: { $1 })
        var split = RawSplit(classes: classes)
        split.train = try items(.train, labels, &data)
        split.val = try items(.val, labels, &data)
        split.test = try items(.test, labels, &data)
        return split
    }

    private func items(
        _ subset: Subset, _ labels: [String: Int], _ data: inout RawData
    ) throws(Fault) -> ItemList {
        var items = ItemList()
        for line in try data.lines(Self.list(subset)) {
            let words = line.words
            guard let label = labels[words.dropFirst().joined(separator: " ")] else {
                throw data.invalid(
                    Self.list(subset), line, expected: "an image number and a line of \(Self.variants)")
            }
            items.append("\(words[0]).jpg", label: label)
        }
        return items
    }
}
