/// Multinomial logistic regression with an L2 penalty, `min ½‖W‖² + C·Σ CE`, as scikit-learn defines it.
///
/// The bias is not penalized; its sum is zero. The fit uses the basis of the features' principal directions about their
/// mean. In this basis the diagonal of the Hessian separates directions of very different scales, so that a fit takes
/// some dozens of iterations for any C, and a few hundred at worst. If there are fewer rows than columns, the basis
/// spans the rows, which contain the best weights, and the problem has the size [C×N].
///
/// One value serves any number of fits to the same features. All arithmetic is in `Double`: with a small penalty,
/// weights are large and the remaining loss is far below the resolution of `Float` logits.
public struct LogisticRegression: Sendable {
    let labels: [Int]
    let classCount: Int
    let space: PrincipalSpace
    /// The features in the basis, and their squares [N×R].
    let coordinates: [Double]
    let squares: [Double]

    /// Prepares fits to `features` [N×D] with `labels` [N] below `classCount`.
    public init(features: Matrix, labels: [Int], classCount: Int) {
        precondition(labels.count == features.rows, "\(labels.count) labels for \(features.rows) rows")
        precondition(labels.allSatisfy { $0 >= 0 && $0 < classCount }, "a label is not below \(classCount)")
        self.labels = labels
        self.classCount = classCount
        (space, coordinates) = PrincipalSpace.of(features)
        squares = coordinates.map { $0 * $0 }
    }

    /// The result of a fit.
    public struct Fit: Sendable, Equatable {
        /// W [C×D].
        public var weights: Matrix
        /// b [C].
        public var bias: [Float]
        /// The objective, `½‖W‖² + C·Σ CE`.
        public var objective: Double
        /// The number of iterations.
        public var iterations: Int
        /// Whether the fit met its tolerance.
        public var converged: Bool
    }

    /// Fits with C = `c`, starting at zero or at the weights of another fit.
    ///
    /// `tolerance` bounds the largest slope of the objective divided by C·N, as in scikit-learn. If that objective is
    /// below one, the bound is multiplied by it. A hundredth of `tolerance` bounds the fraction of the objective still
    /// to be gained. A fit with a small penalty, whose loss is tiny, is therefore as exact as others.
    public func fit(
        c: Double, start: Fit? = nil, maxIterations: Int = 1000, tolerance: Double = 1e-4
    ) -> Fit {
        precondition(c > 0 && c.isFinite, "C is \(c)")
        let scale = c * Double(max(1, labels.count))
        var search = LBFGS(tolerance: tolerance, isRelative: true, maxIterations: maxIterations)
        // Small problems can have the worst condition, and a long memory costs them little.
        search.memory = min(100, max(10, (1 << 21) / (classCount * (space.rank + 1))))
        var objective = LogisticObjective(self, penalty: 1 / scale)
        let end = search.minimize(from: parameters(start), curvature: { objective.curvature() }) { point, gradient in
            objective.value(at: point, &gradient)
        }
        return fit(end, scale: scale)
    }

    /// Returns the weights and the bias of a fit in the basis, one after the other, or zeros if there is no fit.
    private func parameters(_ fit: Fit?) -> [Double] {
        guard let fit else { return [Double](repeating: 0, count: classCount * (space.rank + 1)) }
        precondition(fit.weights.rows == classCount && fit.weights.columns == space.mean.count)
        let weights = fit.weights.elements.map(Double.init)
        let shift = space.atMean(weights, classCount: classCount)
        return space.coordinates(weights, count: classCount) + zip(fit.bias, shift).map { Double($0) + $1 }
    }

    private func fit(_ end: LBFGS.Outcome, scale: Double) -> Fit {
        let count = classCount * space.rank
        let weights = space.featureWeights(Array(end.point[..<count]), classCount: classCount)
        let bias = zip(end.point[count...], space.atMean(weights, classCount: classCount)).map { $0 - $1 }
        let middle = bias.reduce(0, +) / Double(max(1, classCount))
        return Fit(
            weights: Matrix(weights.map { Float($0) }, rows: classCount, columns: space.mean.count),
            bias: bias.map { Float($0 - middle) }, objective: end.value * scale, iterations: end.iterations,
            converged: end.converged)
    }
}
