/// A point of a minimisation, and the search for the next one along a line.
struct LineSearch {
    typealias Function = (_ point: [Double], _ gradient: inout [Double]) -> Double

    private(set) var point: [Double]
    private(set) var gradient: [Double]
    private(set) var value: Double
    private(set) var evaluations = 1

    /// A step, the value there and the slope along the line.
    private struct Sample {
        var step: Double
        var value: Double
        var slope: Double
    }

    /// The share of the expected decrease that is enough, and the share of the slope that may remain.
    private static let (decrease, flatness) = (1e-4, 0.9)
    /// Values closer than this share cannot be told apart: products are summed in `Float`.
    private static let noise = 1e-6
    private static let attempts = 30

    init(at start: [Double], _ function: Function) {
        point = start
        gradient = [Double](repeating: 0, count: start.count)
        value = function(start, &gradient)
    }

    /// Moves along `direction`, whose slope here is `incline`, to a point that meets the strong Wolfe conditions.
    ///
    /// Nocedal and Wright, Numerical Optimization, section 3.5. Where values differ by no more than noise the slopes
    /// decide alone, as Hager and Zhang (2005) do. If the attempts run out, the best point found is taken.
    ///
    /// - Returns: whether the point moved; the last evaluation is then at the new point.
    mutating func search(
        along direction: [Double], incline: Double, from first: Double, _ function: Function
    ) -> Bool {
        let origin = Sample(step: 0, value: value, slope: incline)
        var (low, high): (Sample, Sample?) = (origin, nil)
        var step = first
        for _ in 0 ..< LineSearch.attempts {
            let (trial, place, slopes) = sample(step, along: direction, function)
            guard trial.value.isFinite, trial.slope.isFinite else {
                high = Sample(step: step, value: .infinity, slope: .infinity)
                step = low.step + 0.1 * (step - low.step)
                continue
            }
            if LineSearch.isTooHigh(trial, above: low, from: origin) {
                high = trial
            } else if abs(trial.slope) <= -LineSearch.flatness * incline {
                (point, gradient, value) = (place, slopes, trial.value)
                return true
            } else if trial.slope * ((high?.step ?? .infinity) - low.step) < 0 {
                low = trial
            } else {
                high = low
                low = trial
            }
            step = LineSearch.nextStep(low, high)
            guard step != low.step, step.isFinite else { break }
        }
        guard low.step > 0, low.value < value else { return false }
        let (trial, place, slopes) = sample(low.step, along: direction, function)
        (point, gradient, value) = (place, slopes, trial.value)
        return true
    }

    private mutating func sample(
        _ step: Double, along direction: [Double], _ function: Function
    ) -> (Sample, [Double], [Double]) {
        var (place, slopes) = (point, gradient)
        add(direction, scale: step, to: &place)
        let value = function(place, &slopes)
        evaluations += 1
        return (Sample(step: step, value: value, slope: innerProduct(direction, slopes)), place, slopes)
    }

    /// Whether `trial` decreases too little, or less than the best point so far.
    private static func isTooHigh(_ trial: Sample, above low: Sample, from origin: Sample) -> Bool {
        let blur = noise * abs(origin.value)
        let isLevel = trial.value <= origin.value + blur && trial.slope <= (2 * decrease - 1) * origin.slope
        if isLevel, abs(trial.value - low.value) <= blur { return false }
        return trial.value > origin.value + decrease * trial.step * origin.slope
            || (low.step > 0 && trial.value >= low.value)
    }

    /// The least of the cubic through both ends, held inside; twice as far where there is no other end yet.
    private static func nextStep(_ low: Sample, _ high: Sample?) -> Double {
        guard let high else { return 2 * low.step }
        let width = high.step - low.step
        var share = 0.5
        if high.value.isFinite {
            let d = low.slope + high.slope - 3 * (low.value - high.value) / (low.step - high.step)
            let square = d * d - low.slope * high.slope
            if square >= 0 {
                let root = width > 0 ? square.squareRoot() : -square.squareRoot()
                let cubic = 1 - (high.slope + root - d) / (high.slope - low.slope + 2 * root)
                if cubic.isFinite { share = min(0.9, max(0.1, cubic)) }
            }
        }
        return low.step + share * width
    }
}
