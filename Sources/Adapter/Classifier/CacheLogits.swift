internal import Core
package import Kernels

/// The weight and the sharpness of a cache, which turn affinities s into logits `z_bc = α Σ_{k of c} exp(β(s_bk − 1))`.
package struct CacheWeights: Sendable, Equatable {
    let alpha: Float  // α: the weight of the cache against the zero-shot logits
    let beta: Float  // β: the sharpness of the similarities

    /// Takes α and β.
    package init(alpha: Float, beta: Float) {
        self.alpha = alpha
        self.beta = beta
    }

    /// Adds the logits of a cache.
    ///
    /// Replaces `affinity` [B×M] by the weights `a = exp(β(s − 1))` and adds their class sums, which equal the product
    /// with one-hot values, to `logits` [B×C]. `strengths` [M] multiply the weights of the keys.
    package func addLogits(
        _ affinity: inout Matrix, keyLabels: KeyLabels, strengths: [Float]? = nil, to logits: inout Matrix
    ) {
        let keys = affinity.columns
        precondition(
            logits.rows == affinity.rows && keys == keyLabels.count && logits.columns == keyLabels.classCount
                && strengths?.count ?? keys == keys)
        let isSixteen = keyLabels.evenRun == 16
        Parallel.forEachRow(of: affinity.rows, size: 4, &affinity, &logits) { _, row, out in
            let labels = keyLabels.labels.span
            precondition(labels.count == row.count)
            row.mapVectors { exponential(($1 - 1) * beta) }
            if let strengths {
                for k in 0 ..< row.count { out[labels[k]] += alpha * strengths[k] * row[k] }
            } else if isSixteen {
                for c in 0 ..< out.count { out[c] += alpha * sumOfLanes(row[vector: c]) }
            } else {
                for k in 0 ..< row.count { out[labels[k]] += alpha * row[k] }
            }
        }
    }

    /// Computes the gradient of ``addLogits(_:keyLabels:strengths:to:)`` with respect to the affinity.
    ///
    /// Replaces the weights `a` [B×M] by `h = αβ·g_{b,class of k}·a_bk`, with `g` [B×C] the gradient of the logits.
    package func gradient(_ weights: inout Matrix, keyLabels: KeyLabels, logitsGradient g: Matrix) {
        let keys = weights.columns
        precondition(g.rows == weights.rows && keys == keyLabels.count && g.columns == keyLabels.classCount)
        let isSixteen = keyLabels.evenRun == 16
        let scale = alpha * beta
        Parallel.forEachRow(of: weights.rows, size: 4, &weights) { i, row in
            let g = g.span.row(i, width: g.columns)
            if isSixteen {
                for c in 0 ..< g.count { row[vector: c] *= scale * g[c] }
            } else {
                let labels = keyLabels.labels.span
                precondition(labels.count == row.count)
                for k in 0 ..< row.count { row[k] *= scale * g[labels[k]] }
            }
        }
    }
}

extension CacheSettings {
    /// α and β in training.
    var weights: CacheWeights { CacheWeights(alpha: alpha, beta: beta) }
}

/// Adds to each key's column what its class has: `s_bk += u_{b,class of k}`, for s [B×M] and u [B×C].
func addOfClasses(_ u: Matrix, keyLabels: KeyLabels, to s: inout Matrix) {
    precondition(u.rows == s.rows && s.columns == keyLabels.count && u.columns == keyLabels.classCount)
    Parallel.forEachRow(of: s.rows, size: 4, &s) { i, row in
        let own = u.span.row(i, width: u.columns)
        let labels = keyLabels.labels.span
        precondition(labels.count == row.count)
        for k in 0 ..< row.count { row[k] += own[labels[k]] }
    }
}

/// The sums over each class's keys, `Σ_{k of c} h_bk` [B×C] of h [B×M]: the gradient of
/// ``addOfClasses(_:keyLabels:to:)``.
func sumsOfClasses(_ h: Matrix, keyLabels: KeyLabels) -> Matrix {
    precondition(h.columns == keyLabels.count)
    var sums = Matrix.zeros(h.rows, keyLabels.classCount)
    Parallel.forEachRow(of: h.rows, size: 4, &sums) { i, sums in
        let row = h.span.row(i, width: h.columns)
        let labels = keyLabels.labels.span
        precondition(labels.count == row.count)
        for k in 0 ..< row.count { sums[labels[k]] += row[k] }
    }
    return sums
}
