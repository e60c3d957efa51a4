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
