internal import Studies

/// The mapping of a range of values to one side of a chart.
struct Axis {
    let values: ClosedRange<Double>
    /// The coordinate of the lower bound; for a vertical axis it is greater than `end`.
    let start: Double
    /// The coordinate of the upper bound.
    let end: Double

    /// Returns the coordinate of `value`, clamped to the range.
    func position(_ value: Double) -> Double {
        let width = values.upperBound - values.lowerBound
        let share =
            width > 0 ? (min(max(value, values.lowerBound), values.upperBound) - values.lowerBound) / width : 0.5
        return start + share * (end - start)
    }

    /// Returns the smallest range with round bounds that contains `values`, and 3 to 7 round ticks in it.
    static func round(_ values: [Double], within limits: ClosedRange<Double>) -> (
        range: ClosedRange<Double>, ticks: [Double]
    ) {
        let finite = values.filter(\.isFinite)
        let low = max(limits.lowerBound, finite.min() ?? 0)
        let high = min(limits.upperBound, max(finite.max() ?? 1, low))
        let step = step(max(high - low, max(abs(high), 1) * 1e-3) / 6)
        var first = (low / step).rounded(.down) * step
        let last = max((high / step).rounded(.up) * step, first + step)
        first = max(first, limits.lowerBound)
        let count = Int(((last - first) / step).rounded())
        let ticks = (0 ... max(1, min(20, count))).map { first + Double($0) * step }.filter {
            $0 <= limits.upperBound + step / 2
        }
        return (first ... max(ticks.last ?? last, first + step / 2), ticks)
    }

    /// Returns the smallest round number (1, 2, or 5 times a power of ten) of at least `least`.
    private static func step(_ least: Double) -> Double {
        var power = 1.0
        while power * 10 <= least { power *= 10 }
        while power > least { power /= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * 0.999 } ?? power * 10
    }
}

/// The size of a chart and its margins.
struct ChartFrame {
    let width: Double
    let height: Double
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    var viewBox: String { "0 0 \(coordinate(width)) \(coordinate(height))" }

    func x(_ values: ClosedRange<Double>) -> Axis { Axis(values: values, start: left, end: width - right) }

    func y(_ values: ClosedRange<Double>) -> Axis { Axis(values: values, start: height - bottom, end: top) }

    /// Returns a horizontal line at each of `ticks`, and its number `gap` to the left of the axis.
    ///
    /// Numbers have `decimals` unless all are whole.
    func grid(_ x: Axis, _ y: Axis, ticks: [Double], decimals: Int, gap: Double) -> [HTML] {
        let isWhole = ticks.allSatisfy { $0 == $0.rounded() }
        return ticks.map { tick in
            let height = coordinate(y.position(tick))
            return """
                <path class="grid" d="M\(coordinate(x.start)) \(height)H\(coordinate(x.end))"/>\
                <text class="tick" x="\(coordinate(x.start - gap))" y="\(height)" dy=".32em" text-anchor="end">\
                \(decimal(tick, isWhole ? 0 : decimals))</text>

                """
        }
    }
}

/// Formats a coordinate with at most one decimal.
func coordinate(_ value: Double) -> String {
    let text = decimal(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Returns the path through `points` for an attribute `d`.
func path(_ points: [(x: Double, y: Double)]) -> String {
    points.enumerated().map { "\($0 == 0 ? "M" : "L")\(coordinate($1.x)) \(coordinate($1.y))" }.joined()
}
