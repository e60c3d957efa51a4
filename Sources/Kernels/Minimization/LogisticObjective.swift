internal import Core
internal import Glibc

/// The mean cross-entropy of a linear classifier plus its penalty, `λ/2·‖W‖² + mean CE`.
///
/// The parameters are W [C×R], row after row, followed by b [C].
struct LogisticObjective {
    private let data: LogisticRegression
    private let penalty: Double
    /// `softmax − onehot` of the last point [N×C].
    private var residuals: [Double]

    init(_ data: LogisticRegression, penalty: Double) {
        self.data = data
        self.penalty = penalty
        residuals = [Double](repeating: 0, count: data.labels.count * data.classCount)
    }

    private var share: Double { 1 / Double(max(1, data.labels.count)) }

    /// Returns the value at `point` and fills `gradient`.
    mutating func value(at point: [Double], _ gradient: inout [Double]) -> Double {
        let n = data.labels.count
        let classes = data.classCount
        let rank = data.space.rank
        let share = share
        let count = classes * rank
        if rank > 0 {
            let shape = ProductShape(m: n, n: classes, k: rank, transposesB: true)
            multiply(data.coordinates, point, into: &residuals, shape: shape)
        } else {
            residuals = [Double](repeating: 0, count: n * classes)
        }
        let loss = takeResiduals(bias: Array(point[count...]))
        let slopes = transposedProduct(residuals, data.coordinates)
        var length = 0.0
        for i in 0 ..< count {
            gradient[i] = penalty * point[i] + share * slopes[i]
            length += point[i] * point[i]
        }
        let sums = columnSums(residuals)
        for c in 0 ..< classes { gradient[count + c] = share * sums[c] }
        return 0.5 * penalty * length + share * loss
    }

    /// The diagonal of the Hessian at the last point: `λ + mean p(1 − p)x²`.
    func curvature() -> [Double] {
        let spread = residuals.map { abs($0) * (1 - abs($0)) }
        let share = share
        return transposedProduct(spread, data.squares).map { penalty + share * $0 }
            + columnSums(spread).map { max(penalty, share * $0) }
    }

    /// `aᵀ·b` [C×R] of a [N×C] and b [N×R].
    private func transposedProduct(_ a: [Double], _ b: [Double]) -> [Double] {
        guard data.space.rank > 0 else { return [] }
        return realProduct(
            a, b,
            shape: ProductShape(m: data.classCount, n: data.space.rank, k: data.labels.count, transposesA: true))
    }

    /// Adds the bias to the logits and replaces them by residuals.
    ///
    /// - Returns: The sum of the cross-entropies.
    private mutating func takeResiduals(bias: [Double]) -> Double {
        let labels = data.labels
        var losses = [Double](repeating: 0, count: labels.count)
        Parallel.forEachRow(of: labels.count, size: 32, &residuals, &losses) { i, row, loss in
            for c in 0 ..< row.count { row[c] += bias[c] }
            loss[0] = turnIntoResiduals(&row, label: labels[i])
        }
        return losses.reduce(0, +)
    }

    /// The sum of each column of x [N×C].
    private func columnSums(_ x: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: data.classCount)
        var out = sums.mutableSpan
        for i in 0 ..< data.labels.count {
            let row = x.span.row(i, width: out.count)
            for c in 0 ..< row.count { out[c] += row[c] }
        }
        return sums
    }
}

/// Replaces one row of logits by residuals and returns its cross-entropy.
///
/// The residual of the label, `−(1 − p)`, is computed as the sum of the others: 1 − p loses all digits if p is near
/// one.
private func turnIntoResiduals(_ row: inout MutableSpan<Double>, label: Int) -> Double {
    var top = row[0]
    for c in 0 ..< row.count { top = max(top, row[c]) }
    let behind = top - row[label]
    for c in 0 ..< row.count { row[c] = exp(row[c] - top) }
    let own = row[label]
    row[label] = 0
    var others = 0.0
    for c in 0 ..< row.count { others += row[c] }
    let total = others + own
    for c in 0 ..< row.count { row[c] /= total }
    row[label] = -others / total
    return behind > 0 ? behind + log(total) : log1p(others)
}
