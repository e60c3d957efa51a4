public import Core
public import Kernels

/// Tip-Adapter-F: Tip-Adapter with its keys fine-tuned.
///
///     a = exp(−β(1 − f·Fᵀ))            [B×M]
///     z = σ·f·Tᵀ + α·Σ_{k of c} a    [B×C]
///     dF = (αβ·G∘a)ᵀ f                  [M×D], G_bk = g_{b, class of k}
///
/// Keys start at Tip-Adapter's and are not normalized again. Zhang et al., ECCV 2022; `main.py`, `run_tip_adapter_F`.
public struct TipAdapterF: TrainedMethod, CacheMethod {
    public struct Settings: CacheSettings, TrainingSettings {
        /// α and β in training; a search chooses others afterwards.
        public var alpha: Float = 1.17
        public var beta: Float = 1
        public var lr: Float = 1e-3
        public var epochs = 20
        public var batch_size = 256
        public var weight_decay: Float = 0.01
        /// ε of AdamW.
        public var eps: Float = 1e-4
        public var search_scale = SearchScale(beta: 7, alpha: 3)
        public var search_step = SearchSteps(beta: 200, alpha: 20)
        /// The precision of a step's large products; evaluation and search are in float32.
        public var precision = PrecisionRequest.auto
        public init() {}

        public func check() throws(Fault) {
            try checkCache()
            _ = try searchSpace()
            try checkTraining(epsilon: eps)
        }
    }

    public struct Parameters: ParameterSet {
        public var keys: Matrix  // F [M×D]
        public func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("keys", \.keys)] }
    }

    public static let name = "tip-adapter-f"
    public static let summary = "Tip-Adapter with its keys fine-tuned"
    public static let needsText = false
    public let searchSpace: SearchSpace
    public static let published = PublishedChoice.bestEpochReloaded
    public var schedule: Schedule {
        settings.schedule(.adamW(AdamW(weightDecay: settings.weight_decay, epsilon: settings.eps)))
    }

    private let settings: Settings
    private let text: TextTerm?
    private let keys: Matrix  // [M×D]
    private let keyLabels: KeyLabels
    private let precision: Precision

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        searchSpace = try settings.searchSpace()
        self.settings = settings
        text = task.text?.zeroShot
        let support = try task.requiredSupport(Self.name)
        keys = try support.keys()
        keyLabels = support.keyLabels
        precision = settings.precision.resolved(prototypes: keyLabels.count)
    }

    /// The repository's configurations: `init_alpha`, `train_epoch` and `search_scale`.
    public static let publishedSettings = PublishedSettings(
        ["alpha", "epochs", "search_scale"],
        [
            "imagenet": [1.17, 20, [7, 3]],
            "caltech101": [3, 20, [12, 5]],
            "dtd": [2, 20, [13, 13]],
            "eurosat": [2, 100, [12, 10]],
            "fgvc_aircraft": [5, 20, [30, 30]],
            "oxford_flowers": [10, 20, [50, 50]],
            "food101": [1.17, 20, [10, 10]],
            "oxford_pets": [1.17, 20, [7, 3]],
            "stanford_cars": [3, 20, [20, 10]],
            "sun397": [1.17, 20, [12, 10]],
            "ucf101": [3, 20, [7, 3]],
        ])

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters { Parameters(keys: keys) }

    public func classifier(_ parameters: Parameters) -> Classifier {
        Classifier(
            text,
            CacheTerm(keys: parameters.keys, keyLabels: keyLabels, alpha: settings.alpha, beta: settings.beta),
            classCount: keyLabels.classCount)
    }

    public func loss(
        _ x: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        let (value, dF) = trainedKeysLoss(
            x, labels: labels, text: text, keys: p.keys, keyLabels: keyLabels, (settings.alpha, settings.beta),
            precision)
        return (Loss([("cross_entropy", value)]), ["keys": dF])
    }
}

/// The cross-entropy of `σ·x·Tᵀ + α·Σ_{k of c} exp(−β(1 − x·F_k))`, and its gradient dF [M×D].
func trainedKeysLoss(
    _ x: Matrix, labels: [Int], text: TextTerm?, keys: Matrix, keyLabels: KeyLabels, _ weights: (α: Float, β: Float),
    _ precision: Precision = .float32
) -> (value: Double, gradient: TensorGradient) {
    let (α, β) = weights
    var z =
        text.map { product(x, $0.embeddings, transposingB: true, scale: $0.scale) }
        ?? .zeros(x.rows, keyLabels.classCount)
    var a = product(x, keys, transposingB: true, precision: precision)
    addCacheLogits(&a, keyLabels: keyLabels, alpha: α, beta: β, to: &z)
    let value = crossEntropyGradient(&z, labels: labels)

    cacheLogitsGradient(&a, keyLabels: keyLabels, logitsGradient: z, alpha: α, beta: β)
    return (value, .product(a, x, precision))
}
