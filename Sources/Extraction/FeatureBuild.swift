public import CLIP
public import Core
public import FeatureStore
public import Images
internal import Kernels
public import Splits

/// The creation of a feature folder (`train.h5`, `val.h5`, `test.h5`, `text.h5`) from a split's images and prompts with
/// a CLIP model.
///
/// Reuses existing output with the same identity and resumes unfinished output. The files hold the same bytes after any
/// number of interruptions, and for any number of threads.
@dynamicMemberLookup
public struct FeatureBuild: Sendable {
    /// The settings that decide the values of the features, also available as properties of the build.
    public var settings: FeatureSettings
    /// The feature folder to make.
    public var output: String
    /// The memory limit in bytes; half of the machine's memory if nil.
    public var memory: Int?
    /// The number of encoding threads; one per core if nil.
    public var threads: Int?
    /// Whether views, prompts or samples may be added to existing features.
    public var extends = false
    /// Whether existing features with other settings are replaced.
    public var replaces = false

    /// Creates a build of `settings` in the folder `output`.
    public init(_ settings: FeatureSettings, output: String) {
        self.settings = settings
        self.output = output
    }

    /// Creates a build with the default settings.
    public init(split: String, root: String, model: String, output: String) {
        self.init(FeatureSettings(split: split, root: root, model: model), output: output)
    }

    /// A setting.
    public subscript<Value>(dynamicMember member: WritableKeyPath<FeatureSettings, Value>) -> Value {
        get { settings[keyPath: member] }
        set { settings[keyPath: member] = newValue }
    }
}

/// The settings that decide the values of features; plans store them as JSON.
public struct FeatureSettings: Codable, Sendable, Equatable {
    /// The split file, of this project's format or CoOp's.
    public var split: String
    /// The data set of a CoOp split file whose name does not identify it.
    public var dataset: String?
    /// The data root, which contains the data set's folder.
    public var root: String
    /// The encoder's weights, a file or a folder.
    public var model: String
    /// Names of template sets, prompt files, and templates with `{}`; one string may join names with `+`.
    public var prompts = ["tip"]
    /// The tokenizer's files; those beside the weights if nil.
    public var vocabulary: String?
    /// The activation of the MLP blocks, which the weights do not show; from the model's configuration if nil.
    public var activation: Activation?
    /// The number of augmented views per train item, besides the plain view.
    public var views = 10
    /// The seed of the augmented views.
    public var viewSeed: UInt64 = 1
    /// The random crop of the augmented views.
    public var augmentation = Preprocessing.Augmentation.tip
    /// The order of the two passes of resizing.
    public var passes = PassOrder.adaptive
    /// The precision of the encoder.
    @PrecisionWord public var precision = PrecisionRequest.auto
    /// The number format of the stored values.
    public var type = FeatureType.float16
    private var shots: [Int]?
    private var seeds: [Int]?
    private var scheme: FewShotSample.Scheme?
    private var valFromTrain: Bool?
    /// Whether tokens beyond the context are dropped; otherwise a prompt that is too long is an error.
    public var truncates = false
    /// The number of unreadable images that may be left out.
    public var maximumSkipped = 0

    /// Creates the default settings.
    public init(split: String, root: String, model: String) {
        self.split = split
        self.root = root
        self.model = model
    }

    /// The few-shot samples whose items are encoded; nil for every item.
    public var samples: SampleRequest? {
        get {
            guard let shots, let seeds else { return nil }
            var request = SampleRequest(shots: shots, seeds: seeds, scheme: scheme ?? .coop)
            request.takesValFromTrain = valFromTrain ?? false
            return request
        }
        set {
            shots = newValue?.shots
            seeds = newValue?.seeds
            scheme = newValue?.scheme
            valFromTrain = newValue?.takesValFromTrain == true ? true : nil
        }
    }
}

/// The few-shot samples of a study: every number of shots with every seed.
public struct SampleRequest: Sendable, Equatable {
    /// The numbers of items per class.
    public var shots: [Int]
    /// The seeds of the samples.
    public var seeds: [Int]
    /// The sampling scheme.
    public var scheme: FewShotSample.Scheme
    /// Whether val items are sampled from train, if the split has no val items.
    public var takesValFromTrain = false

    /// Creates a request for samples of `shots` items per class.
    public init(shots: [Int], seeds: [Int], scheme: FewShotSample.Scheme = .coop) {
        self.shots = shots
        self.seeds = seeds
        self.scheme = scheme
    }
}

/// A precision that JSON spells `auto`, `f32` or `bf16`.
@propertyWrapper
public struct PrecisionWord: Codable, Sendable, Equatable {
    /// The precision.
    public var wrappedValue: PrecisionRequest

    /// Wraps a precision.
    public init(wrappedValue: PrecisionRequest) { self.wrappedValue = wrappedValue }

    /// Decodes a precision in any of its spellings.
    public init(from decoder: any Decoder) throws { wrappedValue = try PrecisionRequest(from: decoder) }

    /// Encodes the precision as its word.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue.word)
    }
}
