internal import Studies

/// A range of values along one side of a chart.
struct Axis {
    let values: ClosedRange<Double>
    /// Where the range's ends are drawn; upside down for a vertical axis.
    let start: Double
    let end: Double

    /// Where `value` is drawn; what is outside the range is drawn at its end.
    func place(_ value: Double) -> Double {
        let width = values.upperBound - values.lowerBound
        let share =
            width > 0 ? (min(max(value, values.lowerBound), values.upperBound) - values.lowerBound) / width : 0.5
        return start + share * (end - start)
    }

    /// The least range of round numbers around `values`, and the round numbers in it: 3 to 7.
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

    /// The round number at or above `least`: 1, 2 or 5 times a power of ten.
    private static func step(_ least: Double) -> Double {
        var power = 1.0
        while power * 10 <= least { power *= 10 }
        while power > least { power /= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * 0.999 } ?? power * 10
    }
}

/// A number of a drawing: one decimal at most.
func coordinate(_ value: Double) -> String {
    let text = decimal(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// The path through `points`, for an attribute `d`.
func path(_ points: [(x: Double, y: Double)]) -> String {
    points.enumerated().map { "\($0 == 0 ? "M" : "L")\(coordinate($1.x)) \(coordinate($1.y))" }.joined()
}
