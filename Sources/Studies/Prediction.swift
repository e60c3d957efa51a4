public import Adapter
public import Core
internal import FeatureStore

extension SavedRun {
    /// The `top` most probable classes of each item of a part of a feature folder.
    public func predictions(on features: String, part: Subset, top: Int) throws(Fault) -> [Prediction] {
        let file = try FeatureFolder(path: features).open(.init(part))
        let ids = try file.ids()
        let opened = try OpenedPart(file, part)
        var predictions: [Prediction] = []
        for start in stride(from: 0, to: opened.count, by: 4096) {
            let rows = start ..< min(opened.count, start + 4096)
            let block = try opened.read(rows: Array(rows), view: 0)
            predictions += try adapter.predictions(of: block, items: Array(ids[rows]), top: top)
        }
        return predictions
    }

    /// Makes sure that images encoded by the weights with this digest are what the adapter was trained on.
    ///
    /// - Returns: what cannot be known, as a sentence; nil where all is well.
    /// - Throws: `badData` where the weights are others.
    public func requireEncoder(_ weights: Digest, precision: String, model: String) throws(Fault) -> String? {
        guard let encoder = try encoder() else {
            return
                "the features of \(path) do not say which weights made them: make sure that it were those of \(model)"
        }
        guard encoder.weights == weights else {
            throw .badData(
                model, found: "weights \(weights)", expected: "\(encoder.weights), which made the features of \(path)",
                remedy: "encode with the model that the adapter was trained with")
        }
        guard encoder.precision == precision else {
            return "the features of \(path) were encoded in \(encoder.precision), these images are in \(precision)"
        }
        return nil
    }

    /// What the features that the run was trained on say of how they were made, such as `precision` or `passes`.
    public func recorded(_ setting: String) throws(Fault) -> String? { try features()?.settings[setting] }

    /// Which weights made the features that the run was trained on, where they say so.
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
