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
    /// The paper's α and β, and the search for ImageNet.
    public struct Settings: CacheSettings {
        /// α: the weight of the cache.
        public var alpha: Float = 1
        /// β: the sharpness of the cache.
        public var beta: Float = 5.5
        /// The upper bounds of the search.
        public var search_scale = SearchScale(beta: 7, alpha: 3)
        /// The steps of the search; those of α are for the published grid.
        public var search_step = SearchSteps(beta: 200, alpha: 20)
        /// The published settings.
        public init() {}
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "tip-adapter", summary: "a key-value cache of the few shots; searched, not trained", needsText: false,
        searched: ["alpha", "beta"])
    package let searchSpace: SearchSpace

    private let classifier: Classifier

    /// Takes the texts, if there are any, and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        searchSpace = try settings.searchSpace()
        let support = try task.requiredSupport(Self.name)
        classifier = Classifier(
            task.text?.zeroShot,
            CacheTerm(
                keys: try support.keys(), keyLabels: support.keyLabels, alpha: settings.alpha, beta: settings.beta))
    }

    /// The classifier at the α and β of the settings.
    public func initialClassifier() -> Classifier { classifier }
}
