package import Kernels

/// The open interval of a weight w in which `base + w·extra` classifies an item correctly, for each item.
///
/// Every rival class gives one linear inequality, `base_y − base_c + w(extra_y − extra_c) > 0`.
package struct WeightIntervals {
    private let range: ClosedRange<Double>
    private var intervals: [(low: Double, high: Double)] = []

    /// The widest stretch in most intervals.
    package struct Peak: Sendable {
        /// The number of items that are classified correctly.
        package var count: Int
        /// The logarithm of the ends' ratio.
        package var width: Double
        package var weight: Double
    }

    /// Covers the weights of `range`, which are above zero.
    package init(range: ClosedRange<Double>) {
        precondition(range.lowerBound > 0)
        self.range = range
    }

    /// Records the items of a block from both kinds of logits [B×C].
    package mutating func record(base: Matrix, extra: Matrix, labels: [Int]) {
        precondition(base.rows == labels.count && extra.rows == labels.count && base.columns == extra.columns)
        let classes = base.columns
        for (item, label) in labels.enumerated() {
            let found = interval(
                base.span.row(item, width: classes), extra.span.row(item, width: classes), label)
            if let found { intervals.append(found) }
        }
    }

    /// The interval of one item; nil where it is never right.
    private func interval(_ base: Span<Float>, _ extra: Span<Float>, _ label: Int) -> (low: Double, high: Double)? {
        var (low, high) = (range.lowerBound, range.upperBound)
        let (ownBase, ownExtra) = (Double(base[label]), Double(extra[label]))
        for c in 0 ..< base.count where c != label {
            let (lead, slope) = (ownBase - Double(base[c]), ownExtra - Double(extra[c]))
            if slope > 0 {
                if lead + low * slope <= 0 { low = -lead / slope }
            } else if slope < 0 {
                if lead + high * slope <= 0 { high = -lead / slope }
            } else if lead <= 0 {
                return nil
            }
            guard low < high else { return nil }
        }
        return (low, high)
    }

    /// The weight in most intervals; of several, the middle of the widest overlap, both on a logarithmic scale.
    package func best() -> Peak {
        let peak = widestOverlap(of: intervals, in: range) { from, to in
            let width = naturalLogarithm(to / from)
            return width > 1e-5 ? (width, (from * to).squareRoot()) : nil
        }
        return Peak(count: peak.count, width: peak.width, weight: peak.middle)
    }
}
