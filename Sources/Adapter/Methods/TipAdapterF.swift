public import Core
package import Kernels

/// Tip-Adapter-F: Tip-Adapter with its keys fine-tuned.
///
///     a = exp(−β(1 − f·Fᵀ))            [B×M]
///     z = σ·f·Tᵀ + α·Σ_{k of c} a    [B×C]
///     dF = (αβ·G∘a)ᵀ f                  [M×D], G_bk = g_{b, class of k}
///
/// Keys start at Tip-Adapter's and are not normalized again. Zhang et al., ECCV 2022; `main.py`, `run_tip_adapter_F`.
public struct TipAdapterF: TrainedMethod, CacheMethod {
    /// The names and values of `configs/imagenet.yaml`.
    public struct Settings: CacheSettings, TrainingSettings {
        /// α: the weight of the cache in training; a search chooses another afterwards.
        public var alpha: Float = 1.17
        /// β: the sharpness of the cache in training; a search chooses another afterwards.
        public var beta: Float = 1
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
        /// The upper bounds of the search.
        public var search_scale = SearchScale(beta: 7, alpha: 3)
        /// The steps of the search.
        public var search_step = SearchSteps(beta: 200, alpha: 20)
        /// The precision of a step's large products; evaluation and search are in float32.
        public var precision = PrecisionRequest.auto
        /// The published settings.
        public init() {}
    }

    package struct Parameters: ParameterSet {
        package var keys: Matrix  // F [M×D]
        package func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("keys", \.keys)] }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "tip-adapter-f", summary: "Tip-Adapter with its keys fine-tuned", needsText: false,
        searched: ["alpha", "beta"],
        epoch: .bestEpochReloaded)
    package let searchSpace: SearchSpace
    package var schedule: Schedule { settings.schedule(epsilon: settings.eps) }

    private let settings: Settings
    private let keys: Matrix  // [M×D]
    private let cache: TrainedCache

    /// Takes the texts, if there are any, and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        searchSpace = try settings.searchSpace()
        self.settings = settings
        let support = try task.requiredSupport(Self.name)
        keys = try support.keys()
        cache = TrainedCache(
            text: task.text?.zeroShot, keyLabels: support.keyLabels, weights: settings.weights,
            precision: settings.precision.resolved(prototypes: support.count))
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters { Parameters(keys: keys) }

    package func classifier(_ p: Parameters) -> Classifier { cache.classifier(p.keys) }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        cache.loss(batch, keys: p.keys, name: "keys")
    }
}

/// Zero-shot logits and a cache whose keys are trained: `z = σ·f·Tᵀ + α·Σ_{k of c} exp(−β(1 − f·F_k))`.
struct TrainedCache: Sendable {
    let text: TextTerm?
    let keyLabels: KeyLabels
    let weights: CacheWeights
    /// The precision of the products with the keys.
    var precision = Precision.float32

    /// The classifier with keys F [M×D].
    func classifier(_ keys: Matrix) -> Classifier {
        Classifier(text, CacheTerm(keys: keys, keyLabels: keyLabels, alpha: weights.alpha, beta: weights.beta))
    }

    /// The cross-entropy of a batch with keys F [M×D], and their gradient, called `name`.
    func loss(_ batch: Batch, keys: Matrix, name: String) -> Loss {
        let f = batch.features
        var z =
            text.map { product(f, $0.embeddings, transposingB: true, scale: $0.scale) }
            ?? .zeros(f.rows, keyLabels.classCount)
        var a = product(f, keys, transposingB: true, precision: precision)
        weights.addLogits(&a, keyLabels: keyLabels, to: &z)
        let value = crossEntropyGradient(&z, labels: batch.labels)

        weights.gradient(&a, keyLabels: keyLabels, logitsGradient: z)
        return Loss(value, gradient: [name: .product(a, f, precision)])
    }
}
