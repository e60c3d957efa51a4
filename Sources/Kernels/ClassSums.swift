/// Which class each cached key belongs to, in any order and any number a class.
public struct KeyOwners: Sendable, Equatable {
    /// The class of each key [M].
    public let owners: [Int]
    public let classCount: Int
    /// The keys of each class, in ascending order.
    package let keysOfClass: [[Int]]

    /// Takes the class of each key, below `classCount`.
    public init(_ owners: [Int], classCount: Int) {
        var keys = [[Int]](repeating: [], count: classCount)
        for (key, owner) in owners.enumerated() { keys[owner].append(key) }
        self.owners = owners
        self.classCount = classCount
        keysOfClass = keys
    }

    public var count: Int { owners.count }

    /// The length of the runs of equal owners, if all runs are equally long and in class order; nil otherwise.
    fileprivate var evenRun: Int? {
        guard classCount > 0, count % classCount == 0 else { return nil }
        let run = count / classCount
        guard run > 0, owners.indices.allSatisfy({ owners[$0] == $0 / run }) else { return nil }
        return run
    }
}

/// The cache's logits: `z_bc += α Σ_{k of c} exp(β(s_bk − 1))`.
///
/// Replaces `affinity` [B×M] by the weights `a = exp(β(s − 1))` and adds their class sums, which stand for the product
/// with one-hot values, to `logits` [B×C]. Where `strengths` [M] are given, each key's weight counts that many times.
public func addCacheLogits(
    _ affinity: inout Matrix, owners: KeyOwners, strengths: [Float]? = nil, alpha: Float, beta: Float,
    to logits: inout Matrix
) {
    let keys = affinity.columns
    precondition(
        logits.rows == affinity.rows && keys == owners.count && logits.columns == owners.classCount
            && strengths?.count ?? keys == keys)
    let isSixteen = owners.evenRun == 16
    Parallel.forEachRow(of: affinity.rows, size: 4, &affinity, &logits) { _, row, out in
        let labels = owners.owners.span
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

/// The gradient of ``addCacheLogits(_:owners:alpha:beta:to:)`` with respect to the affinity.
///
/// Replaces the weights `a` [B×M] by `h = αβ·g_{b,class of k}·a_bk`, with `g` [B×C] the gradient of the logits.
public func cacheLogitsGradient(
    _ weights: inout Matrix, owners: KeyOwners, logitsGradient g: Matrix, alpha: Float, beta: Float
) {
    let keys = weights.columns
    precondition(g.rows == weights.rows && keys == owners.count && g.columns == owners.classCount)
    let isSixteen = owners.evenRun == 16
    let scale = alpha * beta
    Parallel.forEachRow(of: weights.rows, size: 4, &weights) { i, row in
        let g = g.span.row(i, width: g.columns)
        if isSixteen {
            for c in 0 ..< g.count { row[vector: c] *= scale * g[c] }
        } else {
            let labels = owners.owners.span
            precondition(labels.count == row.count)
            for k in 0 ..< row.count { row[k] *= scale * g[labels[k]] }
        }
    }
}
