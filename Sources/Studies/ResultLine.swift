public import Artifacts

/// One line of `results.jsonl`: a run and what came of it; accuracies in percent.
public struct ResultLine: Codable, Sendable, Equatable {
    public var method: String
    public var dataset: String
    public var model: String?
    public var shots: Shots
    public var seed: UInt64
    public var `protocol`: SelectionProtocol
    public var val_accuracy: Double?
    public var test_accuracy: Double?
    public var test_top5: Double?
    public var test_mean_per_class: Double?
    public var alpha: Float?
    public var beta: Float?
    /// The chosen epoch, counted from 1.
    public var epoch: Int?
    /// The run's folder inside the output folder.
    public var run: String
    /// The SHA-256 of the run's identity.
    public var identity: Digest
    /// `selected on test` under the `paper` protocol.
    public var note: String?
}

/// The file of all results of an output folder.
enum ResultsFile {
    static func append(_ line: ResultLine, to folder: String) throws(Fault) {
        let text = JSONDocument.line(line)
        try LockedLog.append(text, to: "\(folder)/results.jsonl", unless: { $0 == text })
    }
}
