public import Adapter
public import Core
internal import FeatureStore
internal import Kernels
internal import Splits

/// A finished run, read back.
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
    /// Where the adapter knows all of the classes, by name and in any order, it chooses among those only: images of another
    /// kind, of all or some of its classes. Where it does not know one, the texts of the folder take the place of the
    /// adapter's classes, with what the adapter does to image features before them.
    ///
    /// - Throws: `badData` where the widths differ, or classes are unknown and have no texts.
    public func evaluate(
        on features: String, classes filter: ClassFilter = .all, part: Subset = .test
    ) throws(Fault) -> (scores: Scores, evaluation: ResultLine.Evaluation?) {
        let target = try OpenedFolder(features, classes: filter)
        let (fitted, evaluation) = try fitted(to: target)
        let opened = try target.require(
            target.part(part), part,
            remedy: "evaluate on a part that is there: \(target.folder.parts.map(\.rawValue).joined(separator: ", "))")
        return (try TestSet(evaluating: opened).scores(fitted), evaluation)
    }

    /// The classifier of the classes of `target`; the evaluation is nil where these are the adapter's own.
    func fitted(to target: OpenedFolder) throws(Fault) -> (Classifier, ResultLine.Evaluation?) {
        guard target.folder.width == classifier.width else {
            throw .badData(
                target.folder.path, found: "features \(target.folder.width) wide",
                expected: "\(classifier.width) as the adapter",
                remedy: "evaluate on features of the model it was trained with")
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
                found: "class '\(odd)', which the adapter does not know, and no texts of the classes",
                expected: "the adapter's \(classes.count) classes or some of them, or text.h5",
                remedy: "evaluate on the classes it was trained on, or import texts")
        }
        return (classifier.transferred(to: text), try evaluation(.transfer))
    }

    /// A class's name as data sets agree on it: `Tench` and `great_white_shark` elsewhere are `tench` and `great white shark`.
    private static func plain(_ name: String) -> String { name.lowercased().replacing("_", with: " ") }
}

/// What a study evaluates its adapters on beside their own test part.
public enum EvaluationTarget: Sendable, Equatable {
    /// The classes of the same data set that were not trained on.
    case newClasses
    /// The test part of another feature folder.
    case folder(String)

    /// `new`, or a feature folder.
    public init(_ text: String) { self = text == "new" ? .newClasses : .folder(text) }

    var word: String {
        switch self {
        case .newClasses: "new"
        case .folder(let path): path
        }
    }
}

/// The targets of a study, opened.
struct OpenedTargets: Sendable {
    private let folders: [OpenedFolder]
    private let newClasses: [String: OpenedFolder]

    init(_ study: Study, _ opened: [OpenedFolder]) throws(Fault) {
        var (folders, newClasses): ([OpenedFolder], [String: OpenedFolder]) = ([], [:])
        for target in study.evaluations {
            switch target {
            case .folder(let path):
                let folder = try OpenedFolder(path)
                try Self.requireWidth(of: folder, among: opened)
                folders.append(folder)
            case .newClasses:
                guard study.classes == .selection(.base) else {
                    throw .configuration(
                        "--evaluate", found: "new, and a training on \(study.classes.name ?? "all") classes",
                        expected: "a training on the base classes", remedy: "give --classes base")
                }
                for folder in opened {
                    newClasses[folder.folder.path] = try OpenedFolder(
                        folder.folder.path, classes: .selection(.new))
                }
            }
        }
        (self.folders, self.newClasses) = (folders, newClasses)
    }

    /// Refuses a target that no adapter of the study could be evaluated on, before anything is trained.
    private static func requireWidth(of target: OpenedFolder, among opened: [OpenedFolder]) throws(Fault) {
        let widths = opened.map(\.folder.width)
        guard !widths.contains(target.folder.width) else { return }
        throw .badData(
            target.folder.path, found: "features \(target.folder.width) wide",
            expected: "\(widths.map { "\($0)" }.joined(separator: " or ")) as the features that are trained on",
            remedy: "evaluate on features of the same model")
    }

    /// What the finished run `line` comes to on each target with features of its model's width.
    func lines(of run: Run, _ line: ResultLine) throws(Fault) -> [ResultLine] {
        let own = newClasses[run.opened.folder.path].map { [(target: $0, isNew: true)] } ?? []
        let others = folders.filter { $0.folder.width == run.opened.folder.width }.map { (target: $0, isNew: false) }
        guard !(own + others).isEmpty else { return [] }
        let saved = try SavedRun(path: run.folder.path)
        return try (own + others).map { target, isNew throws(Fault) in
            let test = try target.require(target.test, .test, remedy: "evaluate on a folder with a test part")
            var (classifier, evaluation) = try saved.fitted(to: target)
            if isNew { evaluation?.task = .new }
            let scores = try TestSet(test, sharing: target.testProducts).scores(classifier)
            var result = line
            // The very classes of the adapter, in other images.
            let shift = ResultLine.Evaluation(
                task: .shift, dataset: try target.dataset(), classes: target.classes.count)
            result.evaluation = evaluation ?? shift
            (result.val_accuracy, result.test_accuracy) = (nil, scores.accuracy)
            (result.test_top5, result.test_mean_per_class) = (scores.top5, scores.mean_per_class)
            result.identity = Digest(of: "\(line.identity) \(test.digest) \(target.classes)")
            return result
        }
    }
}
