public import Core
internal import Kernels

/// Linear probe: logistic regression on the image features as the encoder gave them, without any text.
///
///     z = r·Wᵀ + b,    min ½‖W‖² + C·Σ CE        over the plain view r of each item
///
/// Radford et al., ICML 2021; settings and the choice of C as in CoOp's `lpclip`: seven powers of ten on validation,
/// then eight bisections of two decades around the best.
public struct LinearProbe: AdapterMethod {
    /// The C of CLIP's paper.
    public struct Settings: MethodSettings {
        /// C: the weight of the loss against the L2 penalty, if it is not searched; the value in CLIP's paper code.
        public var C: Float = 0.316
        /// The defaults.
        public init() {}
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "linear-probe", summary: "logistic regression on raw image features, C chosen by bisection",
        needsText: false, searched: ["C"], validation: .init(size: .atMostFour), readsImageLengths: true)

    private let settings: Settings
    private let regression: LogisticRegression

    /// Takes the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let support = try task.requiredSupport(Self.name)
        self.settings = settings
        regression = LogisticRegression(
            features: try support.raw(view: 0), labels: support.labels, classCount: support.classCount)
    }

    /// The classifier at the C of the settings.
    public func initialClassifier() -> Classifier {
        classifier(regression.fit(c: Double(settings.C), tolerance: Self.tolerance))
    }

    /// With many classes and small penalties, scikit-learn's 1e-4 is reached after a step or two.
    private static let tolerance = 1e-6

    private func classifier(_ fit: LogisticRegression.Fit) -> Classifier {
        var classifier = Classifier(LinearTerm(weights: fit.weights, bias: fit.bias))
        classifier.readsRaw = true
        return classifier
    }

    /// Searches as published, whatever the kind: no exact search over C is possible.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        var path = RegularizationPath(regression)
        func score(_ exponent: Double) throws(Fault) -> Double {
            try path.accuracy(exponent) { fit throws(Fault) in
                try validation.score(self.classifier(fit)).accuracy
            }
        }
        let grid = [6.0, 4, 2, 0, -2, -4, -6]
        // From the strongest penalty on, so that each fit starts near its optimum.
        for exponent in grid.reversed() { _ = try score(exponent) }
        var best = grid[0]
        for exponent in grid where try score(exponent) > score(best) { best = exponent }
        var low = best - 1
        var high = best + 1
        var winner = best
        for _ in 0 ..< 8 {
            let isHigher = try score(low) < score(high)
            winner = isHigher ? high : low
            let middle = (low + high) / 2
            if isHigher { low = middle } else { high = middle }
        }
        let strength = powerOfTen(winner)
        let chosen = self.classifier(regression.fit(c: strength, start: path.fit(winner), tolerance: Self.tolerance))
        let bound = grid[0]
        let ends = abs(winner) >= bound ? [SearchEnd("C", bound: powerOfTen(winner > 0 ? bound : -bound))] : []
        return try validation.result(chosen, chosen: ["C": .number(strength)], ends: ends)
    }
}

/// Fits by the logarithm of C, each computed once from the nearest one, precise enough to compare accuracies.
private struct RegularizationPath {
    private let regression: LogisticRegression
    private var fits: [Double: LogisticRegression.Fit] = [:]
    private var accuracies: [Double: Double] = [:]

    init(_ regression: LogisticRegression) { self.regression = regression }

    mutating func fit(_ exponent: Double) -> LogisticRegression.Fit {
        if let known = fits[exponent] { return known }
        let nearest = fits.keys.min { (abs($0 - exponent), $0) < (abs($1 - exponent), $1) }
        let fit = regression.fit(c: powerOfTen(exponent), start: nearest.flatMap { fits[$0] }, tolerance: 1e-5)
        fits[exponent] = fit
        return fit
    }

    mutating func accuracy(
        _ exponent: Double, by score: (LogisticRegression.Fit) throws(Fault) -> Double
    ) throws(Fault) -> Double {
        if let known = accuracies[exponent] { return known }
        let accuracy = try score(fit(exponent))
        accuracies[exponent] = accuracy
        return accuracy
    }
}
