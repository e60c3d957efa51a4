package import Kernels

/// How many items are right with `base + w·extra` at each of some weights w.
package struct WeightCounts {
    private let weights: [Double]
    private var counts: [Int]

    package init(weights: [Double]) {
        precondition(!weights.isEmpty)
        self.weights = weights
        counts = [Int](repeating: 0, count: weights.count)
    }

    /// Counts the items of a block from both kinds of logits [B×C].
    package mutating func record(base: Matrix, extra: Matrix, labels: [Int]) {
        for (place, weight) in weights.enumerated() {
            var logits = base
            add(extra, scale: Float(weight), to: &logits)
            counts[place] += rightCount(logits, labels: labels)
        }
    }

    /// The first weight that no other exceeds.
    package func best() -> (count: Int, weight: Double) {
        let most = counts.max() ?? 0
        return (most, weights[counts.firstIndex(of: most) ?? 0])
    }
}
