public import Adapter
public import Core

/// One line of `results.jsonl`: a run and its results, with accuracies in percent.
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
    /// Further settings chosen on validation, by name.
    public var chosen: [String: SettingValue]?
    /// The name of the trained classes, such as `base`; nil for all.
    public var classes: String?
    /// The evaluation of a finished adapter on other data than its own test subset; nil for the run itself.
    public var evaluation: Evaluation?
    /// The chosen epoch, counted from 1.
    public var epoch: Int?
    /// The run's folder, relative to the output folder.
    public var run: String
    /// The SHA-256 of the run's identity.
    public var identity: Digest
    /// `selected on test` under the `paper` protocol.
    public var note: String?
}

extension ResultLine {
    /// An evaluation on other data than a run's own test subset.
    public struct Evaluation: Codable, Sendable, Equatable {
        public var task: Task
        /// The evaluated data set.
        public var dataset: String
        /// The number of classes to choose from.
        public var classes: Int

        public enum Task: String, Codable, Sendable {
            /// The same classes, or some of them, in other images.
            case shift
            /// The classes of the same data set that were not trained on.
            case new
            /// Another data set's classes.
            case transfer
        }
    }
}

/// The file of all results of an output folder.
enum ResultsFile {
    /// Appends a line, unless the file has it.
    static func append(_ line: ResultLine, to folder: String) throws(Fault) {
        let text = JSONDocument.line(line)
        try LockedLog.append(text, to: "\(folder)/results.jsonl", unless: { $0 == text })
    }
}
