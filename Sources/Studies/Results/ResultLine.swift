public import Adapter
public import Core

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
    /// What else was chosen on validation, by the setting's name.
    public var chosen: [String: SettingValue]?
    /// Which of the data set's classes were trained on, such as `base`; nil for all.
    public var classes: String?
    /// What a finished adapter was evaluated on, where that is not the test part of its own classes.
    public var evaluation: Evaluation?
    /// The chosen epoch, counted from 1.
    public var epoch: Int?
    /// The run's folder inside the output folder.
    public var run: String
    /// The SHA-256 of the run's identity.
    public var identity: Digest
    /// `selected on test` under the `paper` protocol.
    public var note: String?
}

extension ResultLine {
    /// An evaluation beyond a run's own test part.
    public struct Evaluation: Codable, Sendable, Equatable {
        public var task: Task
        /// The data set that was evaluated on.
        public var dataset: String
        /// How many classes there were to choose from.
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
    /// Appends a line, unless it is there.
    static func append(_ line: ResultLine, to folder: String) throws(Fault) {
        let text = JSONDocument.line(line)
        try LockedLog.append(text, to: "\(folder)/results.jsonl", unless: { $0 == text })
    }
}
