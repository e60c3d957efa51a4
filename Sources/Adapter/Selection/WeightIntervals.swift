package import Kernels

/// The open interval of a weight w in which `base + w·extra` classifies an item correctly, for each item.
///
/// Every rival class gives one linear inequality, `base_y − base_c + w(extra_y − extra_c) > 0`.
package struct WeightIntervals {
    private let range: ClosedRange<Double>
    private var intervals: [(low: Double, high: Double)] = []

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
            let found = interval(base.span.row(item, width: classes), extra.span.row(item, width: classes), label)
            if let found { intervals.append(found) }
        }
    }

    /// The interval of one item; nil where it is never right.
    private func interval(_ base: Span<Float>, _ extra: Span<Float>, _ label: Int) -> (low: Double, high: Double)? {
        var low = range.lowerBound
        var high = range.upperBound
        for c in 0 ..< base.count where c != label {
            let lead = Double(base[label]) - Double(base[c])
            let slope = Double(extra[label]) - Double(extra[c])
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
    package func best() -> Peak<Double> {
        widestOverlap(of: intervals, in: range) { from, to in
            let width = naturalLogarithm(to / from)
            return width > 1e-5 ? (width, (from * to).squareRoot()) : nil
        }
    }
}

/// The stretch of `range` inside most of the open `intervals`; of several, the widest.
///
/// `measure` gives the width and the middle of a stretch, or nil for one so narrow that rounding could put its middle
/// outside.
@inline(__always)
func widestOverlap<Bound: BinaryFloatingPoint>(
    of intervals: [(low: Bound, high: Bound)], in range: ClosedRange<Bound>,
    measure: (_ from: Bound, _ to: Bound) -> (width: Bound, middle: Bound)?
) -> Peak<Bound> {
    let starts = intervals.map(\.low).filter { $0 > range.lowerBound }.sorted()
    let ends = intervals.map(\.high).filter { $0 < range.upperBound }.sorted()
    var open = intervals.count - starts.count
    var best = Peak<Bound>(count: -1, width: 0, middle: range.lowerBound)
    var nextStart = 0
    var nextEnd = 0
    var from = range.lowerBound
    while true {
        let start = nextStart < starts.count ? starts[nextStart] : .infinity
        let end = nextEnd < ends.count ? ends[nextEnd] : .infinity
        let to = min(start, end, range.upperBound)
        if let stretch = measure(from, to), (open, stretch.width) > (best.count, best.width) {
            best = Peak(count: open, width: stretch.width, middle: stretch.middle)
        }
        guard min(start, end) < .infinity else { return best }
        if end <= start {
            open -= 1
            nextEnd += 1
        } else {
            open += 1
            nextStart += 1
        }
        from = to
    }
}
