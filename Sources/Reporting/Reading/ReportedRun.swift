internal import Adapter
internal import Core
internal import FoundationEssentials
public import Studies

/// A result and the location of its run folder.
public struct ReportedRun: Sendable {
    /// The result.
    public let line: ResultLine
    /// The folder of the result file.
    let root: String

    /// The run folder, which may be missing.
    var folder: String { root.appending(path: line.run) }

    /// The name of the evaluation; empty for the run's own test subset.
    var task: String { line.evaluationKey }

    /// A key that is equal for equal results.
    var identity: String { "\(line.identity) \(task)" }

    /// A key that is equal for results of one number in a table.
    var cell: String {
        [
            line.method, line.dataset, line.model ?? "", line.shots.description, "\(line.seed)",
            line.protocol.rawValue, line.classes ?? "", task,
        ].joined(separator: "\n")
    }

    /// The sort key: protocol, model, classes, data set in the papers' order, method, shots, and seed.
    var order: [String] {
        func padded(_ number: some BinaryInteger) -> String {
            String(repeating: "0", count: 20 - "\(number)".count) + "\(number)"
        }
        return [
            padded(line.protocol.order), line.model ?? "", line.classes ?? "",
            padded(BenchmarkOrder.position(of: line.dataset)), line.dataset,
            padded(MethodOrder.position(of: line.method)), line.method, padded(line.shots.order), padded(line.seed),
            task,
        ]
    }

    /// Reads the record of the run folder; nil if the folder is missing or holds another run.
    func recorded() throws(Fault) -> RecordedRun? {
        guard let record = try RunFolder(folder).record(), record.result.identity == line.identity else { return nil }
        return RecordedRun(run: self, record: record)
    }
}

/// A run with an existing folder, and its record.
struct RecordedRun {
    let run: ReportedRun
    let record: RunRecord

    var line: ResultLine { run.line }
    /// The settings that decided the run's files.
    var settings: [String: String] { record.identity.settings }

    /// Reads the log of the training; nil if nothing was trained.
    func log() throws(Fault) -> TrainingLog? {
        guard let text = try text("steps.jsonl") else { return nil }
        var log = TrainingLog()
        for (index, line) in text.split(separator: "\n").enumerated() {
            let path = "\(run.folder)/steps.jsonl, line \(index + 1)"
            let data = Data(line.utf8)
            if line.contains("\"step\"") {
                log.steps.append(
                    try JSONDocument.decode(TrainingLog.Step.self, from: data, path: path, expected: "a step"))
            } else {
                log.epochs.append(
                    try JSONDocument.decode(TrainingLog.Epoch.self, from: data, path: path, expected: "an epoch"))
            }
        }
        return log.steps.isEmpty ? nil : log
    }

    /// Reads the scores per class; nil if the run was not tested.
    func classScores() throws(Fault) -> ClassScores? {
        guard let text = try text("classes.json") else { return nil }
        let path = run.folder.appending(path: "classes.json")
        let scores = try JSONDocument.decode(
            ClassScores.self, from: Data(text.utf8), path: path, expected: "counts per class")
        let classes = scores.classes.indices
        // The bound prevents overflow in sums and exceeds any subset.
        let items = 0 ... 1_000_000_000
        guard scores.count.count == classes.count, scores.right.count == classes.count,
            zip(scores.right, scores.count).allSatisfy({ items ~= $1 && 0 ... $1 ~= $0 }),
            scores.confusions.allSatisfy({ $0.count == 3 && classes ~= $0[0] && classes ~= $0[1] && items ~= $0[2] })
        else {
            throw .badData(
                path, found: "invalid counts for \(classes.count) classes", expected: "valid counts for each class",
                remedy: RunFolder.remedy)
        }
        return scores
    }

    /// Reads a file of the run and compares it with the digest in its record.
    private func text(_ name: String) throws(Fault) -> String? {
        guard let digest = record.files[name] else { return nil }
        let path = run.folder.appending(path: name)
        let text = String(decoding: try fileBytes(path), as: UTF8.self)
        guard Digest(of: text) == digest else {
            throw .badData(
                path, found: "content that does not match the digest in run.json", expected: "the unchanged file",
                remedy: RunFolder.remedy)
        }
        return text
    }
}
