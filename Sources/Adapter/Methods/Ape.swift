public import Core
internal import Kernels

/// APE: a cache of the most discriminative channels, with keys weighted by the uncertainty of their class.
///
/// With f', F', T' the chosen channels, normalized again:
///
///     z = σ·f·Tᵀ + α·Σ_{k of c} e^{γκ_k}·exp(−β(1 − f'·F'_k))
///     κ_k = log₂((1 + ε)/(p_k + ε)),    p_k = softmax(F'_k·T'ᵀ) at the class of k,    ε = 1e-6
///
/// Zhu et al., "Not all features matter", ICCV 2023; `main.py` and `utils.py` of its repository. Channels are chosen by
/// ``ChannelCriterion`` over texts and keys; their published number is for width 1024 and scaled to the width.
/// Departure: α is searched over its whole interval for each β and γ.
public struct Ape: AdapterMethod {
    /// The names and values of `configs/imagenet.yaml`.
    public struct Settings: CacheSettings {
        /// α and β before a search.
        public var alpha: Float = 2
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
        public init() {}

        public func check() throws(Fault) {
            try checkCache()
            try require("gamma", gamma, in: 0 ... 20)
            try ChannelCriterion.check(channels: training_free_feat_num, weights: w_training_free)
            _ = try space()
        }

        /// β, α and `i·S/n` of γ for i below n.
        func space() throws(Fault) -> SearchSpace {
            var (space, scale, steps) = try SearchSpace.withGamma(
                scale: search_scale, steps: search_step, defaults: (scale: 0.5, steps: 5))
            space.gammas = (0 ..< steps).map { Double($0) * scale / Double(steps) }
            return space
        }
    }

    public static let name = "ape"
    public static let summary = "a cache of the most discriminative channels; searched, not trained"
    public static let needsText = true
    public static let isSearched = true

    private let settings: Settings
    private let text: TextTerm
    private let keys: Matrix  // F' [M×Q]
    private let keyLabels: KeyLabels
    private let channels: [Int]
    private let doubts: [Float]  // κ [M]
    private let space: SearchSpace

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).zeroShot
        let texts = text.embeddings
        let support = try task.requiredSupport(Self.name)
        let all = try support.keys()
        keyLabels = support.keyLabels
        channels = ChannelCriterion(texts: texts, keys: (all, keyLabels), weights: settings.w_training_free)
            .best(ChannelCriterion.count(settings.training_free_feat_num, of: texts.columns))
        keys = normalizeRows(all.columns(at: channels)).unit
        doubts = Self.doubts(keys, texts: normalizeRows(texts.columns(at: channels)).unit, keyLabels)
        space = try settings.space()
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

    public func initialClassifier() -> Classifier { classifier(gamma: settings.gamma) }

    private func classifier(gamma: Float) -> Classifier {
        var cache = CacheTerm(keys: keys, keyLabels: keyLabels, alpha: settings.alpha, beta: settings.beta)
        cache.channels = channels
        cache.strengths = doubts.map { exponential(gamma * $0) }
        return Classifier(text, cache, classCount: text.classCount)
    }

    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        try validation.search(space, by: kind) { self.classifier(gamma: $0) }
    }

    /// The repository's configurations.
    public static let publishedSettings = PublishedSettings(
        ["alpha", "search_scale", "search_step", "training_free_feat_num", "w_training_free"],
        [
            "imagenet": [2, [7, 7, 0.5], [200, 20, 5], 500, [0.7, 0.3]],
            "caltech101": [1, [7, 7, 1], [200, 20, 20], 800, [0.5, 0.5]],
            "dtd": [3, [7, 7, 1], [200, 20, 20], 400, [0.5, 0.5]],
            "eurosat": [1, [30, 5, 1.5], [200, 20, 20], 700, [0.9, 0.1]],
            "fgvc_aircraft": [5, [20, 10, 1], [200, 20, 20], 800, [0.1, 0.9]],
            "oxford_flowers": [3, [7, 7, 1], [200, 20, 20], 700, [0.4, 0.6]],
            "food101": [0.8, [7, 7, 1], [200, 20, 20], 700, [0.3, 0.7]],
            "oxford_pets": [2, [7, 7, 1], [200, 20, 20], 800, [0.7, 0.3]],
            "stanford_cars": [1, [10, 7, 1], [200, 20, 20], 500, [0.6, 0.4]],
            "sun397": [1, [10, 7, 1], [200, 20, 20], 800, [0.7, 0.3]],
            "ucf101": [2, [10, 7, 1.5], [200, 20, 20], 700, [0.3, 0.7]],
        ])
}
