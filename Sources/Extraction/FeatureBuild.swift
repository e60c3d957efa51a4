public import CLIP
public import Core
public import FeatureStore
public import Images
public import Splits

/// Makes a feature folder of a split's images and prompts with a CLIP: `train.h5`, `val.h5`, `test.h5`, `text.h5`.
///
/// What is there already and was made in the same way is reused; what an earlier process left unfinished is gone on with.
/// The files hold the same bytes however often the work was interrupted, and whatever the number of threads.
public struct FeatureBuild: Sendable {
    /// The split, ours or CoOp's.
    public var split: String
    /// Whose split CoOp's file is, where its name does not say.
    public var dataset: String?
    /// The data root, in which the data set's folder lies.
    public var root: String
    /// The encoder's weights, a file or a folder.
    public var model: String
    /// The feature folder to make.
    public var output: String
    /// Template sets and files, joined by `+`.
    public var prompts = "tip"
    /// The tokenizer's files; beside the weights unless given.
    public var vocabulary: String?
    /// What the weights do not show; from the model's configuration unless given.
    public var activation: Activation?
    /// Augmented views of each train item, beside the plain one.
    public var views = 10
    /// The seed of the augmented views.
    public var viewSeed: UInt64 = 1
    public var augmentation = Preprocessing.Augmentation.tip
    public var passes = PassOrder.adaptive
    public var precision = PrecisionRequest.auto
    public var type = FeatureType.float16
    /// Encode only the items of these samples; nil is every item.
    public var samples: SampleRequest?
    /// Whether tokens beyond the context are left out; else a prompt that is too long is an error.
    public var truncates = false
    /// Images that may be left out because they cannot be read.
    public var maximumSkipped = 0
    /// Bytes of memory that the work may take; half of what the machine has unless given.
    public var memory: Int?
    /// Threads that encode; all cores unless given.
    public var threads: Int?
    /// Add views, prompts or samples to the features that are there.
    public var extends = false
    /// Make features anew where others stand.
    public var replaces = false

    public init(split: String, root: String, model: String, output: String) {
        (self.split, self.root, self.model, self.output) = (split, root, model, output)
    }
}

/// In which arithmetic the encoder runs.
public enum PrecisionRequest: String, Sendable, CaseIterable {
    /// bfloat16 where the processor has it, else float32.
    case auto
    case f32
    case bf16
}

/// The few-shot samples of a study, whose items are enough for it.
public struct SampleRequest: Sendable, Equatable {
    public var shots: [Int]
    public var seeds: [Int]
    public var scheme: FewShotSample.Scheme

    public init(shots: [Int], seeds: [Int], scheme: FewShotSample.Scheme = .coop) {
        (self.shots, self.seeds, self.scheme) = (shots, seeds, scheme)
    }
}

/// What a build tells while it runs.
public struct BuildEvents {
    /// A sentence for the user.
    public var note: (String) -> Void = { _ in }
    /// How far it is; what it throws ends the work after the batches in flight.
    public var progress: (BuildProgress) throws(Fault) -> Void = { _ throws(Fault) in }

    public init() {}
}

/// How far a build is.
public struct BuildProgress: Sendable {
    /// `prompts` or `images`.
    public let what: String
    public let done: Int
    public let total: Int
    /// How fast each stage is by itself, on the threads that it has.
    public let stages: [StageRate]
}

/// What a build has done.
public struct BuildOutcome: Sendable {
    /// A feature file that was made or was there.
    public struct File: Sendable, Encodable {
        public let part: FeatureFile.Kind
        public let path: String
        /// Items N; classes in a text file.
        public let count: Int
        /// Views V of each item; prompts of each class in a text file.
        public let views: Int
        public let width: Int
        public let type: FeatureType
        public let isReused: Bool
    }

    public let files: [File]
    /// Images that were left out.
    public let skipped: [UnusableImage]
    public let stages: [StageRate]
    /// Seconds from the first image read to the last row written; 0 where no image was encoded.
    public let seconds: Double
    public let notes: [String]

    public var isReused: Bool { files.allSatisfy(\.isReused) }
}

/// An image without which the features were made, or could not be made.
public struct UnusableImage: Sendable, Codable, Equatable {
    public let part: Subset
    /// The item's path in the split.
    public let item: String
    /// What is the matter.
    public let reason: String
}
