public import Kernels

/// A fitted adapter: all that inference needs, and nothing of training.
///
/// For features f [B×D], unit rows unless ``readsRaw``,
///
///     v = bottleneck(f)
///     z = 100·v·Tᵀ + w·(v·Wᵀ + b) + α·Σ_{k of c} s_k·exp(β(x·F_k − 1)) − γ·bridge(v),   x = query(v)
///
/// with class texts T [C×D], a linear part W [C×D], b [C], and keys F [M×D], each of which may be missing: zero-shot CLIP
/// has only T, a linear probe only W and b, Tip-Adapter T and F, Cluster-Adapter those and channel weights, with the keys'
/// lengths their scales.
public struct Classifier: Sendable, Equatable {
    public var classCount: Int
    /// T, unit rows [C×D].
    public var text: Matrix?
    /// CLIP's logit scale, exp(4.60517).
    public var logitScale: Float = 100
    /// W, b and their weight w.
    public var linear: Linear?
    /// F [M×D] and the class of each row.
    public var cache: Cache?
    /// What changes the image features before all else.
    public var bottleneck: Bottleneck?
    /// What compares class distributions instead of features.
    public var bridge: ClassBridge?
    /// Whether it takes features as the encoder gave them, not unit rows.
    public var readsRaw = false

    /// `w·(f·Wᵀ + b)`.
    public struct Linear: Sendable, Equatable {
        public var weights: Matrix  // W [C×D]
        public var bias: [Float]  // b [C]
        /// w: how the part counts against the zero-shot logits.
        public var weight: Float

        public init(weights: Matrix, bias: [Float]? = nil, weight: Float = 1) {
            self.weights = weights
            self.bias = bias ?? [Float](repeating: 0, count: weights.rows)
            self.weight = weight
        }
    }

    /// Keys, their classes, and how they count.
    public struct Cache: Sendable, Equatable {
        public var keys: Matrix
        public var owners: KeyOwners
        /// α: the weight of the cache against the zero-shot logits.
        public var alpha: Float
        /// β: how sharply similarity counts.
        public var beta: Float
        /// ω [1×D]: how each channel of the query counts before it is normalised again.
        public var channelWeights: Matrix?
        /// The channels of the features that keys have, ascending; all where nil.
        public var channels: [Int]?
        /// s [M]: how each key counts; 1 where nil.
        public var strengths: [Float]?
        /// What a key says of every class [M×C], instead of a one for its own.
        public var values: Matrix?

        public init(keys: Matrix, owners: KeyOwners, alpha: Float, beta: Float) {
            self.keys = keys
            self.owners = owners
            self.alpha = alpha
            self.beta = beta
        }

        /// `x = norm(f∘ω)`, or `norm` of the channels chosen: what is compared with the keys.
        public func query(_ features: Matrix) -> Matrix {
            if let channels {
                var x = features.columns(at: channels)
                normalizeRows(&x)
                return x
            }
            guard let channelWeights else { return features }
            var x = features
            scaleColumns(&x, by: channelWeights.elements)
            normalizeRows(&x)
            return x
        }
    }

    public init(
        text: Matrix? = nil, linear: Linear? = nil, cache: Cache? = nil, bottleneck: Bottleneck? = nil, classCount: Int
    ) {
        self.text = text
        self.linear = linear
        self.cache = cache
        self.bottleneck = bottleneck
        self.classCount = classCount
    }

    /// D.
    public var width: Int {
        text?.columns ?? linear?.weights.columns ?? bottleneck?.down.columns ?? cache?.keys.columns ?? 0
    }

    /// Items to classify at once: 64 MB of affinities at most.
    var blockSize: Int { max(256, min(4096, (1 << 24) / max(1, cache?.keys.rows ?? 0))) }

    /// Logits [B×C] of features [B×D].
    public func logits(_ features: Matrix) -> Matrix {
        let v = adapted(features)
        return logits(v, base: baseLogits(v))
    }

    /// The same, of features that ``adapted(_:)`` gave and their ``baseLogits(_:text:)``.
    func logits(_ v: Matrix, base: Matrix) -> Matrix {
        guard let cache else { return base }
        var logits = base
        var affinity = product(cache.query(v), cache.keys, transposingB: true)
        if let values = cache.values {
            exponentials(&affinity, beta: cache.beta)
            multiply(affinity, values, alpha: cache.alpha, beta: 1, into: &logits)
        } else {
            addCacheLogits(
                &affinity, owners: cache.owners, strengths: cache.strengths, alpha: cache.alpha, beta: cache.beta,
                to: &logits)
        }
        return logits
    }

    /// The features that the parts read.
    func adapted(_ features: Matrix) -> Matrix { bottleneck?.apply(features) ?? features }

    /// The logits without the cache [B×C]; `text` may give `v·Tᵀ`.
    func baseLogits(_ v: Matrix, text given: Matrix? = nil) -> Matrix {
        var base: Matrix
        if let text {
            base = given ?? product(v, text, transposingB: true)
            scale(&base, by: logitScale)
        } else {
            base = .zeros(v.rows, classCount)
        }
        if let linear {
            multiply(v, linear.weights, transposingB: true, alpha: linear.weight, beta: 1, into: &base)
            addRow(linear.bias, scale: linear.weight, to: &base)
        }
        if let bridge { add(bridge.penalty(v), scale: -bridge.gamma, to: &base) }
        return base
    }
}
