public import Adapter
public import Core
internal import FeatureStore
internal import Kernels
internal import Splits

/// The adapter of a finished run.
public struct SavedRun: Sendable {
    public let adapter: FittedAdapter
    /// The folder of the run.
    public let path: String

    /// Reads a run's folder, or its `adapter.safetensors` alone.
    public init(path: String) throws(Fault) {
        let file = FileKind(at: path) == .folder ? "\(path)/adapter.safetensors" : path
        var adapter = try FittedAdapter(path: file)
        adapter.source = path
        self.adapter = adapter
        self.path = path
    }

    public var classifier: Classifier { adapter.classifier }
    public var classes: [String] { adapter.classes }
    public var method: String { adapter.method }

    /// Evaluates on a part of a feature folder, or of some of its classes.
    ///
    /// If the adapter has all of the classes, in any order, it chooses among those only: a domain shift. Otherwise the text
    /// features of the folder replace the adapter's classes, and only its changes to image features apply: a transfer.
    ///
    /// - Throws: `badData` if the widths differ, or if unknown classes have no text features.
    public func evaluate(
        on features: String, classes filter: ClassFilter = .all, part: Subset = .test
    ) throws(Fault) -> (scores: Scores, evaluation: ResultLine.Evaluation?) {
        let target = try OpenedFolder(features, classes: filter)
        let (fitted, evaluation) = try fitted(to: target)
        let opened = try target.require(
            target.part(part), part,
            remedy: "evaluate on one of \(target.folder.parts.map(\.rawValue).joined(separator: ", "))")
        return (try TestSet(evaluating: opened).scores(fitted), evaluation)
    }

    /// The classifier for the classes of `target`; the evaluation is nil if these are the adapter's own.
    func fitted(to target: OpenedFolder) throws(Fault) -> (Classifier, ResultLine.Evaluation?) {
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
        var places: [String: Int] = [:]
        for (place, name) in classes.enumerated() { places[Self.plain(name)] = place }
        let known = target.classes.compactMap { places[Self.plain($0)] }
        if known.count == target.classes.count {
            return (classifier.restricted(to: known), try evaluation(.shift))
        }
        guard let text = target.text else {
            let odd = target.classes.first { places[Self.plain($0)] == nil } ?? ""
            throw .badData(
                target.folder.path,
                found: "class '\(odd)', which the adapter does not have, and no text features",
                expected: "some of the adapter's \(classes.count) classes, or text.h5",
                remedy: "evaluate on the classes that it was trained on, or import text features")
        }
        return (classifier.transferred(to: text), try evaluation(.transfer))
    }

    /// The spelling that data sets share: `Tench` and `great_white_shark` are `tench` and `great white shark`.
    private static func plain(_ name: String) -> String { name.lowercased().replacing("_", with: " ") }
}

/// The data that a study evaluates its adapters on, besides their own test subset.
public enum EvaluationTarget: Sendable, Equatable {
    /// The classes of the same data set that were not trained on.
    case newClasses
    /// The test subset of another feature folder.
    case folder(String)

    /// Reads `new`, or the path of a feature folder.
    public init(_ text: String) { self = text == "new" ? .newClasses : .folder(text) }

    var word: String {
        switch self {
        case .newClasses: "new"
        case .folder(let path): path
        }
    }
}

/// The opened evaluation targets of a study.
struct OpenedTargets: Sendable {
    private let folders: [OpenedFolder]
    private let newClasses: [String: OpenedFolder]

    init(_ study: Study, _ opened: [OpenedFolder]) throws(Fault) {
        var folders: [OpenedFolder] = []
        var newClasses: [String: OpenedFolder] = [:]
        for target in study.evaluations {
            switch target {
            case .folder(let path):
                let folder = try OpenedFolder(path)
                try Self.requireWidth(of: folder, among: opened)
                folders.append(folder)
            case .newClasses:
                guard study.classes == .selection(.base) else {
                    throw .configuration(
                        option: "evaluate", found: "new, with a training on \(study.classes.name ?? "all") classes",
                        expected: "a training on the base classes", remedy: "give \(option: "classes", "base")")
                }
                for folder in opened {
                    newClasses[folder.folder.path] = try OpenedFolder(
                        folder.folder.path, classes: .selection(.new))
                }
            }
        }
        self.folders = folders
        self.newClasses = newClasses
    }

    /// Checks before any training that an adapter of the study can be evaluated on `target`.
    private static func requireWidth(of target: OpenedFolder, among opened: [OpenedFolder]) throws(Fault) {
        let widths = opened.map(\.folder.width)
        guard !widths.contains(target.folder.width) else { return }
        throw .badData(
            target.folder.path, found: "features \(target.folder.width) wide",
            expected: "\(widths.map { "\($0)" }.joined(separator: " or ")) as the training features",
            remedy: "evaluate on features of the same model")
    }

    /// The results of the finished run `line` on each target whose features have its model's width.
    func lines(of run: Run, _ line: ResultLine) throws(Fault) -> [ResultLine] {
        let own = newClasses[run.opened.folder.path].map { [(target: $0, isNew: true)] } ?? []
        let others = folders.filter { $0.folder.width == run.opened.folder.width }.map { (target: $0, isNew: false) }
        guard !(own + others).isEmpty else { return [] }
        let saved = try SavedRun(path: run.folder.path)
        return try (own + others).map { target, isNew throws(Fault) in
            let test = try target.require(target.test, .test, remedy: "evaluate on a folder with a test subset")
            var (classifier, evaluation) = try saved.fitted(to: target)
            if isNew { evaluation?.task = .new }
            let scores = try TestSet(test, sharing: target.testProducts).scores(classifier)
            var result = line
            // The target has exactly the adapter's classes, in other images.
            let shift = ResultLine.Evaluation(
                task: .shift, dataset: try target.dataset(), classes: target.classes.count)
            result.evaluation = evaluation ?? shift
            result.val_accuracy = nil
            result.test_accuracy = scores.accuracy
            result.test_top5 = scores.top5
            result.test_mean_per_class = scores.mean_per_class
            result.identity = Digest(of: "\(line.identity) \(test.digest) \(target.classes)")
            return result
        }
    }
}
