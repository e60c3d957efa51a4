internal import Adapter
public import Core
internal import FeatureStore
public import Kernels

/// The classes that an adapter predicts for one item.
public struct Prediction: Codable, Sendable, Equatable {
    /// The image's path, or the item's id in its feature file.
    public var item: String
    /// The most probable classes in descending order.
    public var classes: [ClassProbability]

    /// A class and its probability among all classes, from 0 to 1.
    public struct ClassProbability: Codable, Sendable, Equatable {
        public var name: String
        public var probability: Float
    }
}

extension SavedRun {
    /// The `top` most probable classes of items with raw features [N×D].
    ///
    /// - Throws: `badData` for features of another width.
    public func predictions(of features: Matrix, items: [String], top: Int) throws(Fault) -> [Prediction] {
        precondition(features.rows == items.count)
        guard features.columns == classifier.width else {
            throw .badData(
                path, found: "features of width \(features.columns)", expected: "\(classifier.width) as the adapter",
                remedy: "encode with the model that the adapter was trained with")
        }
        var logits = classifier.logits(classifier.readsRaw ? features : normalizeRows(features).unit)
        softmaxRows(&logits)
        return items.enumerated().map { index, item in
            let row = logits.row(index)
            // Equal probabilities keep the order of the classes.
            let order = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }
            let chosen = order.prefix(top).map { Prediction.ClassProbability(name: classes[$0], probability: row[$0]) }
            return Prediction(item: item, classes: chosen)
        }
    }

    /// The `top` most probable classes of the items of a subset of a feature folder.
    public func predictions(on features: String, part: Part, top: Int) throws(Fault) -> [Prediction] {
        let file = try FeatureFolder(path: features).open(part)
        let ids = try file.ids()
        let opened = try OpenedPart(file)
        var predictions: [Prediction] = []
        var block = Matrix.zeros(0, opened.width)
        for start in stride(from: 0, to: opened.count, by: 4096) {
            let rows = start ..< min(opened.count, start + 4096)
            try opened.read(rows: Array(rows), view: 0, into: &block)
            predictions += try self.predictions(of: block, items: Array(ids[rows]), top: top)
        }
        return predictions
    }

    /// Checks that the weights with this digest encoded the features that the adapter was trained on.
    ///
    /// - Returns: a warning as a sentence if that is unknown or the precision differs; otherwise nil.
    /// - Throws: `badData` if other weights encoded them.
    public func requireEncoder(_ weights: Digest, precision: String, model: String) throws(Fault) -> String? {
        guard let encoder = try encoder() else {
            return
                "the features of \(path) do not record their encoder: make sure that it was \(model)"
        }
        guard encoder.weights == weights else {
            throw .badData(
                model, found: "weights \(weights)",
                expected: "\(encoder.weights), which encoded the features of \(path)",
                remedy: "encode with the model that the adapter was trained with")
        }
        guard encoder.precision == precision else {
            return "the features of \(path) were encoded in \(encoder.precision), these images are in \(precision)"
        }
        return nil
    }

    /// A setting by which the training features were made, such as `precision` or `passes`; nil if it is not recorded.
    public func recorded(_ setting: String) throws(Fault) -> String? { try features()?.settings[setting] }

    /// The weights and the precision that encoded the training features; nil if they are not recorded.
    private func encoder() throws(Fault) -> (weights: Digest, precision: String)? {
        guard let features = try features(),
            let weights = features.inputs.first(where: { $0.role == "weights" })?.digest
        else { return nil }
        return (weights, features.settings["precision"] ?? "f32")
    }

    private func features() throws(Fault) -> Provenance? {
        let folder = FileKind(at: path) == .folder ? path : parentFolder(of: path)
        return try RunFolder(folder).record()?.features
    }
}
