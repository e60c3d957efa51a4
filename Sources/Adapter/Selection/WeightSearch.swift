internal import Core
internal import Kernels

/// The candidate values of a searched weight.
struct WeightSpace: Sendable {
    /// The values that the published code tries, ascending.
    let points: [Double]
    /// From the first point to the last.
    var range: ClosedRange<Double> { points[0] ... points[points.count - 1] }

    /// The powers of ten from `10^first` to `10^last`.
    init(powersOfTen exponents: ClosedRange<Int>) {
        points = exponents.map { powerOfTen(Double($0)) }
    }
}

/// The best values of a parameter.
package struct Peak<Bound: BinaryFloatingPoint & Sendable>: Sendable {
    /// The number of items that are classified correctly.
    package var count: Int
    /// The width of the interval of equally good values; 0 for a single value.
    package var width: Bound
    /// The middle of the interval.
    package var middle: Bound

    /// Whether it is better than `other`: more items, then a wider interval.
    func exceeds(_ other: Peak) -> Bool { (count, width) > (other.count, other.width) }
}

extension Validation {
    /// The weight w for which `base + w·extra` classifies most items correctly.
    ///
    /// An exact search takes the middle of the widest overlap on a logarithmic scale, a grid search the first of
    /// equals.
    func weight(
        of extra: Classifier, beside base: Classifier, _ space: WeightSpace, by kind: SearchKind
    ) throws(Fault) -> Peak<Double> {
        var intervals = WeightIntervals(range: space.range)
        var counts = [Int](repeating: 0, count: space.points.count)
        try items.forEachBlock(of: 2048) { block, queries throws(Fault) in
            let base = base.logits(queries)
            let extra = extra.logits(queries)
            let labels = Array(items.labels[block])
            if kind == .exact { return intervals.record(base: base, extra: extra, labels: labels) }
            for (index, weight) in space.points.enumerated() {
                var logits = base
                add(extra, scale: Float(weight), to: &logits)
                counts[index] += rightCount(logits, labels: labels)
            }
        }
        if kind == .exact { return intervals.best() }
        let most = counts.max() ?? 0
        return Peak(count: most, width: 0, middle: space.points[counts.firstIndex(of: most) ?? 0])
    }
}
