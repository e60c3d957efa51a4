internal import Core
internal import Kernels

/// The weights that a search of one covers.
struct WeightSpace: Sendable {
    /// What the published code tries, rising.
    let points: [Double]
    /// From the first point to the last.
    var range: ClosedRange<Double> { points[0] ... points[points.count - 1] }

    /// The powers of ten from `10^first` to `10^last`.
    init(powersOfTen exponents: ClosedRange<Int>) {
        points = exponents.map { powerOfTen(Double($0)) }
    }
}

/// A weight that a search has chosen.
struct WeightChoice: Sendable {
    var weight: Double
    /// Items that are right.
    var count: Int
    /// How much room there is, as a logarithm; 0 at a published point.
    var width: Double

    /// Whether it beats `other`: more items, then more room.
    func exceeds(_ other: WeightChoice) -> Bool { (count, width) > (other.count, other.width) }
}

extension Validation {
    /// The weight w with which `base + w·extra` is right on most items.
    ///
    /// Over the whole interval the middle of the widest overlap is taken, by logarithms; of published points the first of
    /// equals.
    func weight(
        of extra: Classifier, beside base: Classifier, _ space: WeightSpace, by kind: SearchKind
    ) throws(Fault) -> WeightChoice {
        var intervals = WeightIntervals(range: space.range)
        var counts = WeightCounts(weights: space.points)
        try items.forEachBlock(of: 2048) { block, features throws(Fault) in
            let both = (
                base: items.baseLogits(base, features, block), extra: items.baseLogits(extra, features, block)
            )
            let labels = Array(items.labels[block])
            switch kind {
            case .exact: intervals.record(base: both.base, extra: both.extra, labels: labels)
            case .grid: counts.record(base: both.base, extra: both.extra, labels: labels)
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
