internal import Core
internal import Kernels

/// The open interval of α in which an item is classified correctly, for each β and item.
package struct AlphaIntervals: Sendable {
    private let betaCount: Int
    private let itemCount: Int
    private let range: ClosedRange<Float>
    /// Interval ends, β by β; an item that is never right has its lower end above its upper.
    private let low: SharedFloats  // [β×N]
    private let high: SharedFloats

    package init(betaCount: Int, itemCount: Int, range: ClosedRange<Float>) {
        self.betaCount = betaCount
        self.itemCount = itemCount
        self.range = range
        low = SharedFloats(betaCount * itemCount)
        high = SharedFloats(betaCount * itemCount)
    }

    /// Records the intervals of one item; different items may be recorded at once.
    package func record(item: Int, _ rivals: Rivals, sums: Span<Float>) {
        precondition(item >= 0 && item < itemCount)
        let padded = rivals.leads.count
        // The rival that emptied the interval at one β usually does so at the next.
        var cuttingRival = 0
        for b in 0 ..< betaCount {
            let g = sums.row(b, width: padded)
            let own = g[rivals.label]
            let lead = rivals.leads[cuttingRival]
            let slope = own - g[cuttingRival]
            let isDead = lead + range.lowerBound * slope <= 0 && lead + range.upperBound * slope <= 0
            var interval: (low: Float, high: Float) = (1, 0)
            if !isDead {
                interval = (range.lowerBound, range.upperBound)
                narrow(&interval, rivals, g, own: own, cuttingRival: &cuttingRival)
            }
            // No other item has these elements.
            unsafe low.store(interval.low, at: b * itemCount + item)
            unsafe high.store(interval.high, at: b * itemCount + item)
        }
    }

    /// Cuts `interval` down to where `lead_c + α(g_y − g_c) > 0` for every rival c.
    @inline(__always)
    private func narrow(
        _ interval: inout (low: Float, high: Float), _ rivals: Rivals, _ g: Span<Float>, own: Float,
        cuttingRival: inout Int
    ) {
        // Usually none of 64 rivals cuts the interval, which their least margin shows at once.
        for block in stride(from: 0, to: g.count, by: 64) {
            let end = min(g.count, block + 64)
            var least = SIMD16<Float>(repeating: 1)
            for start in stride(from: block, to: end, by: 16) {
                least = pointwiseMin(least, margins(interval, rivals, g, own: own, start))
            }
            guard leastLane(least) <= 0 else { continue }
            for start in stride(from: block, to: end, by: 16) {
                let margins = margins(interval, rivals, g, own: own, start)
                for lane in 0 ..< 16 where margins[lane] <= 0 {
                    cut(&interval, lead: rivals.leads[start + lane], slope: own - g[start + lane])
                    guard interval.low < interval.high else {
                        cuttingRival = start + lane
                        interval = (1, 0)
                        return
                    }
                }
            }
        }
    }

    /// The lesser of `lead + α·slope` at the two ends of the interval, for 16 rivals.
    @inline(__always)
    private func margins(
        _ interval: (low: Float, high: Float), _ rivals: Rivals, _ g: Span<Float>, own: Float, _ start: Int
    ) -> SIMD16<Float> {
        let lead = rivals.leads[vector: start / 16]
        let slope = own - g[vector: start / 16]
        return pointwiseMin(
            multiplyAdd(slope, SIMD16(repeating: interval.low), lead),
            multiplyAdd(slope, SIMD16(repeating: interval.high), lead))
    }

    /// Cuts the interval to where `lead + α·slope > 0`.
    @inline(__always)
    private func cut(_ interval: inout (low: Float, high: Float), lead: Float, slope: Float) {
        if slope > 0 {
            interval.low = max(interval.low, -lead / slope)
        } else if slope < 0 {
            interval.high = min(interval.high, -lead / slope)
        } else if lead <= 0 {
            interval.high = -1
        }
    }

    /// The point where most intervals overlap: the β with the most, then with the widest overlap; of equals, the first.
    package func best() -> (count: Int, betaIndex: Int, alpha: Float) {
        var found = Matrix.zeros(betaCount, 3)  // count, width, middle
        Parallel.forEachRow(of: betaCount, size: 1, &found) { b, found in
            let peak = peak(b)
            found[0] = Float(peak.count)
            found[1] = peak.width
            found[2] = peak.middle
        }
        var best = 0
        for b in 0 ..< betaCount where (found[b, 0], found[b, 1]) > (found[best, 0], found[best, 1]) { best = b }
        return (Int(found[best, 0]), best, found[best, 2])
    }

    /// The widest overlap of most intervals of one β.
    private func peak(_ b: Int) -> Peak<Float> {
        var intervals: [(low: Float, high: Float)] = []
        // All items are recorded.
        unsafe low.withSpan { lows in
            unsafe high.withSpan { highs in
                for i in b * itemCount ..< (b + 1) * itemCount where lows[i] < highs[i] {
                    intervals.append((lows[i], highs[i]))
                }
            }
        }
        return widestOverlap(of: intervals, in: range) { from, to in
            let width = to - from
            return width > from * 1e-6 ? (width, from + width / 2) : nil
        }
    }
}
