/// Limited-memory BFGS: minimizes a smooth function of many variables from its values and gradients.
///
/// Liu and Nocedal, Mathematical Programming 1989, with a line search for the strong Wolfe conditions. If a function
/// provides the diagonal of its Hessian, it replaces the usual multiple of the identity. This saves most iterations if
/// the scales of the variables differ.
public struct LBFGS: Sendable, Equatable {
    /// The number of steps stored for the curvature.
    public var memory = 10
    /// The search ends if no element of the gradient has a larger magnitude.
    public var tolerance = 1e-4
    /// Whether the tolerance is multiplied by a value below one, and bounds the expected decrease as well.
    ///
    /// The expected decrease is then at most a hundredth of the tolerance times the value. A small slope alone says
    /// little if there are many variables.
    public var isRelative = false
    /// The largest number of iterations.
    public var maxIterations = 1000
    /// The number of iterations between updates of the Hessian's diagonal.
    public var curvatureInterval = 30

    /// Makes a minimizer with the default memory.
    public init(tolerance: Double = 1e-4, isRelative: Bool = false, maxIterations: Int = 1000) {
        self.tolerance = tolerance
        self.isRelative = isRelative
        self.maxIterations = maxIterations
    }

    /// The result of a search.
    public struct Outcome: Sendable {
        /// The best point found.
        public var point: [Double]
        /// The value at this point.
        public var value: Double
        /// The largest magnitude of an element of the gradient at this point.
        public var largestSlope: Double
        /// The number of iterations.
        public var iterations: Int
        /// The number of evaluations of the function.
        public var evaluations: Int
        /// Whether the gradient is within the tolerance.
        ///
        /// If not, iterations ran out or no step decreases the value.
        public var converged: Bool
    }

    /// Minimizes `function`, which fills the gradient at a point and returns the value, from `start`.
    ///
    /// `curvature` returns the diagonal of the Hessian at the point of the last evaluation, with positive elements, or
    /// nil. The result is never worse than the start. A value that is not finite shortens the step.
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
                // The diagonal of an earlier point may underestimate the decrease.
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

    /// Whether the decrease predicted by the quadratic model is within the tolerance.
    private func isWithinReach(_ incline: Double, _ value: Double) -> Bool {
        -0.5 * incline <= 0.01 * tolerance * abs(value)
    }

    private func outcome(_ line: LineSearch, _ slope: Double, _ iterations: Int, converged: Bool) -> Outcome {
        Outcome(
            point: line.point, value: line.value, largestSlope: slope, iterations: iterations,
            evaluations: line.evaluations, converged: converged)
    }
}
