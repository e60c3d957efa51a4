public import Adapter
public import Artifacts
internal import FeatureStore
internal import Kernels

/// A finished run, read back.
public struct SavedRun: Sendable {
    public let classifier: Classifier
    public let classes: [String]
    public let method: String
    /// The folder of the run.
    public let path: String

    /// Reads a run's folder, or its `adapter.safetensors` alone.
    public init(path: String) throws(Fault) {
        let file = FileKind(at: path) == .folder ? "\(path)/adapter.safetensors" : path
        (classifier, classes, method) = try AdapterFile.read(file)
        self.path = path
    }

    /// Evaluates on a part of a feature folder whose classes are the run's, in any order.
    ///
    /// - Throws: `badData` where width or classes differ.
    public func evaluate(on features: String, part: Part = .test) throws(Fault) -> Scores {
        let folder = try FeatureFolder(path: features)
        guard folder.width == classifier.width else {
            throw .badData(
                features, found: "features \(folder.width) wide", expected: "\(classifier.width) as the adapter",
                remedy: "evaluate on features of the model it was trained with")
        }
        guard folder.classes == classes else {
            let odd = zip(folder.classes, classes).first { $0 != $1 }
            let found =
                odd.map { "class '\($0.0)' where the adapter has '\($0.1)'" } ?? "\(folder.classes.count) classes"
            throw .badData(
                features, found: found, expected: "the adapter's \(classes.count) classes in its order",
                remedy: "evaluate on features of the same classes")
        }
        return try TestSet(evaluating: OpenedPart(folder.open(part))).scores(classifier)
    }
}
