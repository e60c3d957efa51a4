package import Kernels

/// The number of items that `base + w·extra` classifies correctly, for each of several weights w.
package struct WeightCounts {
    private let weights: [Double]
    private var counts: [Int]

    package init(weights: [Double]) {
        precondition(!weights.isEmpty)
        self.weights = weights
        counts = [Int](repeating: 0, count: weights.count)
    }

    /// Counts the items of a block by both kinds of logits [B×C].
    package mutating func record(base: Matrix, extra: Matrix, labels: [Int]) {
        for (index, weight) in weights.enumerated() {
            var logits = base
            add(extra, scale: Float(weight), to: &logits)
            counts[index] += rightCount(logits, labels: labels)
        }
    }

    /// The first of the best weights.
    package func best() -> (count: Int, weight: Double) {
        let most = counts.max() ?? 0
        return (most, weights[counts.firstIndex(of: most) ?? 0])
    }
}
