public import Core
public import Splits

/// A split of `counts` items per class (train, val, test), with special characters in names.
public func sampleSplit(
    classes: [String] = ["Annual Crop", "sea \"or\" lake", "Übungsplatz 🏔️"], counts: (Int, Int, Int) = (20, 6, 4)
) throws(Fault) -> Split {
    func items(_ subset: String, _ count: Int) -> ItemList {
        // Classes are in reverse order, because the items of a split need not be in label order.
        ItemList(
            (0 ..< count).flatMap { place in
                classes.indices.reversed().map {
                    Item(path: "\(classes[$0])/\(subset) \(place)\t'é'.jpg", label: $0)
                }
            })
    }
    return try Split(
        dataset: "mine", root: ".", classes: classes,
        items: [.train: items("train", counts.0), .val: items("val", counts.1), .test: items("test", counts.2)],
        provenance: Provenance(tool: "test", inputs: [], settings: ["a": "b"]), path: "sample")
}
