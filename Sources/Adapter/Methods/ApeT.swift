public import Core
public import Kernels

/// APE-T: one residual per class on the most discriminative channels, for its text and its keys, and one strength per
/// key.
///
/// With R [C×Q] on the chosen channels, R↑ zero elsewhere, and r [M]:
///
///     a = exp(−β(1 − f·(F_k + R↑_c)ᵀ))        z = σ·f·(T + R↑)ᵀ + α·Σ_{k of c} r_k·a_k
///     dr_k = α Σ_b g_bc a_bk                    dR = (σ·g + αβ Σ_{k of c} r_k g_bc a_bk)ᵀ f on the channels
///
/// Nothing is normalized again. Zhu et al., ICCV 2023; `main.py`, `APE_Training`. The released code does not run; this
/// is how it is read: Q is the number for training with its weights (0.2, 0.8), and similarity is that of the texts
/// alone. The epoch is the best one on validation, as published.
public struct ApeT: TrainedMethod, CacheMethod {
    /// The names and values of `configs/imagenet.yaml`.
    public struct Settings: CacheSettings, TrainingSettings {
        /// α and β in training; a search chooses others afterwards.
        public var alpha: Float = 2
        public var beta: Float = 1
        /// Q: the number of channels trained, per 1024.
        public var training_feat_num = 500
        /// w: the weights of similarity and variance in the criterion.
        public var w_training: [Float] = [0.2, 0.8]
        public var lr: Float = 1e-4
        public var epochs = 20
        public var batch_size = 256
        public var weight_decay: Float = 0.1
        /// ε of AdamW.
        public var eps: Float = 1e-3
        public var search_scale = SearchScale(beta: 7, alpha: 7)
        public var search_step = SearchSteps(beta: 200, alpha: 20)
        /// The precision of a step's large products; evaluation and search are in float32.
        public var precision = PrecisionRequest.auto
        public init() {}

        public func check() throws(Fault) {
            try checkCache()
            _ = try searchSpace()
            try ChannelCriterion.check(channels: training_feat_num, weights: w_training)
            try checkTraining(epsilon: eps)
        }
    }

    public struct Parameters: ParameterSet {
        public var residual: Matrix  // R [C×Q]
        public var strengths: Matrix  // r [1×M]
        public func tensors() -> [ParameterTensor<Self>] {
            [ParameterTensor("residual", \.residual), ParameterTensor("value_weights", \.strengths)]
        }
    }

    public static let name = "ape-t"
    public static let summary = "one residual per class on chosen channels of texts and keys, and one strength per key"
    public static let needsText = true
    public let searchSpace: SearchSpace
    public static let published = PublishedChoice.bestValidationEpoch
    public var schedule: Schedule {
        settings.schedule(.adamW(AdamW(weightDecay: settings.weight_decay, epsilon: settings.eps)))
    }

    private let settings: Settings
    private let text: Matrix  // T [C×D]
    private let logitScale: Float  // σ
    private let keys: Matrix  // F [M×D]
    private let keyLabels: KeyLabels
    private let channels: [Int]
    private let precision: Precision

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        searchSpace = try settings.searchSpace()
        self.settings = settings
        let classText = try Self.requiredText(task)
        text = classText.classifier
        logitScale = classText.logitScale
        let support = try task.requiredSupport(Self.name)
        keys = try support.keys()
        keyLabels = support.keyLabels
        channels = ChannelCriterion(texts: text, keys: nil, weights: settings.w_training)
            .best(ChannelCriterion.count(settings.training_feat_num, of: text.columns))
        precision = settings.precision.resolved(prototypes: keyLabels.count)
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(
            residual: .zeros(text.rows, channels.count),
            strengths: Matrix([Float](repeating: 1, count: keys.rows), rows: 1, columns: keys.rows))
    }

    public func classifier(_ p: Parameters) -> Classifier {
        let lifted = lifted(p.residual)
        var cache = CacheTerm(
            keys: sum(keys, lifted.rows(at: keyLabels.labels)), keyLabels: keyLabels, alpha: settings.alpha,
            beta: settings.beta)
        cache.strengths = p.strengths.elements
        return Classifier(TextTerm(sum(text, lifted), scale: logitScale), cache, classCount: text.rows)
    }

    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        let α = settings.alpha
        let β = settings.beta
        let r = p.strengths.elements
        let selected = f.columns(at: channels)
        // R↑ adds the same to the text of a class and to each of its keys.
        let shift = product(selected, p.residual, transposingB: true)
        var z = product(f, text, transposingB: true, scale: logitScale)
        add(shift, scale: logitScale, to: &z)
        var a = product(f, keys, transposingB: true, precision: precision)
        addOfClasses(shift, keyLabels: keyLabels, to: &a)
        addCacheLogits(&a, keyLabels: keyLabels, strengths: r, alpha: α, beta: β, to: &z)
        let value = crossEntropyGradient(&z, labels: labels)

        cacheLogitsGradient(&a, keyLabels: keyLabels, logitsGradient: z, alpha: α, beta: 1)  // a is now α·g∘a
        let dr = columnSums(a)
        scaleColumns(&a, by: r)
        scale(&z, by: logitScale)
        add(sumsOfClasses(a, keyLabels: keyLabels), scale: β, to: &z)
        let dR = product(z, selected, transposingA: true)
        return (
            Loss([("cross_entropy", value)]),
            ["residual": .matrix(dR), "value_weights": .matrix(Matrix(dr, rows: 1, columns: dr.count))]
        )
    }

    /// R↑ [C×D].
    private func lifted(_ residual: Matrix) -> Matrix {
        var lifted = Matrix.zeros(text.rows, text.columns)
        for c in 0 ..< text.rows {
            for (j, channel) in channels.enumerated() { lifted[c, channel] = residual[c, j] }
        }
        return lifted
    }

    /// The repository's configurations.
    public static let publishedSettings = PublishedSettings(
        ["alpha", "search_scale", "training_feat_num", "epochs", "lr", "eps"],
        [
            "imagenet": [2, [7, 7], 500, 20, 1e-4, 1e-3],
            "caltech101": [1, [7, 7], 900, 30, 1e-3, 1e-3],
            "dtd": [3, [7, 7], 700, 20, 1e-3, 1e-3],
            "eurosat": [1, [30, 5], 900, 200, 1e-3, 1e-3],
            "fgvc_aircraft": [5, [20, 10], 900, 30, 1e-3, 1e-3],
            "oxford_flowers": [3, [7, 7], 800, 60, 1e-3, 1e-3],
            "food101": [0.8, [7, 7], 900, 30, 1e-4, 1e-3],
            "oxford_pets": [2, [7, 7], 800, 30, 1e-4, 2e-3],
            "stanford_cars": [1, [10, 7], 800, 30, 1e-3, 5e-3],
            "sun397": [1, [10, 7], 800, 30, 1e-4, 1e-3],
            "ucf101": [2, [10, 7], 800, 30, 1e-3, 2e-3],
        ])

    /// The published settings; ε on Food-101 is larger for one and two shots.
    public static func published(for dataset: String, shots: Int?) -> [String: SettingValue] {
        var settings = publishedSettings[dataset] ?? [:]
        if catalogName(of: dataset) == "food101", let shots, shots <= 2 { settings["eps"] = 1e-2 }
        return settings
    }
}
