/// The L-BFGS approximation of the inverse Hessian: the last steps and the change of the gradient along each.
struct CurvatureHistory {
    private struct Step {
        let move: [Double]
        let change: [Double]
        /// 1/(sᵀy).
        let weight: Double
    }

    private let limit: Int
    private var steps: [Step] = []
    /// The diagonal of the Hessian, if known.
    var diagonal: [Double]?

    init(limit: Int) { self.limit = limit }

    /// Whether the length of a direction is meaningful.
    var isScaled: Bool { diagonal != nil || !steps.isEmpty }

    /// Removes all steps.
    mutating func forget() { steps = [] }

    /// Adds a step, unless the curvature along it is not positive.
    mutating func remember(
        from old: (point: [Double], gradient: [Double]), to new: (point: [Double], gradient: [Double])
    ) {
        var move = new.point
        var change = new.gradient
        add(old.point, scale: -1, to: &move)
        add(old.gradient, scale: -1, to: &change)
        let bend = innerProduct(move, change)
        let size = (innerProduct(move, move) * innerProduct(change, change)).squareRoot()
        guard bend > 1e-14 * size, (1 / bend).isFinite else { return }
        steps.append(Step(move: move, change: change, weight: 1 / bend))
        if steps.count > limit { steps.removeFirst(steps.count - limit) }
    }

    /// Returns `−H⁻¹·g` by the two-loop recursion.
    func descent(_ gradient: [Double]) -> [Double] {
        var q = gradient
        var shares = [Double](repeating: 0, count: steps.count)
        for (i, step) in steps.enumerated().reversed() {
            shares[i] = step.weight * innerProduct(step.move, q)
            add(step.change, scale: -shares[i], to: &q)
        }
        scaleByStart(&q)
        for (i, step) in steps.enumerated() {
            add(step.move, scale: shares[i] - step.weight * innerProduct(step.change, q), to: &q)
        }
        scale(&q, by: -1)
        return q
    }

    /// Applies the initial inverse Hessian, scaled to fit the latest step.
    private func scaleByStart(_ q: inout [Double]) {
        if let diagonal {
            divide(&q, by: diagonal)
            guard let last = steps.last else { return }
            var scaled = last.change
            divide(&scaled, by: diagonal)
            scale(&q, by: 1 / (last.weight * innerProduct(last.change, scaled)))
        } else if let last = steps.last {
            scale(&q, by: 1 / (last.weight * innerProduct(last.change, last.change)))
        }
    }
}
