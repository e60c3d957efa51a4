internal import Adapter
public import Core

/// The best run on one feature folder by accuracy on validation.
///
/// Of the runs with the most shots, and those without a few-shot sample, it is the best run of the method with the
/// highest mean accuracy over its seeds.
public struct BestRun: Sendable, Encodable {
    /// The name of the feature folder.
    public let features: String
    /// The run's folder.
    public let path: String
    /// The number of runs with an accuracy on validation that were compared.
    public let compared: Int
    /// The number of methods that were compared.
    public let methods: Int
    /// The number of seeds of its method, and their mean accuracy on validation in percent.
    public let seeds: Int, mean: Double
    /// The number of shots of the compared runs; nil if none has a few-shot sample.
    public let shots: Shots?
    /// Whether the compared runs were validated on different items, so that their accuracies are less comparable.
    public let has_other_validation_items: Bool
    /// The run's result.
    public let result: ResultLine

    /// Finds the best runs in the folder `study`, one per feature folder, in the order of the results.
    ///
    /// - Throws: `noInput` without results, `badData` for a damaged result or record.
    public static func all(in study: String) throws(Fault) -> [BestRun] {
        let path = study.appending(path: resultsName)
        guard case .file = try FileKind.found(at: path) else {
            throw Fault(
                .noInput, path, found: "no results", expected: "the output folder of a study",
                remedy: "name the folder with \(option: "output")")
        }
        var seen: Set<String> = []
        let names = try ResultLine.lines(of: path).map(\.run).filter { seen.insert($0).inserted }
        // A line may be of an earlier training, and its folder may be removed.
        let results = try names.map { name throws(Fault) in
            try RunFolder(study.appending(path: name)).record()?.result
        }.compactMap(\.self)
        return try all(among: results, in: study)
    }

    /// Finds the best runs among `results` of the study in `study`, one per feature folder.
    public static func all(among results: [ResultLine], in study: String) throws(Fault) -> [BestRun] {
        let measured = results.filter { $0.evaluation == nil && $0.val_accuracy != nil }
        var folders: [String] = []
        for line in measured where !folders.contains(line.folder) { folders.append(line.folder) }
        var all: [BestRun] = []
        for folder in folders {
            let runs = withMostShots(measured.filter { $0.folder == folder })
            guard let best = try choice(among: runs, path: { study.appending(path: $0.run) }) else { continue }
            let own = runs.filter { group(of: $0) == group(of: best) }.compactMap(\.val_accuracy)
            all.append(
                BestRun(
                    features: folder, path: study.appending(path: best.run), compared: runs.count,
                    methods: Set(runs.map(\.method)).count, seeds: own.count,
                    mean: own.reduce(0, +) / Double(own.count), shots: runs.map(\.shots).first { $0 != .count(0) },
                    has_other_validation_items: try differInValidation(runs, in: study), result: best))
        }
        return all
    }

    /// The runs with the most shots, and those of methods without a few-shot sample.
    ///
    /// Runs with fewer shots are validated on fewer items, of which a lucky run may have all right.
    private static func withMostShots(_ runs: [ResultLine]) -> [ResultLine] {
        let most = runs.map { $0.shots.number ?? .max }.max()
        return runs.filter { $0.shots == .count(0) || $0.shots.number ?? .max == most }
    }

    /// Returns the best of `runs` with an accuracy on validation, whose folders are at `path`.
    ///
    /// - Throws: `badData` or `noInput` if the adapters of several equal runs cannot be read.
    package static func choice(
        among runs: [ResultLine], path: (ResultLine) -> String
    ) throws(Fault) -> ResultLine? {
        let runs = withMostShots(runs.filter { $0.evaluation == nil && $0.val_accuracy != nil })
        let groups = Dictionary(grouping: runs, by: group)
        let means = groups.mapValues { lines in lines.compactMap(\.val_accuracy).reduce(0, +) / Double(lines.count) }
        guard let highest = means.values.max() else { return nil }
        // A sum of equal accuracies in another order may differ in the last bit.
        let equal = groups.filter { (means[$0.key] ?? 0) > highest - 1e-9 }
        let tops = equal.values.compactMap { lines in
            // Of equals, the first.
            lines.reduce(lines.first) { best, line in
                line.val_accuracy ?? 0 > best?.val_accuracy ?? 0 ? line : best
            }
        }
        return try simplest(runs.filter(tops.contains), path)
    }

    /// A key that is equal for the seeds of a method.
    private static func group(of line: ResultLine) -> String {
        "\(line.method) \(line.protocol) \(line.classes ?? "")"
    }

    /// The run with the fewest parameters; of equals, the first.
    private static func simplest(
        _ runs: [ResultLine], _ path: (ResultLine) -> String
    ) throws(Fault) -> ResultLine? {
        guard runs.count > 1 else { return runs.first }
        let sizes = try runs.map { line throws(Fault) in
            try SavedRun(path: path(line)).adapter.classifier.parameterCount
        }
        return runs.indices.min { (sizes[$0], $0) < (sizes[$1], $1) }.map { runs[$0] }
    }

    /// Whether some runs were validated on few-shot items, which depend on the number of shots and the seed.
    private static func differInValidation(_ runs: [ResultLine], in study: String) throws(Fault) -> Bool {
        guard Set(runs.map { "\($0.shots) \($0.seed)" }).count > 1 else { return false }
        for line in runs {
            let record = try RunFolder(study.appending(path: line.run)).record()
            if record?.identity.settings["validation"] == "few-shot" { return true }
        }
        return false
    }

    package static let resultsName = "results.jsonl"
}

extension ResultLine {
    /// The name of the run's feature folder, which is the first component of the run's name.
    package var folder: String { String(run.prefix { $0 != "/" }) }
}
