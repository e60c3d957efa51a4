public import Core
public import Kernels

/// UP-Adapter: one trained prototype per class, from items with pseudo-labels of zero-shot CLIP; no label is read.
///
///     z = σ·f·Tᵀ + α·exp(−β(1 − f·Wᵀ))        dW_c = αβ Σ_b g_bc a_bc f_b
///
/// The 16 most confident training items per class replace the shots. W_c starts at the normalized mean of its items'
/// keys, and is trained on their augmented views. Zhang et al., "Unsupervised prototype adapter for vision-language
/// models", PRCV 2023 (arXiv 2308.11507). No code was released: the formula, the number of items, α, β and the training
/// are a reconstruction after UPL (Huang et al., 2022) and Tip-Adapter-F. Nothing is chosen on validation, which has
/// labels.
public struct UPAdapter: TrainedMethod {
    public struct Settings: TrainingSettings {
        /// Items per class.
        public var shots = 16
        public var alpha: Float = 2
        public var beta: Float = 2
        public var lr: Float = 1e-3
        public var epochs = 20
        public var batch_size = 256
        public var weight_decay: Float = 0.01
        /// ε of AdamW.
        public var eps: Float = 1e-4
        public init() {}

        public func check() throws(Fault) {
            try require("shots", Float(shots), in: 1 ... 1e6)
            try require("alpha", alpha, in: 0 ... 1e4)
            try require("beta", beta, in: 0 ... 1e3)
            try checkTraining(epsilon: eps)
        }
    }

    public struct Parameters: ParameterSet {
        public var weight: Matrix  // W [C×D]
        public func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("weight", \.weight)] }
    }

    public static let name = "up-adapter"
    public static let summary = "one trained prototype per class, from zero-shot pseudo-labels; no label is read"
    public static let needsText = true
    public static let fitsTo = Fitting.unlabelled
    public static let choosesEpoch = false
    public var schedule: Schedule {
        settings.schedule(.adamW(AdamW(weightDecay: settings.weight_decay, epsilon: settings.eps)))
    }
    public var trainingItems: Support? { items }

    private let settings: Settings
    private let text: TextTerm
    private let items: Support
    private let start: Matrix  // [C×D]
    private let keyLabels: KeyLabels

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        self.settings = settings
        text = try Self.requiredText(task).zeroShot
        items = try task.requiredUnlabelled(Self.name).surest(settings.shots, text: text)
        var prototypes = classSums(try items.keys(), labels: items.labels, classCount: text.classCount)
        normalizeRows(&prototypes)
        start = prototypes
        keyLabels = KeyLabels(Array(0 ..< text.classCount), classCount: text.classCount)
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters { Parameters(weight: start) }

    public func classifier(_ p: Parameters) -> Classifier {
        Classifier(
            text,
            CacheTerm(keys: p.weight, keyLabels: keyLabels, alpha: settings.alpha, beta: settings.beta),
            classCount: text.classCount)
    }

    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        // Tip-Adapter-F's, with one key a class.
        let (value, dW) = trainedKeysLoss(
            f, labels: labels, text: text, keys: p.weight, keyLabels: keyLabels, (settings.alpha, settings.beta))
        return (Loss([("cross_entropy", value)]), ["weight": dW])
    }
}
