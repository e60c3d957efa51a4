public import Adapter
internal import Core
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
    public var methods: [any AdapterMethod.Type]
    public var shots: [Shots] = [.count(1), .count(2), .count(4), .count(8), .count(16)]
    /// Seeds of the few-shot samples and of the trainings.
    public var seeds: [UInt64] = [1, 2, 3]
    public var scheme = FewShotSample.Scheme.coop
    public var selection = SelectionProtocol.val
    public var validation = ValidationSize.fewShot
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
    public var events: StudyEvents = .init()

    /// Creates a study with the default shots, seeds and protocol.
    public init(
        features: [String] = [], output: String = "runs", methods: [any AdapterMethod.Type] = Adapter.methods
    ) {
        self.features = features
        self.output = output
        self.methods = methods
    }
}
