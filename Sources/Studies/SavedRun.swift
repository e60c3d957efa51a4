public import Adapter
public import Core
internal import FeatureStore

/// The adapter of a finished run.
public struct SavedRun: Sendable {
    /// The fitted classifier, its classes, and its method.
    public let adapter: FittedAdapter
    /// The folder of the run, or the path of the adapter alone.
    public let path: String

    /// Reads a run's folder, or its `adapter.safetensors` alone.
    public init(path: String) throws(Fault) {
        var adapter = try FittedAdapter(
            path: try FileKind.found(at: path) == .folder ? path.appending(path: "adapter.safetensors") : path)
        adapter.source = path
        self.adapter = adapter
        self.path = path
    }

    /// Evaluates on a part of a feature folder, or of some of its classes.
    ///
    /// If the adapter has all of the classes, in any order, it chooses among those only: a domain shift. Otherwise the
    /// text features of the folder replace the adapter's classes, and only its changes to image features apply: a
    /// transfer.
    ///
    /// - Throws: `badData` if the widths differ, or if unknown classes have no text features.
    public func evaluate(
        on features: String, classes filter: ClassFilter = .all, part: Subset = .test
    ) throws(Fault) -> (scores: Scores, evaluation: ResultLine.Evaluation?) {
        let target = try OpenedFolder(features, classes: filter)
        let (fitted, evaluation) = try fitted(to: target)
        let opened = try target.require(
            part, remedy: "evaluate on one of \(target.folder.parts.map(\.rawValue).joined(separator: ", "))")
        return (try TestSet(evaluating: opened).scores(fitted), evaluation)
    }

    /// The classifier for the classes of `target`; the evaluation is nil if these are the adapter's own.
    func fitted(to target: OpenedFolder) throws(Fault) -> (Classifier, ResultLine.Evaluation?) {
        let classifier = adapter.classifier
        let classes = adapter.classes
        guard target.folder.width == classifier.width else {
            throw .badData(
                target.folder.path, found: "features \(target.folder.width) wide",
                expected: "\(classifier.width) as the adapter",
                remedy: "evaluate on features of the model that it was trained with")
        }
        func evaluation(_ task: ResultLine.Evaluation.Task) throws(Fault) -> ResultLine.Evaluation {
            .init(task: task, dataset: try target.dataset(), classes: target.classes.count)
        }
        if target.classes == classes { return (classifier, nil) }
        let labels = classes.map(Self.plain).positions
        let known = target.classes.compactMap { labels[Self.plain($0)] }
        if known.count == target.classes.count {
            return (classifier.restricted(to: known), try evaluation(.shift))
        }
        guard let text = target.text else {
            let odd = target.classes.first { labels[Self.plain($0)] == nil } ?? ""
            throw .badData(
                target.folder.path, found: "class '\(odd)', which the adapter does not have, and no text features",
                expected: "some of the adapter's \(classes.count) classes, or text.h5",
                remedy: "evaluate on the classes that it was trained on, or import text features")
        }
        return (classifier.transferred(to: text), try evaluation(.transfer))
    }

    /// The spelling that data sets share: `Tench` and `great_white_shark` are `tench` and `great white shark`.
    static func plain(_ name: String) -> String { name.lowercased().replacing("_", with: " ") }

    /// Checks that the weights with this digest encoded the features that the adapter was trained on.
    ///
    /// - Returns: a warning as a sentence if that is unknown or the precision differs; otherwise nil.
    /// - Throws: `badData` if other weights encoded them.
    public func requireEncoder(_ weights: Digest, precision: String, model: String) throws(Fault) -> String? {
        let features = try features()
        guard let features, let encoder = features.inputs.first(where: { $0.role == "weights" })?.digest else {
            return "the features of \(path) do not record their encoder: make sure that it was \(model)"
        }
        guard encoder == weights else {
            throw .badData(
                model, found: "weights \(weights)", expected: "\(encoder), which encoded the features of \(path)",
                remedy: "encode with the model that the adapter was trained with")
        }
        let recorded = features.settings["precision"] ?? "f32"
        guard recorded != precision else { return nil }
        return "the features of \(path) were encoded in \(recorded), these images are in \(precision)"
    }

    /// A setting by which the training features were made, such as `precision` or `passes`; nil if it is not recorded.
    public func recorded(_ setting: String) throws(Fault) -> String? { try features()?.settings[setting] }

    private func features() throws(Fault) -> Provenance? { try record()?.features }

    /// The record of the run; nil if the adapter lies alone.
    func record() throws(Fault) -> RunRecord? { try RunFolder(folder).record() }

    /// The folder of the adapter.
    private var folder: String { FileKind(at: path) == .folder ? path : parentFolder(of: path) }

    /// The place of the encoder when the features were made; nil if it is unknown.
    public var recordedModel: String? { sources.model }

    /// The place of the feature folder when the run was trained; nil if it is unknown.
    public var recordedFeatures: String? { sources.features }

    private var sources: SourcePaths { SourcePaths(of: folder.appending(path: "..")) }
}
