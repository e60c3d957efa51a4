internal import Adapter
internal import Core
internal import Studies

/// A run whose classes and items the page shows.
struct ShownRun {
    let known: RecordedRun
    let scores: ClassScores
    /// The items of its features; nil if the features were not found or cannot be used.
    let items: RunItems?
    /// The sentence that says why there are no items; empty if there are.
    let reason: String

    /// The number of items up to which a report reads features.
    private static let mostItems = 200_000

    /// Reads the scores of a run, and its items from the feature folder among `folders` with the name of the run's, or
    /// else from the recorded place; nil if the run was not tested.
    init?(_ known: RecordedRun, folders: [String]) throws(Fault) {
        guard let scores = try known.classScores() else { return nil }
        self.known = known
        self.scores = scores
        let only = folders.count == 1 ? folders[0] : nil
        let named = folders.first { lastComponent(of: $0) == known.line.folder } ?? only
        do throws(Fault) {
            let saved = try SavedRun(path: known.run.folder)
            items = try saved.runItems(features: named, top: 1, limit: Self.mostItems)
            reason = ""
        } catch {
            items = nil
            reason =
                switch error.status {
                case .noInput: "The features of this run were not found. Name their folder with --feature-folder."
                case .configuration: "There are more than \(Self.mostItems) items. Use 'fewshot-train predict --wrong'."
                default:
                    "The features changed after the training, or cannot be read (found \(error.found)). Train again "
                        + "with --replace."
                }
        }
    }

    var line: ResultLine { known.line }

    /// The run in captions.
    var title: String {
        let model = line.model ?? "model not recorded"
        return "\(MethodOrder.title(of: line.method)), \(line.shots.head), seed \(line.seed), on \(line.dataset), "
            + "\(model), \(line.protocolCaption)"
    }

    /// The classes with items, sorted by accuracy and then by the number of errors.
    var worst: [Int] {
        func key(_ label: Int) -> (Double, Int, Int) {
            let right = scores.right[label]
            return (Double(right) / Double(scores.count[label]), right - scores.count[label], label)
        }
        return scores.classes.indices.filter { scores.count[$0] > 0 }.sorted { key($0) < key($1) }
    }

    /// The numbers of the items of the run's classes in `subset`.
    func numbers(in subset: Subset) -> [Int] {
        guard let records = items?.records else { return [] }
        let classes = Set(scores.classes)
        return records.indices.filter {
            records[$0].subset == subset && records[$0].prediction.label.map(classes.contains) == true
        }
    }

    /// The numbers of the test items that are predicted wrongly, the most confident first.
    var mistakes: [Int] {
        guard let records = items?.records else { return [] }
        return numbers(in: .test).filter { records[$0].prediction.right == false }.sorted {
            (records[$1].prediction.confidence, $0) < (records[$0].prediction.confidence, $1)
        }
    }

    func record(_ number: Int) -> ItemRecord? { items?.records[number] }
}

extension ResultGroup {
    /// Returns the runs called `names` of this group, or per data set the best run on validation with the most shots.
    func shown(
        _ known: [RecordedRun], named names: [String], folders: [String]
    ) throws(Fault) -> [ShownRun] {
        let chosen = datasets.flatMap { dataset in
            let runs = known.filter { $0.line.dataset == dataset }
            guard names.isEmpty else { return runs.filter { names.contains($0.line.run) } }
            let best = Self.best(runs.map(\.run))
            return runs.first { $0.run.identity == best?.identity }.map { [$0] } ?? []
        }
        return try chosen.map { run throws(Fault) in try ShownRun(run, folders: folders) }.compactMap(\.self)
    }

    /// Returns the run that ``BestRun`` names; if its folder cannot be read, the first of equal ones.
    static func best(_ runs: [ReportedRun]) -> ReportedRun? {
        let own = runs.filter(\.task.isEmpty)
        let folders = Dictionary(own.map { ($0.line.run, $0.folder) }) { first, _ in first }
        let lines = own.map(\.line)
        let best = try? BestRun.choice(among: lines) { folders[$0.run] ?? "" }
        return own.first { $0.line == best } ?? own.first { $0.line.val_accuracy != nil }
    }
}
