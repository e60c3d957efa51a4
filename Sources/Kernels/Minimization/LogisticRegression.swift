/// Multinomial logistic regression with an L2 penalty, `min ½‖W‖² + C·Σ CE`, as scikit-learn defines it.
///
/// The bias is not penalised; it comes out with a sum of zero. The fit happens in the basis of the features' principal
/// directions, about their mean: an exact change of variables with which directions of very different scales are told
/// apart by the diagonal of the Hessian, so that every C takes some dozens of iterations, a few hundred at worst. With fewer rows than columns
/// the basis spans the rows, which the best weights lie in, and the problem shrinks to [C×N].
///
/// Made once for some features, it serves any number of fits. All arithmetic is in `Double`: where the penalty is
/// small, weights are large and what is left of the loss is far below a `Float`'s digits of the logits.
public struct LogisticRegression: Sendable {
    private let labels: [Int]
    private let classCount: Int
    private let space: PrincipalSpace
    /// The features in the basis, and their squares [N×R].
    private let coordinates: [Double]
    private let squares: [Double]

    /// Takes `features` [N×D] of the classes `labels`, numbers below `classCount`.
    public init(features: Matrix, labels: [Int], classCount: Int) {
        precondition(labels.count == features.rows, "\(labels.count) labels for \(features.rows) rows")
        precondition(labels.allSatisfy { $0 >= 0 && $0 < classCount }, "a label is not below \(classCount)")
        self.labels = labels
        self.classCount = classCount
        (space, coordinates) = PrincipalSpace.of(features)
        squares = coordinates.map { $0 * $0 }
    }

    /// What a fit found.
    public struct Fit: Sendable, Equatable {
        /// W [C×D].
        public var weights: Matrix
        /// b [C].
        public var bias: [Float]
        /// The objective, `½‖W‖² + C·Σ CE`.
        public var objective: Double
        public var iterations: Int
        public var converged: Bool
    }

    /// Fits with C = `c`, from zeros or from another fit's weights.
    ///
    /// `tolerance` bounds the largest slope of the objective divided by C·N, as scikit-learn's does, but in proportion
    /// to that value where it is below one; a hundredth of it bounds the share of the objective still to be gained. So a
    /// fit that is hardly penalised, whose loss is tiny, is as exact as others.
    public func fit(
        c: Double, start: Fit? = nil, maxIterations: Int = 1000, tolerance: Double = 1e-4
    ) -> Fit {
        precondition(c > 0 && c.isFinite, "C is \(c)")
        let scale = c * Double(max(1, labels.count))
        var search = LBFGS(tolerance: tolerance, isRelative: true, maxIterations: maxIterations)
        // Small problems can be the worst conditioned; a long memory costs them little.
        search.memory = min(100, max(10, (1 << 21) / (classCount * (space.rank + 1))))
        var objective = LogisticObjective(
            coordinates, squares, rank: space.rank, labels, classCount: classCount, penalty: 1 / scale)
        let end = search.minimize(from: parameters(start), curvature: { objective.curvature() }) { point, gradient in
            objective.value(at: point, &gradient)
        }
        return fit(end, scale: scale)
    }

    /// A fit's weights and bias in the basis, one after the other; zeros if there is none.
    private func parameters(_ fit: Fit?) -> [Double] {
        guard let fit else { return [Double](repeating: 0, count: classCount * (space.rank + 1)) }
        precondition(fit.weights.rows == classCount && fit.weights.columns == space.mean.count)
        let weights = fit.weights.elements.map(Double.init)
        let shift = space.atMean(weights, classCount: classCount)
        return space.turned(weights, classCount: classCount) + zip(fit.bias, shift).map { Double($0) + $1 }
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
