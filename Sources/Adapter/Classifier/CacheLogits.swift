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
    let (items, keys, classes) = (affinity.rows, affinity.columns, logits.columns)
    precondition(logits.rows == items && keys == keyLabels.count && classes == keyLabels.classCount)
    precondition(strengths == nil || strengths?.count == keys)
    let run = keyLabels.evenRun
    affinity.write { s in
        logits.write { z in
            Parallel.forEachPiece(of: items, size: 4) { piece in
                for i in piece {
                    let (row, out) = (s.from(i * keys, count: keys), z.from(i * classes, count: classes))
                    row.mapLanes { exponential(($1 - 1) * beta) }
                    if let strengths {
                        for k in 0 ..< keys { out[keyLabels.labels[k]] += alpha * strengths[k] * row[k] }
                    } else if let run, run == 16 {
                        for c in 0 ..< classes { out[c] += alpha * sumOfLanes(row[lanes: c * 16]) }
                    } else {
                        for k in 0 ..< keys { out[keyLabels.labels[k]] += alpha * row[k] }
                    }
                }
            }
        }
    }
}

/// Computes the gradient of ``addCacheLogits(_:keyLabels:strengths:alpha:beta:to:)`` with respect to the affinity.
///
/// Replaces the weights `a` [B×M] by `h = αβ·g_{b,class of k}·a_bk`, with `g` [B×C] the gradient of the logits.
public func cacheLogitsGradient(
    _ weights: inout Matrix, keyLabels: KeyLabels, logitsGradient g: Matrix, alpha: Float, beta: Float
) {
    let (items, keys, classes) = (weights.rows, weights.columns, g.columns)
    precondition(g.rows == items && keys == keyLabels.count && classes == keyLabels.classCount)
    let run = keyLabels.evenRun
    let scale = alpha * beta
    g.read { g in
        weights.write { w in
            Parallel.forEachPiece(of: items, size: 4) { piece in
                for i in piece {
                    let (row, g) = (w.from(i * keys, count: keys), g.from(i * classes, count: classes))
                    if let run, run == 16 {
                        for c in 0 ..< classes { row[lanes: c * 16] *= scale * g[c] }
                    } else {
                        for k in 0 ..< keys { row[k] *= scale * g[keyLabels.labels[k]] }
                    }
                }
            }
        }
    }
}
