internal import Adapter
internal import Core
internal import Foundation
public import Studies

/// A result, and where its run's folder would be.
public struct ReportedRun: Sendable {
    public let line: ResultLine
    /// The folder of the file that the result stands in.
    let root: String

    var folder: RunFolder { RunFolder("\(root)/\(line.run)") }

    /// The feature folder's name, as the run's folder has it.
    var feature: String { String(line.run.prefix { $0 != "/" }) }

    /// What was evaluated, in a word or two; empty for the run's own test part.
    var task: String { line.evaluation.map { "\($0.task.rawValue) \($0.dataset) \($0.classes)" } ?? "" }

    /// Equal for results that are the same.
    var identity: String { "\(line.identity) \(task)" }

    /// Equal for results that would be one number of a table.
    var cell: String {
        [
            line.method, line.dataset, line.model ?? "", line.shots.description, "\(line.seed)",
            line.protocol.rawValue, line.classes ?? "", task,
        ].joined(separator: "\n")
    }

    /// Sorts by data set as papers do, then method, shots and seed; what is equal keeps its order.
    var order: [OrderKey] {
        [
            .number(line.protocol.order), .text(line.model ?? ""), .text(line.classes ?? ""),
            .number(BenchmarkOrder.position(of: line.dataset)), .text(line.dataset),
            .number(MethodOrder.position(of: line.method)), .text(line.method), .number(line.shots.order),
            .text("\(String(repeating: "0", count: 20 - "\(line.seed)".count))\(line.seed)"), .text(task),
        ]
    }
}

/// A part of what results are sorted by.
enum OrderKey: Comparable {
    case number(Int)
    case text(String)
}

extension [OrderKey] {
    static func < (a: Self, b: Self) -> Bool { a.lexicographicallyPrecedes(b) }
}

extension ReportedRun {
    /// What the run's folder tells; nil where there is none, or where another run has taken its place.
    func details() throws(Fault) -> RunRecord? {
        guard let record = try folder.record(), record.result.identity == line.identity else { return nil }
        return record
    }

    /// What the training wrote down; nil where nothing was trained.
    func log(_ details: RunRecord) throws(Fault) -> TrainingLog? {
        guard let text = try text("steps.jsonl", details) else { return nil }
        var log = TrainingLog()
        for (index, line) in text.split(separator: "\n").enumerated() {
            let place = "\(folder.path)/steps.jsonl, line \(index + 1)"
            let data = Data(line.utf8)
            if line.contains("\"step\"") {
                log.steps.append(
                    try JSONDocument.decode(TrainingLog.Step.self, from: data, path: place, expected: "a step"))
            } else {
                log.epochs.append(
                    try JSONDocument.decode(TrainingLog.Epoch.self, from: data, path: place, expected: "an epoch"))
            }
        }
        return log.steps.isEmpty ? nil : log
    }

    /// How the run does on each class; nil where it was not tested.
    func classScores(_ details: RunRecord) throws(Fault) -> ClassScores? {
        guard let text = try text("classes.json", details) else { return nil }
        let place = "\(folder.path)/classes.json"
        let scores = try JSONDocument.decode(
            ClassScores.self, from: Data(text.utf8), path: place, expected: "counts class by class")
        let classes = scores.classes.indices
        // More items than any part has would make a sum of them overflow.
        let items = 0 ... 1_000_000_000
        guard scores.count.count == classes.count, scores.right.count == classes.count,
            zip(scores.right, scores.count).allSatisfy({ items ~= $1 && 0 ... $1 ~= $0 }),
            scores.confusions.allSatisfy({
                $0.count == 3 && classes ~= $0[0] && classes ~= $0[1] && items ~= $0[2]
            })
        else {
            throw .badData(
                place, found: "counts that do not fit its \(classes.count) classes", expected: "one for each",
                remedy: "train the run again with \(option: "replace")")
        }
        return scores
    }

    /// The text of a file of the run, as its record says that it was written.
    private func text(_ name: String, _ details: RunRecord) throws(Fault) -> String? {
        guard let digest = details.files[name] else { return nil }
        let text = String(decoding: try fileBytes("\(folder.path)/\(name)"), as: UTF8.self)
        guard Digest(of: text) == digest else {
            throw .badData(
                "\(folder.path)/\(name)", found: "other content than run.json says",
                expected: "the file as it was written", remedy: "train the run again with \(option: "replace")")
        }
        return text
    }
}
