internal import Kernels

/// A stretch of a parameter in which the same intervals overlap.
struct Overlap<Bound: BinaryFloatingPoint & Sendable>: Sendable {
    /// The number of intervals that contain it.
    var count: Int
    var width: Bound
    var middle: Bound
}

/// The stretch of `range` inside most of the open `intervals`; of several, the widest.
///
/// `measure` gives the width and the middle of a stretch, or nil for one so narrow that rounding could put its middle
/// outside.
@inline(__always)
func widestOverlap<Bound: BinaryFloatingPoint>(
    of intervals: [(low: Bound, high: Bound)], in range: ClosedRange<Bound>,
    measure: (_ from: Bound, _ to: Bound) -> (width: Bound, middle: Bound)?
) -> Overlap<Bound> {
    let starts = intervals.map(\.low).filter { $0 > range.lowerBound }.sorted()
    let ends = intervals.map(\.high).filter { $0 < range.upperBound }.sorted()
    var open = intervals.count - starts.count
    var best = Overlap<Bound>(count: -1, width: 0, middle: range.lowerBound)
    var nextStart = 0
    var nextEnd = 0
    var from = range.lowerBound
    while true {
        let start = nextStart < starts.count ? starts[nextStart] : .infinity
        let end = nextEnd < ends.count ? ends[nextEnd] : .infinity
        let to = min(start, end, range.upperBound)
        if let stretch = measure(from, to), (open, stretch.width) > (best.count, best.width) {
            best = Overlap(count: open, width: stretch.width, middle: stretch.middle)
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
