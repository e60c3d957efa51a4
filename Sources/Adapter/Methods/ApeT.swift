public import Core
internal import Kernels

/// APE-T: one residual per class on the most discriminative channels, for its text and its keys, and one strength per
/// key.
///
/// With R [C×Q] on the chosen channels, R↑ zero elsewhere, and r [M]:
///
///     a = exp(−β(1 − f·(F_k + R↑_c)ᵀ))        z = σ·f·(T + R↑)ᵀ + α·Σ_{k of c} r_k·a_k
///     dr_k = α Σ_b g_bc a_bk                    dR = (σ·g + αβ Σ_{k of c} r_k g_bc a_bk)ᵀ f on the channels
///
/// Nothing is normalized again. Zhu et al., ICCV 2023; `main.py`, `APE_Training`, with the similarity of texts alone.
public struct ApeT: TrainedMethod, CacheMethod {
    /// The names and values of `configs/imagenet.yaml`.
    public struct Settings: CacheSettings, TrainingSettings {
        /// α: the weight of the cache in training; a search chooses another afterwards.
        public var alpha: Float = 2
        /// β: the sharpness of the cache in training; a search chooses another afterwards.
        public var beta: Float = 1
        /// Q: the number of channels trained, per 1024.
        public var training_feat_num = 500
        /// w: the weights of similarity and variance in the criterion.
        public var w_training: [Float] = [0.2, 0.8]
        /// The base learning rate.
        public var lr: Float = 1e-4
        /// The number of epochs.
        public var epochs = 20
        /// Items per step.
        public var batch_size = 256
        /// The weight decay of AdamW.
        public var weight_decay: Float = 0.1
        /// ε of AdamW.
        public var eps: Float = 1e-3
        /// The upper bounds of the search.
        public var search_scale = SearchScale(beta: 7, alpha: 7)
        /// The steps of the search.
        public var search_step = SearchSteps(beta: 200, alpha: 20)
        /// The precision of a step's large products; evaluation and search are in float32.
        public var precision = PrecisionRequest.auto
        /// The published settings.
        public init() {}

        /// Throws `configuration` for a number outside its range, or a choice of no channel.
        public func check() throws(Fault) {
            try checkRanges()
            try ChannelCriterion.check(channels: training_feat_num, weights: w_training)
            _ = try searchSpace()
        }
    }

    package struct Parameters: ParameterSet {
        var residual: Matrix  // R [C×Q]
        var strengths: Matrix  // r [1×M]
        package func tensors() -> [ParameterTensor<Self>] {
            [ParameterTensor("residual", \.residual), ParameterTensor("value_weights", \.strengths)]
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "ape-t", summary: "one residual per class on chosen channels of texts and keys, and one strength per key",
        searched: ["alpha", "beta"], epoch: .bestValidationEpoch(ofEquals: .first))
    package let searchSpace: SearchSpace
    package var schedule: Schedule { settings.schedule(epsilon: settings.eps) }

    private let settings: Settings
    private let text: TextTerm  // T [C×D], σ
    private let keys: Matrix  // F [M×D]
    private let keyLabels: KeyLabels
    private let channels: [Int]
    private let precision: Precision

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        searchSpace = try settings.searchSpace()
        self.settings = settings
        text = try Self.requiredText(task).zeroShot
        let support = try task.requiredSupport(Self.name)
        keys = try support.keys()
        keyLabels = support.keyLabels
        channels = ChannelCriterion(texts: text.embeddings, keys: nil, weights: settings.w_training)
            .best(settings.training_feat_num)
        precision = settings.precision.resolved(prototypes: keyLabels.count)
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(
            residual: .zeros(text.classCount, channels.count),
            strengths: Matrix(row: [Float](repeating: 1, count: keys.rows)))
    }

    package func classifier(_ p: Parameters) -> Classifier {
        let lifted = lifted(p.residual)
        var cache = CacheTerm(
            keys: sum(keys, lifted.rows(at: keyLabels.labels)), keyLabels: keyLabels, alpha: settings.alpha,
            beta: settings.beta)
        cache.strengths = p.strengths.elements
        return Classifier(TextTerm(sum(text.embeddings, lifted), scale: text.scale), cache)
    }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        let f = batch.features
        let r = p.strengths.elements
        let selected = f.columns(at: channels)
        // R↑ adds the same to the text of a class and to each of its keys.
        let shift = product(selected, p.residual, transposingB: true)
        var z = product(f, text.embeddings, transposingB: true, scale: text.scale)
        add(shift, scale: text.scale, to: &z)
        var a = product(f, keys, transposingB: true, precision: precision)
        addOfClasses(shift, keyLabels: keyLabels, to: &a)
        settings.weights.addLogits(&a, keyLabels: keyLabels, strengths: r, to: &z)
        let value = crossEntropyGradient(&z, labels: batch.labels)

        // a is now α·g∘a.
        CacheWeights(alpha: settings.alpha, beta: 1).gradient(&a, keyLabels: keyLabels, logitsGradient: z)
        let dr = columnSums(a)
        scaleColumns(&a, by: r)
        scale(&z, by: text.scale)
        add(sumsOfClasses(a, keyLabels: keyLabels), scale: settings.beta, to: &z)
        let dR = product(z, selected, transposingA: true)
        return Loss(value, gradient: ["residual": .matrix(dR), "value_weights": .matrix(Matrix(row: dr))])
    }

    /// R↑ [C×D].
    private func lifted(_ residual: Matrix) -> Matrix {
        var lifted = Matrix.zeros(text.classCount, text.embeddings.columns)
        for c in 0 ..< lifted.rows {
            for (j, channel) in channels.enumerated() { lifted[c, channel] = residual[c, j] }
        }
        return lifted
    }

    /// The published settings; ε on Food-101 is larger for one and two shots.
    public static func published(for dataset: String, shots: Int?) -> [String: SettingValue] {
        var settings = publishedSettings(of: name, for: dataset)
        if Benchmark.catalogName(of: dataset) == "food101", let shots, shots <= 2 { settings["eps"] = 1e-2 }
        return settings
    }
}
