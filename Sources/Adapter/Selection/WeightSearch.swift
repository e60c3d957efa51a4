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

/// The result of a weight search.
struct WeightChoice: Sendable {
    var weight: Double
    /// The number of items that are classified correctly.
    var count: Int
    /// The width of the best interval on a logarithmic scale; 0 for a published value.
    var width: Double

    /// Whether it is better than `other`: more items, then a wider interval.
    func exceeds(_ other: WeightChoice) -> Bool { (count, width) > (other.count, other.width) }
}

extension Validation {
    /// The weight w for which `base + w·extra` classifies most items correctly.
    ///
    /// An exact search takes the middle of the widest overlap on a logarithmic scale, a grid search the first of
    /// equals.
    func weight(
        of extra: Classifier, beside base: Classifier, _ space: WeightSpace, by kind: SearchKind
    ) throws(Fault) -> WeightChoice {
        var intervals = WeightIntervals(range: space.range)
        var counts = WeightCounts(weights: space.points)
        try items.forEachBlock(of: 2048) { block, queries throws(Fault) in
            let baseLogits = base.logits(queries)
            let extraLogits = extra.logits(queries)
            let labels = Array(items.labels[block])
            switch kind {
            case .exact: intervals.record(base: baseLogits, extra: extraLogits, labels: labels)
            case .grid: counts.record(base: baseLogits, extra: extraLogits, labels: labels)
            }
        }
        switch kind {
        case .exact:
            let peak = intervals.best()
            return WeightChoice(weight: peak.weight, count: peak.count, width: peak.width)
        case .grid:
            let best = counts.best()
            return WeightChoice(weight: best.weight, count: best.count, width: 0)
        }
    }
}
