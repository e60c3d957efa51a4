public import Core
public import Splits

/// A split of `counts` items for each class (train, val, test), with names that need care.
public func sampleSplit(
    classes: [String] = ["Annual Crop", "sea \"or\" lake", "Übungsplatz 🏔️"], counts: (Int, Int, Int) = (20, 6, 4)
) throws(Fault) -> Split {
    func items(_ part: String, _ count: Int) -> ItemList {
        // Classes come in reverse, as nothing says that a split's items come in the order of labels.
        ItemList(
            (0 ..< count).flatMap { place in
                classes.indices.reversed().map {
                    Item(path: "\(classes[$0])/\(part) \(place)\t'é'.jpg", label: $0)
                }
            })
    }
    return try Split(
        dataset: "mine", root: ".", classes: classes, train: items("train", counts.0), val: items("val", counts.1),
        test: items("test", counts.2), provenance: Provenance(tool: "test", inputs: [], settings: ["a": "b"]),
        path: "sample")
}
