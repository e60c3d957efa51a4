package import Core
package import Kernels

/// A key-value cache `α·Σ_{k of c} s_k·exp(β(x·F_k − 1))`, or `α·Σ_k V_kc·exp(β(x·F_k − 1))` with values.
///
/// Keys may be scaled: their lengths then count as factors of the similarities.
package struct CacheTerm: LogitTerm {
    package var keys: Matrix  // F [M×D], or [M×Q] with channels
    /// The class of each key.
    package var keyLabels: KeyLabels
    package var alpha: Float  // α: the weight of the cache against the zero-shot logits
    package var beta: Float  // β: the sharpness of the similarities
    /// ω [1×D]: the factor of each channel of the query before it is normalized again.
    package var channelWeights: Matrix?
    /// The channels of the features that keys have, ascending; nil for all.
    package var channels: [Int]?
    package var strengths: [Float]?  // s [M]: the weight of each key; nil for 1
    /// V [M×C]: the votes of each key for every class, instead of a one for its own.
    package var values: Matrix?

    /// Takes keys [M×D], their classes, and both weights.
    package init(keys: Matrix, keyLabels: KeyLabels, alpha: Float, beta: Float) {
        self.keys = keys
        self.keyLabels = keyLabels
        self.alpha = alpha
        self.beta = beta
    }

    /// The queries that are compared with the keys: `x = norm(v∘ω)`, `norm` of the chosen channels, or v itself.
    func own(_ queries: Queries) -> Queries {
        guard channels != nil || channelWeights != nil else { return queries }
        var x = channels.map { queries.features.columns(at: $0) } ?? queries.features
        if channels == nil, let channelWeights { scaleColumns(&x, by: channelWeights.elements) }
        normalizeRows(&x)
        return Queries(x)
    }

    package func add(_ queries: Queries, to logits: inout Matrix) {
        var affinity = product(own(queries).features, keys, transposingB: true)
        if let values {
            exponentials(&affinity, beta: beta)
            multiply(affinity, values, alpha: alpha, beta: 1, into: &logits)
        } else {
            CacheWeights(alpha: alpha, beta: beta)
                .addLogits(&affinity, keyLabels: keyLabels, strengths: strengths, to: &logits)
        }
    }

    package var valuesPerQuery: Int { keys.rows }

    package func restricted(to classes: [Int]) -> CacheTerm {
        var newLabels: [Int: Int] = [:]
        for (label, c) in classes.enumerated() { newLabels[c] = label }
        var some = self
        var kept = Array(keyLabels.labels.indices)
        if let values {
            some.values = values.columns(at: classes)
        } else {
            kept = kept.filter { newLabels[keyLabels.labels[$0]] != nil }
            some.keys = keys.rows(at: kept)
            some.strengths = strengths.map { strengths in kept.map { strengths[$0] } }
        }
        some.keyLabels = KeyLabels(kept.map { newLabels[keyLabels.labels[$0]] ?? 0 }, classCount: classes.count)
        return some
    }
}

extension CacheTerm {
    package var classCount: Int { keyLabels.classCount }
    package var width: Int? { channels == nil ? keys.columns : nil }

    package var tensors: [String: Matrix] {
        var tensors = ["keys": keys, "key_classes": Matrix(row: keyLabels.labels.map(Float.init))]
        tensors["channel_weights"] = channelWeights
        tensors["channels"] = channels.map { Matrix(row: $0.map(Float.init)) }
        tensors["key_strengths"] = strengths.map(Matrix.init(row:))
        tensors["key_values"] = values
        return tensors
    }

    package var numbers: [String: Float] { ["alpha": alpha, "beta": beta] }

    package init?(from stored: StoredTensors) throws(Fault) {
        guard let keys = try stored.matrix("keys") else { return nil }
        guard let classes = try stored.indices("key_classes", count: keys.rows, below: stored.classCount) else {
            throw stored.damaged("no key_classes", "the class of each key")
        }
        self.init(
            keys: keys, keyLabels: KeyLabels(classes, classCount: stored.classCount), alpha: try stored.number("alpha"),
            beta: try stored.number("beta"))
        channelWeights = try stored.matrix("channel_weights", rows: 1, columns: keys.columns)
        channels = try stored.indices("channels", count: keys.columns, below: 1 << 20)
        strengths = try stored.matrix("key_strengths", rows: 1, columns: keys.rows)?.elements
        values = try stored.matrix("key_values", rows: keys.rows, columns: stored.classCount)
    }

    package func check(width: Int, in stored: StoredTensors) throws(Fault) {
        guard channels?.allSatisfy({ $0 < width }) ?? true else {
            throw stored.damaged("a channel beyond the features", "at most \(width - 1)")
        }
    }
}
