/// A point of a minimization, and the search for the next point along a line.
struct LineSearch {
    typealias Function = (_ point: [Double], _ gradient: inout [Double]) -> Double

    private(set) var point: [Double]
    private(set) var gradient: [Double]
    private(set) var value: Double
    private(set) var evaluations = 1

    /// A step, and the value and slope at its end.
    private struct Sample {
        var step: Double
        var value: Double
        var slope: Double
    }

    /// The sufficient fraction of the expected decrease.
    private static let decrease = 1e-4
    /// The fraction of the slope that may remain.
    private static let flatness = 0.9
    /// The relative difference below which values cannot be distinguished: products are summed in `Float`.
    private static let noise = 1e-6
    private static let attempts = 30

    init(at start: [Double], _ function: Function) {
        point = start
        gradient = [Double](repeating: 0, count: start.count)
        value = function(start, &gradient)
    }

    /// Moves along `direction`, whose slope here is `incline`, to a point that meets the strong Wolfe conditions.
    ///
    /// Nocedal and Wright, Numerical Optimization, section 3.5. If values differ by no more than noise, only slopes are
    /// compared, as in Hager and Zhang (2005). If the attempts run out, takes the best point found.
    ///
    /// - Returns: Whether the point moved. The last evaluation is then at the new point.
    mutating func search(
        along direction: [Double], incline: Double, from first: Double, _ function: Function
    ) -> Bool {
        let origin = Sample(step: 0, value: value, slope: incline)
        var low = origin
        var high: Sample?
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
                move(to: place, slopes, trial.value)
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
        move(to: place, slopes, trial.value)
        return true
    }

    private mutating func move(to point: [Double], _ gradient: [Double], _ value: Double) {
        self.point = point
        self.gradient = gradient
        self.value = value
    }

    private mutating func sample(
        _ step: Double, along direction: [Double], _ function: Function
    ) -> (Sample, [Double], [Double]) {
        var place = point
        var slopes = gradient
        add(direction, scale: step, to: &place)
        let value = function(place, &slopes)
        evaluations += 1
        return (Sample(step: step, value: value, slope: innerProduct(direction, slopes)), place, slopes)
    }

    /// Whether `trial` decreases the value too little, or less than the best point so far.
    private static func isTooHigh(_ trial: Sample, above low: Sample, from origin: Sample) -> Bool {
        let blur = noise * abs(origin.value)
        let isLevel = trial.value <= origin.value + blur && trial.slope <= (2 * decrease - 1) * origin.slope
        if isLevel, abs(trial.value - low.value) <= blur { return false }
        return trial.value > origin.value + decrease * trial.step * origin.slope
            || (low.step > 0 && trial.value >= low.value)
    }

    /// Returns the minimum of the cubic through both ends, clamped to the interval, or twice the step if there is one
    /// end.
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
