public import Adapter
public import Core
internal import FoundationEssentials

/// One line of `results.jsonl`: a run and its results, with accuracies in percent.
public struct ResultLine: Codable, Sendable, Equatable {
    /// The name of the method.
    public var method: String
    /// The data set of the training features.
    public var dataset: String
    /// The model that encoded the features; nil if it is not recorded.
    public var model: String?
    /// The number of shots, 0 for methods without a sample.
    public var shots: Shots
    /// The seed of the sample and of the training.
    public var seed: UInt64
    /// The protocol by which epochs and settings were chosen.
    public var `protocol`: SelectionProtocol
    /// The accuracy on validation; nil without validation items, and where test replaced them.
    public var val_accuracy: Double?
    /// The accuracy on the test subset; nil without one.
    public var test_accuracy: Double?
    /// The share of test items whose label is among the five highest logits.
    public var test_top5: Double?
    /// The mean over classes of the test accuracy within each class.
    public var test_mean_per_class: Double?
    /// The weight α of the cache; nil for classifiers without a cache.
    public var alpha: Float?
    /// The sharpness β of the cache; nil for classifiers without a cache.
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
    /// `selected on test` if the epoch or a setting was chosen on test, as `paper` does where published code did.
    public var note: String?
}

extension ResultLine {
    /// The key of the evaluation, empty for the run itself.
    public var evaluationKey: String {
        evaluation.map { "\($0.task.rawValue) \($0.dataset) \($0.classes)" } ?? ""
    }

    /// The key of the result: equal for results of one run folder and evaluation.
    public var key: String { "\(run)\n\(evaluationKey)" }

    /// Whether `text` is the line of an earlier result with the same key.
    func isSuccessor(of text: Substring) -> Bool {
        // Most lines need no decoding.
        guard text.contains(JSONDocument.line(run)) else { return false }
        return (try? JSONDecoder().decode(ResultLine.self, from: Data(text.utf8)))?.key == key
    }
}

extension ResultLine {
    /// An evaluation on other data than a run's own test subset.
    public struct Evaluation: Codable, Sendable, Equatable {
        /// The relation of the evaluated data to the training data.
        public var task: Task
        /// The evaluated data set.
        public var dataset: String
        /// The number of classes to choose from.
        public var classes: Int

        /// The relation of evaluated data to training data.
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
