public import Core
internal import Kernels

/// APE: a cache of the most discriminative channels, with keys weighted by the uncertainty of their class.
///
/// With f', F', T' the chosen channels, normalized again:
///
///     z = σ·f·Tᵀ + α·Σ_{k of c} e^{γκ_k}·exp(−β(1 − f'·F'_k))
///     κ_k = log₂((1 + ε)/(p_k + ε)),    p_k = softmax(F'_k·T'ᵀ) at the class of k,    ε = 1e-6
///
/// Zhu et al., ICCV 2023; `main.py` and `utils.py`. Channels are chosen by `ChannelCriterion` over texts and keys.
public struct Ape: AdapterMethod {
    /// The names and values of `configs/imagenet.yaml`.
    public struct Settings: CacheSettings {
        /// α: the weight of the cache before a search.
        public var alpha: Float = 2
        /// β: the sharpness of the cache before a search.
        public var beta: Float = 1
        /// γ: the influence of a key's uncertainty on its weight.
        public var gamma: Float = 0.1
        /// Q: the number of channels kept, per 1024.
        public var training_free_feat_num = 500
        /// w: the weights of similarity and variance in the criterion.
        public var w_training_free: [Float] = [0.7, 0.3]
        /// The upper bounds of the search; γ starts at 0.
        public var search_scale = SearchScale(beta: 7, alpha: 7, gamma: 0.5)
        /// The steps of the search.
        public var search_step = SearchSteps(beta: 200, alpha: 20, gamma: 5)
        /// The published settings.
        public init() {}

        /// Throws `configuration` for a number outside its range, or a choice of no channel.
        public func check() throws(Fault) {
            try require("gamma", gamma, in: 0 ... 20)
            try checkRanges()
            try ChannelCriterion.check(channels: training_free_feat_num, weights: w_training_free)
            _ = try searchSpace()
        }

        package func searchSpace() throws(Fault) -> SearchSpace {
            try SearchSpace(scale: search_scale, steps: search_step, gammaFrom: 0, usual: (scale: 0.5, steps: 5))
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "ape", summary: "a cache of the most discriminative channels; searched, not trained",
        searched: ["alpha", "beta", "gamma"])

    private let settings: Settings
    private let text: TextTerm
    private let keys: Matrix  // F' [M×Q]
    private let keyLabels: KeyLabels
    private let channels: [Int]
    private let doubts: [Float]  // κ [M]
    private let space: SearchSpace

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).zeroShot
        let texts = text.embeddings
        let support = try task.requiredSupport(Self.name)
        let all = try support.keys()
        keyLabels = support.keyLabels
        channels = ChannelCriterion(texts: texts, keys: (all, keyLabels), weights: settings.w_training_free)
            .best(settings.training_free_feat_num)
        keys = normalizeRows(all.columns(at: channels)).unit
        doubts = Self.doubts(keys, texts: normalizeRows(texts.columns(at: channels)).unit, keyLabels)
        space = try settings.searchSpace()
        self.settings = settings
    }

    /// κ [M].
    private static func doubts(_ keys: Matrix, texts: Matrix, _ keyLabels: KeyLabels) -> [Float] {
        var likely = product(keys, texts, transposingB: true)
        softmaxRows(&likely)
        return keyLabels.labels.enumerated().map { k, label in
            naturalLogarithm((1 + 1e-6) / (likely[k, label] + 1e-6)) / naturalLogarithm(Float(2))
        }
    }

    /// The classifier at the α, β and γ of the settings.
    public func initialClassifier() -> Classifier { classifier(gamma: settings.gamma) }

    private func classifier(gamma: Float) -> Classifier {
        var cache = CacheTerm(keys: keys, keyLabels: keyLabels, alpha: settings.alpha, beta: settings.beta)
        cache.channels = channels
        cache.strengths = doubts.map { exponential(gamma * $0) }
        return Classifier(text, cache)
    }

    /// Chooses α, β and γ.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        try validation.search(space, by: kind) { self.classifier(gamma: $0) }
    }
}
