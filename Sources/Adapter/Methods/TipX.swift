public import Core
internal import Kernels

/// Tip-X: Tip-Adapter with a penalty on keys whose class distribution differs from the item's.
///
///     z = σ·f·Tᵀ + Σ_{k of c} [ α·exp(−β(1 − f·F_k)) − γ·φ(KL(p‖q_k)) ],    p = softmax(f·Tᵀ/0.5), q_k of F_k
///
/// φ maps the range of all divergences on validation linearly onto the range of the affinities; before a search, the
/// few-shot items against the keys give both ranges. Udandarao et al., ICCV 2023, equations 4 to 7; `tipx.py`.
public struct TipX: AdapterMethod {
    /// The names and ranges of `tipx.py`.
    public struct Settings: CacheSettings {
        /// α: the weight of the cache if it is not searched: Tip-Adapter's.
        public var alpha: Float = 1
        /// β: the sharpness of the cache if it is not searched: Tip-Adapter's.
        public var beta: Float = 5.5
        /// γ: the weight of the divergences if it is not searched: the least that a search tries.
        public var gamma: Float = 0.1
        /// The upper bounds of the search; β starts at 1, α and γ at 0.1.
        public var search_scale = SearchScale(beta: 50, alpha: 50, gamma: 30)
        /// The steps of the search.
        public var search_step = SearchSteps(beta: 200, alpha: 20, gamma: 50)
        /// The defaults.
        public init() {}

        /// Throws `configuration` for a number outside its range, or a search of nothing.
        public func check() throws(Fault) {
            try checkRanges()
            try require("search_scale", search_scale.beta, in: 1.1 ... 1000)
            _ = try searchSpace()
        }

        package func searchSpace() throws(Fault) -> SearchSpace {
            var space = try SearchSpace(
                scale: search_scale, steps: search_step, gammaFrom: 0.1, usual: (scale: 30, steps: 50))
            space.lowest.beta = 1
            space.isAlphaOutside = true
            return space
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "tip-x", summary: "Tip-Adapter with a penalty on keys of different class distributions",
        searched: ["alpha", "beta", "gamma"])

    private let settings: Settings
    private let space: SearchSpace
    private let text: TextTerm
    private let keys: Matrix  // F [M×D]
    private let keyLabels: KeyLabels
    private let logShares: Matrix  // log q [M×C]
    private let ranges: BridgeRanges

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).zeroShot
        let texts = text.embeddings
        let support = try task.requiredSupport(Self.name)
        keys = try support.keys()
        keyLabels = support.keyLabels
        logShares = ClassBridge.logDistributions(keys, text: texts)
        space = try settings.searchSpace()
        self.settings = settings
        var ranges = BridgeRanges()
        for block in (0 ..< support.count).blocks(of: 1024) {
            let items = try support.batch(block, view: support.augmentedViews[0])
            ranges.record(items, keys: keys, logShares: logShares, text: texts)
        }
        self.ranges = ranges
    }

    /// The classifier at the α, β and γ of the settings.
    public func initialClassifier() -> Classifier { classifier(ranges, gamma: settings.gamma) }

    private func classifier(_ ranges: BridgeRanges, gamma: Float) -> Classifier {
        let sums = classSums(logShares, labels: keyLabels.labels, classCount: text.classCount)
        let counts = keyLabels.keysOfClass.map { Float($0.count) }
        return Classifier(
            text,
            ClassBridge(
                text: text.embeddings, logSums: sums, counts: counts, slope: ranges.slope, offset: ranges.offset,
                gamma: gamma),
            CacheTerm(keys: keys, keyLabels: keyLabels, alpha: settings.alpha, beta: settings.beta))
    }

    /// Chooses α, β and γ, with φ of the ranges on validation.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        var ranges = BridgeRanges()
        try validation.items.forEachBlock(of: 1024) { _, queries throws(Fault) in
            ranges.record(queries.features, keys: keys, logShares: logShares, text: text.embeddings)
        }
        let bridged = self.classifier(ranges, gamma: settings.gamma)
        return try validation.search(space, by: kind) { gamma in
            var classifier = bridged
            classifier[ClassBridge.self]?.gamma = gamma
            return classifier
        }
    }
}

/// The range of divergences, and the range of affinities that φ maps it onto.
private struct BridgeRanges: Sendable {
    private var divergences: (low: Float, high: Float) = (.infinity, -.infinity)
    private var affinities: (low: Float, high: Float) = (.infinity, -.infinity)

    /// φ's slope; 0 where all divergences are equal.
    var slope: Float {
        let range = divergences.high - divergences.low
        return range > 0 ? (affinities.high - affinities.low) / range : 0
    }

    /// φ at zero.
    var offset: Float { affinities.low - slope * divergences.low }

    /// Takes items [B×D] against keys F [M×D] with log q [M×C].
    mutating func record(_ items: Matrix, keys: Matrix, logShares: Matrix, text: Matrix) {
        Self.widen(&affinities, by: product(items, keys, transposingB: true))
        let (p, negentropy) = ClassBridge.distributions(items, text: text)
        // KL(p‖q) = Σ p·log p − Σ p·log q.
        var kl = product(p, logShares, transposingB: true, scale: -1)
        for (i, row) in negentropy.enumerated() {
            for j in 0 ..< kl.columns { kl[i, j] += row }
        }
        Self.widen(&divergences, by: kl)
    }

    private static func widen(_ range: inout (low: Float, high: Float), by values: Matrix) {
        range.low = min(range.low, values.elements.min() ?? range.low)
        range.high = max(range.high, values.elements.max() ?? range.high)
    }
}
