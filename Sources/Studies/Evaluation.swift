internal import Adapter
internal import Core
internal import FeatureStore
internal import Splits

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
                folders.append(try OpenedFolder(path))
                try Self.requireWidth(of: folders[folders.count - 1].folder, among: opened)
            case .newClasses:
                guard study.classes == .selection(.base) else {
                    throw .configuration(
                        option: "evaluate", found: "new, with a training on \(study.classes.name ?? "all") classes",
                        expected: "a training on the base classes", remedy: "give \(option: "classes", "base")")
                }
                for path in opened.map(\.folder.path) {
                    newClasses[path] = try OpenedFolder(path, classes: .selection(.new))
                }
            }
        }
        self.folders = folders
        self.newClasses = newClasses
    }

    /// Checks before any training that an adapter of the study can be evaluated on `target`.
    private static func requireWidth(of target: FeatureFolder, among opened: [OpenedFolder]) throws(Fault) {
        let widths = opened.map(\.folder.width)
        guard !widths.contains(target.width) else { return }
        throw .badData(
            target.path, found: "features \(target.width) wide",
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
            let test = try target.require(.test, remedy: "evaluate on a folder with a test subset")
            var (classifier, evaluation) = try saved.fitted(to: target)
            if isNew { evaluation?.task = .new }
            let scores = try TestSet(test, sharing: target.testProducts).scores(classifier)
            var result = line
            result.evaluation = evaluation
            if evaluation == nil {
                // The target has exactly the adapter's classes, in other images.
                result.evaluation = .init(task: .shift, dataset: try target.dataset(), classes: target.classes.count)
            }
            result.val_accuracy = nil
            result.test_accuracy = scores.accuracy
            result.test_top5 = scores.top5
            result.test_mean_per_class = scores.mean_per_class
            result.identity = Digest(of: "\(line.identity) \(test.digest) \(target.classes)")
            return result
        }
    }
}
