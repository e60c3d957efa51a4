public import Adapter
public import Core
internal import FeatureStore
internal import Kernels

extension SavedRun {
    /// Predicts the `top` most probable of the adapter's classes for each item of a subset, with the item's label.
    ///
    /// - Throws: `noInput` if the folder does not have the subset, `badData` for features of another width.
    public func predictions(on features: String, part: Subset, top: Int) throws(Fault) -> [Prediction] {
        let folder = try FeatureFolder(path: features)
        let opened = try OpenedPart(folder.open(.init(part)), part)
        return try adapter.predictions(of: opened, classes: folder.classes, top: top)
    }

    /// Predicts the `top` most probable of the classes that ``evaluate(on:classes:part:)`` chooses among.
    ///
    /// - Throws: what the evaluation throws.
    public func evaluatedItems(
        on features: String, classes filter: ClassFilter = .all, part: Subset, top: Int
    ) throws(Fault) -> [Prediction] {
        let target = try OpenedFolder(features, classes: filter)
        let fitted = FittedAdapter(try fitted(to: target).0, classes: target.classes, method: adapter.method)
        let opened = try target.require(part, remedy: "name a subset that the folder has")
        return try fitted.predictions(of: opened, classes: target.classes, top: top)
    }
}

extension FittedAdapter {
    /// The `top` most probable classes of each item of `part`, whose labels index `classes`.
    func predictions(of part: OpenedPart, classes: [String], top: Int) throws(Fault) -> [Prediction] {
        let ids = try part.ids()
        let labels = try part.labels()
        var all: [Prediction] = []
        for start in stride(from: 0, to: ids.count, by: 4096) {
            let rows = start ..< min(ids.count, start + 4096)
            let block = try part.read(rows: Array(rows), view: 0)
            let found = try predictions(of: block, items: Array(ids[rows]), top: top)
            for (row, prediction) in zip(rows, found) { all.append(prediction.labeled(classes[labels[row]])) }
            part.release(rows)
        }
        return all
    }
}

extension Prediction {
    /// The prediction of an item whose class is called `label`, in any spelling that data sets share.
    public func labeled(_ label: String) -> Prediction {
        var labeled = self
        labeled.label = label
        labeled.right = classes.first.map { SavedRun.plain($0.name) == SavedRun.plain(label) }
        return labeled
    }
}
