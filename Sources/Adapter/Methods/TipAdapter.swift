public import Core

/// Tip-Adapter: zero-shot logits and a key-value cache of the few shots; nothing is trained.
///
/// For features f [B×D], texts T [C×D] and keys F [M×D] of known classes,
///
///     z = σ·f·Tᵀ + α·Σ_{k of c} exp(−β(1 − f·F_k))
///
/// Keys are the normalized means of the stored augmented views. Without text features there is no zero-shot term.
/// Zhang et al., "Tip-Adapter", ECCV 2022, equations 3-5; `main.py`, `run_tip_adapter`.
public struct TipAdapter: CacheMethod {
    public struct Settings: CacheSettings {
        /// α: the weight of the cache, 1 in the paper.
        public var alpha: Float = 1
        /// β: the sharpness of the cache, 5.5 in the paper.
        public var beta: Float = 5.5
        /// The upper bounds of the search.
        public var search_scale = SearchScale(beta: 7, alpha: 3)
        /// The steps of the search; those of α are for the published grid.
        public var search_step = SearchSteps(beta: 200, alpha: 20)
        public init() {}

        public func check() throws(Fault) {
            try checkCache()
            _ = try searchSpace()
        }
    }

    public static let name = "tip-adapter"
    public static let summary = "a key-value cache of the few shots; searched, not trained"
    public static let needsText = false
    public let searchSpace: SearchSpace

    private let classifier: Classifier

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        searchSpace = try settings.searchSpace()
        let support = try task.requiredSupport(Self.name)
        classifier = Classifier(
            task.text?.zeroShot,
            CacheTerm(
                keys: try support.keys(), keyLabels: support.keyLabels, alpha: settings.alpha, beta: settings.beta),
            classCount: support.classCount)
    }

    /// `search_scale` of the repository's configurations.
    public static let publishedSettings = PublishedSettings(
        ["search_scale"],
        [
            "imagenet": [[7, 3]],
            "caltech101": [[12, 5]],
            "dtd": [[13, 13]],
            "eurosat": [[12, 10]],
            "fgvc_aircraft": [[30, 30]],
            "oxford_flowers": [[50, 50]],
            "food101": [[10, 10]],
            "oxford_pets": [[7, 3]],
            "stanford_cars": [[20, 10]],
            "sun397": [[12, 10]],
            "ucf101": [[7, 3]],
        ])

    public func initialClassifier() -> Classifier { classifier }
}
