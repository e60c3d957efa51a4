public import Adapter
public import Core
public import Splits

/// Trainings of data sets × shots × seeds × methods.
///
/// ``StudyOption`` lists the options by which files and flags set these properties.
public struct Study: Sendable {
    /// Paths of the feature folders.
    public var features: [String]
    /// The classes to train on.
    public var classes = ClassFilter.all
    /// The folder for `results.jsonl` and one folder per run.
    public var output: String
    /// The methods to fit.
    public var methods: [any AdapterMethod.Type]
    /// The numbers of shots of the few-shot samples.
    public var shots: [Shots] = [.count(1), .count(2), .count(4), .count(8), .count(16)]
    /// Seeds of the few-shot samples and of the trainings.
    public var seeds: [UInt64] = [1, 2, 3]
    /// The scheme of the few-shot samples.
    public var scheme = FewShotSample.Scheme.coop
    /// The data on which epochs and settings are chosen.
    public var selection = SelectionProtocol.val
    /// The number of validation items.
    public var validation = ValidationSize.fewShot
    /// Whether validation items come from train, beyond the sample, where there is no val subset.
    public var takesValFromTrain = false
    /// Settings by name, `alpha` or `tip-adapter.alpha`, that replace the methods' defaults.
    public var settings: [String: SettingValue] = [:]
    /// Whether searches use the published grids instead of exact searches.
    public var usesGrid = false
    /// Whether α, β and the like are searched; otherwise the training's values stay.
    public var searches = true
    /// Whether the settings that methods propose are compared on validation; one training each.
    public var tunes = false
    /// Whether a class may have fewer items than the shots ask for: all are taken, or repeated under `tip`.
    public var allowsFewer = false
    /// A `.npy` file of batch orders [epochs×items], as positions in the few-shot sample.
    public var batchOrder: String?
    /// A `.safetensors` file of initial parameters by name.
    public var initialParameters: String?
    /// The data on which finished adapters are evaluated, besides their own test subset.
    public var evaluations: [EvaluationTarget] = []
    /// Whether existing runs with other settings are replaced.
    public var replaces = false
    /// The runs of one task of an array job; nil for all runs and the gathering of results.
    public var share: StudyShare?
    /// The callbacks.
    public var events = StudyEvents()

    /// Creates a study with the default shots, seeds and protocol.
    public init(
        features: [String] = [], output: String = "runs", methods: [any AdapterMethod.Type] = Adapter.methods
    ) {
        self.features = features
        self.output = output
        self.methods = methods
    }
}

/// The callbacks of a running study.
public struct StudyEvents: Sendable {
    /// Called with a sentence for the user.
    public var note: @Sendable (String) -> Void = { _ in }
    /// Called after a training step with the run's name, the steps done, and the steps in total.
    public var progress: @Sendable (_ run: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    /// Called before the first run, and when a run has ended, in any order.
    public var advanced: @Sendable (StudyProgress) -> Void = { _ in }
    /// Called when a run has finished, in the order of the runs.
    public var finished: @Sendable (ResultLine, _ reused: Bool) -> Void = { _, _ in }
    /// Called when a run has failed; the others continue.
    public var failed: @Sendable (_ run: String, Fault) -> Void = { _, _ in }
    /// Called between steps; the study stops when it returns true.
    public var shouldStop: @Sendable () -> Bool = { false }

    /// Creates callbacks that do nothing.
    public init() {}
}
