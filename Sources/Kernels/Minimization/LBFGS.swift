/// Limited-memory BFGS: minimises a smooth function of many numbers from its values and gradients.
///
/// Liu and Nocedal, Mathematical Programming 1989, with a line search to the strong Wolfe conditions. Where a function
/// can give the diagonal of its Hessian, that takes the place of the usual multiple of the identity, which saves most
/// iterations if the scales of the numbers differ.
public struct LBFGS: Sendable, Equatable {
    /// How many steps the curvature is remembered from.
    public var memory = 10
    /// The largest element of the gradient, by magnitude, that ends the search.
    public var tolerance = 1e-4
    /// Whether the tolerance shrinks with the value where that is below one, and bounds what is left to gain, too.
    ///
    /// The decrease still expected is then at most a hundredth of the tolerance as a share of the value: a small slope
    /// alone says little where many numbers share it.
    public var isRelative = false
    public var maxIterations = 1000
    /// Iterations after which the Hessian's diagonal is asked for again.
    public var curvatureInterval = 30

    public init(tolerance: Double = 1e-4, isRelative: Bool = false, maxIterations: Int = 1000) {
        self.tolerance = tolerance
        self.isRelative = isRelative
        self.maxIterations = maxIterations
    }

    /// Where a search ended.
    public struct Outcome: Sendable {
        public var point: [Double]
        public var value: Double
        /// The largest element of the gradient there, by magnitude.
        public var largestSlope: Double
        public var iterations: Int
        public var evaluations: Int
        /// Whether the gradient is within the tolerance; if not, iterations ran out or no step goes down any more.
        public var converged: Bool
    }

    /// Minimises `function`, which fills the gradient at a point and returns the value, from `start`.
    ///
    /// `curvature` gives the diagonal of the Hessian at the point of the last evaluation, each element above zero, or
    /// nil. The outcome is never worse than the start; a value that is not finite only shortens a step.
    public func minimize(
        from start: [Double], curvature: () -> [Double]? = { nil },
        _ function: (_ point: [Double], _ gradient: inout [Double]) -> Double
    ) -> Outcome {
        var line = LineSearch(at: start, function)
        var history = CurvatureHistory(limit: memory)
        var iterations = 0
        var isRestarted = true
        while true {
            let slope = largestMagnitude(line.gradient)
            let isFlat = slope <= (isRelative ? tolerance * min(1, abs(line.value)) : tolerance)
            guard !isFlat || isRelative, iterations < maxIterations, line.value.isFinite, slope.isFinite else {
                return outcome(line, slope, iterations, converged: isFlat && !isRelative)
            }
            let isDue = iterations.isMultiple(of: max(1, curvatureInterval))
            if isDue { history.diagonal = curvature() }
            var direction = history.descent(line.gradient)
            var incline = innerProduct(direction, line.gradient)
            if isFlat, isWithinReach(incline, line.value) {
                // The diagonal of an earlier point may promise too little.
                if !isDue { history.diagonal = curvature() }
                direction = history.descent(line.gradient)
                incline = innerProduct(direction, line.gradient)
                if isWithinReach(incline, line.value) { return outcome(line, slope, iterations, converged: true) }
            }
            if !(incline < 0) {
                history.forget()
                direction = history.descent(line.gradient)
                incline = innerProduct(direction, line.gradient)
            }
            let first = history.isScaled ? 1 : min(1, 1 / max(.leastNormalMagnitude, totalMagnitude(line.gradient)))
            let before = (point: line.point, gradient: line.gradient)
            guard incline < 0, line.search(along: direction, incline: incline, from: first, function) else {
                guard !isRestarted else { return outcome(line, slope, iterations, converged: false) }
                history.forget()
                isRestarted = true
                continue
            }
            history.remember(from: before, to: (line.point, line.gradient))
            iterations += 1
            isRestarted = false
        }
    }

    /// Whether the decrease that the quadratic model promises is within the tolerance.
    private func isWithinReach(_ incline: Double, _ value: Double) -> Bool {
        -0.5 * incline <= 0.01 * tolerance * abs(value)
    }

    private func outcome(_ line: LineSearch, _ slope: Double, _ iterations: Int, converged: Bool) -> Outcome {
        Outcome(
            point: line.point, value: line.value, largestSlope: slope, iterations: iterations,
            evaluations: line.evaluations, converged: converged)
    }
}
