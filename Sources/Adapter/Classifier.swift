public import Artifacts
public import Kernels

/// A fitted adapter: all that inference needs, and nothing of training.
///
/// For unit features f [B×D],
///
///     z = 100·f·Tᵀ + α·Σ_{k of c} exp(β(x·F_k − 1)),   x = norm(f∘ω)
///
/// with class texts T [C×D], keys F [M×D] and channel weights ω [D], each of which may be missing: zero-shot CLIP has
/// only T, Tip-Adapter T and F, Cluster-Adapter all three, with the keys' lengths their scales.
public struct CacheClassifier: Sendable, Equatable {
    /// T, unit rows [C×D].
    public var text: Matrix?
    /// F [M×D] and the class of each row.
    public var cache: Cache?
    /// ω [1×D].
    public var channelWeights: Matrix?
    public var classCount: Int
    /// CLIP's logit scale, exp(4.60517).
    public var logitScale: Float = 100

    /// Keys, their classes, and how they count.
    public struct Cache: Sendable, Equatable {
        public var keys: Matrix
        public var owners: KeyOwners
        /// α: the weight of the cache against the zero-shot logits.
        public var alpha: Float
        /// β: how sharply similarity counts.
        public var beta: Float

        public init(keys: Matrix, owners: KeyOwners, alpha: Float, beta: Float) {
            self.keys = keys
            self.owners = owners
            self.alpha = alpha
            self.beta = beta
        }
    }

    public init(text: Matrix?, cache: Cache?, channelWeights: Matrix? = nil, classCount: Int) {
        self.text = text
        self.cache = cache
        self.channelWeights = channelWeights
        self.classCount = classCount
    }

    /// D.
    public var width: Int { text?.columns ?? cache?.keys.columns ?? 0 }

    /// Logits [B×C] of unit features [B×D].
    public func logits(_ features: Matrix) -> Matrix {
        var logits = baseLogits(features)
        guard let cache else { return logits }
        var affinity = product(query(features), cache.keys, transposingB: true)
        addCacheLogits(&affinity, owners: cache.owners, alpha: cache.alpha, beta: cache.beta, to: &logits)
        return logits
    }

    /// `100·f·Tᵀ` [B×C], zero without texts.
    public func baseLogits(_ features: Matrix) -> Matrix {
        guard let text else { return .zeros(features.rows, classCount) }
        return product(features, text, transposingB: true, scale: logitScale)
    }

    /// `x = norm(f∘ω)`, what is compared with the keys.
    public func query(_ features: Matrix) -> Matrix {
        guard let channelWeights else { return features }
        var x = features
        scaleColumns(&x, by: channelWeights.elements)
        normalizeRows(&x)
        return x
    }
}

extension CacheClassifier {
    /// The tensors by name, as `adapter.safetensors` holds them.
    public var tensors: [(name: String, matrix: Matrix)] {
        var all: [(name: String, matrix: Matrix)] = []
        if let text { all.append(("text", text)) }
        if let cache {
            all.append(("keys", cache.keys))
            all.append(
                ("key_classes", Matrix(cache.owners.owners.map(Float.init), rows: 1, columns: cache.owners.count)))
        }
        if let channelWeights { all.append(("channel_weights", channelWeights)) }
        return all
    }

    /// Puts a classifier together again from what ``tensors`` gave; other tensors are left alone.
    ///
    /// `file` is what an error names.
    public init(
        tensors: [String: Matrix], classCount: Int, alpha: Float?, beta: Float?, file: String
    ) throws(Fault) {
        func damaged(_ found: String, _ expected: String) -> Fault {
            .badData(file, found: found, expected: expected, remedy: "train the run again")
        }
        let text = tensors["text"]
        if let text, text.rows != classCount { throw damaged("\(text.rows) text rows", "\(classCount) classes") }
        var cache: Cache?
        if let keys = tensors["keys"] {
            guard let classes = tensors["key_classes"]?.elements, classes.count == keys.rows else {
                throw damaged("no class for each key", "key_classes [1×\(keys.rows)]")
            }
            let owners = classes.map { Int(exactly: $0) ?? -1 }
            guard owners.allSatisfy({ (0 ..< classCount).contains($0) }) else {
                throw damaged("a key's class out of range", "0 to \(classCount - 1)")
            }
            guard let alpha, let beta else { throw damaged("no alpha and beta", "both, in run.json") }
            cache = Cache(keys: keys, owners: KeyOwners(owners, classCount: classCount), alpha: alpha, beta: beta)
        }
        let widths = [text?.columns, cache?.keys.columns, tensors["channel_weights"]?.columns].compactMap { $0 }
        guard let width = widths.first, widths.allSatisfy({ $0 == width }) else {
            throw damaged("tensors of widths \(widths)", "one width")
        }
        if let weights = tensors["channel_weights"], weights.rows != 1 {
            throw damaged("\(weights.rows) rows of channel weights", "1")
        }
        self.init(text: text, cache: cache, channelWeights: tensors["channel_weights"], classCount: classCount)
    }
}
