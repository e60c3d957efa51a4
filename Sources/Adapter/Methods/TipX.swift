public import Core
internal import Kernels

/// Tip-X: Tip-Adapter, where keys count less the more their class distribution differs from the item's.
///
///     z = 100·f·Tᵀ + Σ_{k of c} [ α·exp(−β(1 − f·F_k)) − γ·φ(KL(p‖q_k)) ],    p = softmax(f·Tᵀ/0.5), q_k of F_k
///
/// φ maps the range of all divergences on validation linearly onto the range of the affinities there. Udandarao et al.,
/// "SuS-X: training-free name-only transfer", ICCV 2023, equations 4 to 7; `tipx.py` of its repository, whose last batch of
/// divergences stays zero; ours are whole. Before a search there is no validation: the support items against the keys give
/// both ranges. Ours searches α over its whole interval for each β and γ.
public struct TipX: AdapterMethod {
    /// The names and ranges of `tipx.py`.
    public struct Settings: MethodSettings {
        /// α and β, where nothing is searched: Tip-Adapter's.
        public var alpha: Float = 1
        public var beta: Float = 5.5
        /// γ: the weight of the divergences, where nothing is searched: the least that a search tries.
        public var gamma: Float = 0.1
        /// How far a search goes, β from 1, α and γ from 0.1.
        public var search_scale: [Float] = [50, 50, 30]
        public var search_step: [Int] = [200, 20, 50]
        public init() {}

        public func check() throws(Fault) {
            try requireCache(
                alpha: alpha, beta: beta, searchScale: Array(search_scale.prefix(2)),
                searchSteps: Array(search_step.prefix(2)))
            try require("gamma", gamma, in: 0 ... 1e4)
            try require("search_scale", search_scale.first ?? 0, in: 1.1 ... 1000)
            _ = try space()
        }

        /// `1 + i(S − 1)/n` of β, `0.1 + i(S − 0.1)/n` of α and γ, for i below n.
        package func space() throws(Fault) -> SearchSpace {
            var (space, scale, steps) = try SearchSpace.withGamma(
                scale: search_scale, steps: search_step, usual: ([50, 50, 30], [200, 20, 50]))
            space.lowest.beta = 1
            space.isAlphaOutside = true
            space.gammas = (0 ..< steps).map { Double($0) * (scale - 0.1) / Double(steps) + 0.1 }
            return space
        }
    }

    public static let name = "tip-x"
    public static let summary = "Tip-Adapter with keys of other class distributions counting less"
    public static let needsText = true
    public static let isSearched = true

    private let settings: Settings
    private let space: SearchSpace
    private let text: Matrix  // T [C×D]
    private let keys: Matrix  // F [M×D]
    private let owners: KeyOwners
    private let logShares: Matrix  // log q [M×C]
    private let ranges: BridgeRanges

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).classifier
        let support = try task.requiredSupport(Self.name)
        keys = try support.keys()
        owners = support.owners
        logShares = ClassBridge.logDistributions(keys, text: text)
        space = try settings.space()
        self.settings = settings
        var ranges = BridgeRanges()
        var items = Matrix.zeros(0, support.width)
        for start in stride(from: 0, to: support.count, by: 1024) {
            let block = start ..< min(support.count, start + 1024)
            try support.batch(Array(block), view: support.augmentedViews[0], into: &items)
            ranges.record(items, keys: keys, logShares: logShares, text: text)
        }
        self.ranges = ranges
    }

    public func initialClassifier() -> Classifier { classifier(ranges, gamma: settings.gamma) }

    private func classifier(_ ranges: BridgeRanges, gamma: Float) -> Classifier {
        let classes = text.rows
        var sums = Matrix.zeros(classes, classes)
        for (k, owner) in owners.owners.enumerated() {
            for j in 0 ..< classes { sums[owner, j] += logShares[k, j] }
        }
        var counts = [Float](repeating: 0, count: classes)
        for owner in owners.owners { counts[owner] += 1 }
        var classifier = Classifier(
            text: text,
            cache: .init(keys: keys, owners: owners, alpha: settings.alpha, beta: settings.beta), classCount: classes)
        classifier.bridge = ClassBridge(
            text: text, logSums: sums, counts: counts, slope: ranges.slope, offset: ranges.offset, gamma: gamma)
        return classifier
    }

    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        var ranges = BridgeRanges()
        try validation.items.forEachBlock(of: 1024) { _, features throws(Fault) in
            ranges.record(features, keys: keys, logShares: logShares, text: text)
        }
        let bridged = self.classifier(ranges, gamma: settings.gamma)
        return try validation.search(space, by: kind) { gamma in
            var classifier = bridged
            classifier.bridge?.gamma = gamma
            return classifier
        }
    }
}

/// The ranges of divergences and of affinities that φ maps onto each other.
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
        for value in values.elements {
            range.low = min(range.low, value)
            range.high = max(range.high, value)
        }
    }
}
