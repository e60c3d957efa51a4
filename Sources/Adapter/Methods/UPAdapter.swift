public import Core
internal import Kernels

/// UP-Adapter: one trained prototype per class, from items with pseudo-labels of zero-shot CLIP; no label is read.
///
///     z = σ·f·Tᵀ + α·exp(−β(1 − f·Wᵀ))        dW_c = αβ Σ_b g_bc a_bc f_b
///
/// The most confident training items of each class replace the shots. W_c starts at the normalized mean of its items'
/// keys, and is trained on their augmented views. Zhang et al., PRCV 2023 (arXiv 2308.11507). No code was released: it
/// is a reconstruction after UPL (Huang et al., 2022) and Tip-Adapter-F.
public struct UPAdapter: TrainedMethod {
    /// The settings of the reconstruction.
    public struct Settings: TrainingSettings {
        /// Items per class.
        public var shots = 16
        /// α: the weight of the prototypes.
        public var alpha: Float = 2
        /// β: the sharpness of the similarities with them.
        public var beta: Float = 2
        /// The base learning rate.
        public var lr: Float = 1e-3
        /// The number of epochs.
        public var epochs = 20
        /// Items per step.
        public var batch_size = 256
        /// The weight decay of AdamW.
        public var weight_decay: Float = 0.01
        /// ε of AdamW.
        public var eps: Float = 1e-4
        /// The defaults.
        public init() {}
    }

    package struct Parameters: ParameterSet {
        var weight: Matrix  // W [C×D]
        package func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("weight", \.weight)] }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "up-adapter", summary: "one trained prototype per class, from zero-shot pseudo-labels; no label is read",
        origin: .reconstruction, fits: .unlabelled, epoch: .lastEpochByDesign)
    package var schedule: Schedule { settings.schedule(epsilon: settings.eps) }
    package let trainingItems: Support?

    private let settings: Settings
    private let start: Matrix  // [C×D]
    private let cache: TrainedCache

    /// Takes the texts and the unlabelled items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        self.settings = settings
        let text = try Self.requiredText(task).zeroShot
        let items = try task.requiredUnlabelled(Self.name).surest(settings.shots, text: text)
        trainingItems = items
        start = normalizeRows(classSums(try items.keys(), labels: items.labels, classCount: text.classCount)).unit
        cache = TrainedCache(
            text: text, keyLabels: KeyLabels(classCount: text.classCount),
            weights: CacheWeights(alpha: settings.alpha, beta: settings.beta))
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters { Parameters(weight: start) }

    package func classifier(_ p: Parameters) -> Classifier { cache.classifier(p.weight) }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        cache.loss(batch, keys: p.weight, name: "weight")
    }
}
