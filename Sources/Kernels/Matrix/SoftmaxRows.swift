internal import Core

/// Replaces each row of `z` [N×C] by its softmax.
public func softmaxRows(_ z: inout Matrix) {
    Parallel.forEachRow(of: z.rows, size: 16, &z) { _, row in
        let (top, total) = row.span.exponentialSum()
        row.mapVectors { exponential($1 - top) * (1 / total) }
    }
}

extension Span<Float> {
    /// The largest element, and Σ exp(z − largest).
    func exponentialSum() -> (top: Float, total: Float) {
        var top = self[0]
        for i in 1 ..< max(1, count) { top = max(top, self[i]) }
        var sum = SIMD16<Float>.zero
        for k in 0 ..< vectorCount { sum += exponential(self[vector: k] - top) }
        var total = sumOfLanes(sum)
        for i in remainder { total += exponential(self[i] - top) }
        return (top, total)
    }
}
