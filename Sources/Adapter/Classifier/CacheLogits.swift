internal import Core
public import Kernels

/// Adds the logits of a cache, `z_bc += α Σ_{k of c} exp(β(s_bk − 1))`.
///
/// Replaces `affinity` [B×M] by the weights `a = exp(β(s − 1))` and adds their class sums, which equal the product with one-hot
/// values, to `logits` [B×C]. `strengths` [M] multiply the weights of the keys.
public func addCacheLogits(
    _ affinity: inout Matrix, keyLabels: KeyLabels, strengths: [Float]? = nil, alpha: Float, beta: Float,
    to logits: inout Matrix
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

/// Computes the gradient of ``addCacheLogits(_:keyLabels:strengths:alpha:beta:to:)`` with respect to the affinity.
///
/// Replaces the weights `a` [B×M] by `h = αβ·g_{b,class of k}·a_bk`, with `g` [B×C] the gradient of the logits.
public func cacheLogitsGradient(
    _ weights: inout Matrix, keyLabels: KeyLabels, logitsGradient g: Matrix, alpha: Float, beta: Float
) {
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
