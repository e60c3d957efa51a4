/// For each item the open interval of a weight w in which `base + w·extra` is right.
///
/// Every rival class gives one linear inequality, `base_y − base_c + w(extra_y − extra_c) > 0`.
package struct WeightIntervals {
    private let range: ClosedRange<Double>
    private var lows: [Double] = []
    private var highs: [Double] = []

    /// Where most intervals overlap.
    package struct Peak: Sendable {
        /// How many items are right.
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
            guard let found else { continue }
            lows.append(found.low)
            highs.append(found.high)
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

    /// The weight that most intervals hold; of equals the middle of the widest overlap, both by logarithms.
    package func best() -> Peak {
        let starts = lows.filter { $0 > range.lowerBound }.sorted()
        let ends = highs.filter { $0 < range.upperBound }.sorted()
        var open = lows.count - starts.count
        var best = Peak(count: -1, width: 0, weight: range.lowerBound)
        var (s, e, from) = (0, 0, range.lowerBound)
        while true {
            let start = s < starts.count ? starts[s] : .infinity
            let end = e < ends.count ? ends[e] : .infinity
            let to = min(min(start, end), range.upperBound)
            let width = naturalLogarithm(to / from)
            // A stretch must be wide enough that rounding cannot put its middle outside.
            if width > 1e-5, (open, width) > (best.count, best.width) {
                best = Peak(count: open, width: width, weight: (from * to).squareRoot())
            }
            guard min(start, end) < .infinity else { return best }
            if end <= start {
                open -= 1
                e += 1
            } else {
                open += 1
                s += 1
            }
            from = to
        }
    }
}
