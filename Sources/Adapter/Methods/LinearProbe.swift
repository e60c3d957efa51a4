public import Core
internal import Kernels

/// Linear probe: logistic regression on the image features as the encoder gave them, without any text.
///
///     z = r·Wᵀ + b,    min ½‖W‖² + C·Σ CE        over the plain view r of each item
///
/// Radford et al., ICML 2021; settings and the choice of C as in CoOp's `lpclip`: seven powers of ten on validation,
/// then eight bisections of two decades around the best. Departure: each C is fitted once, starting at the nearest fit;
/// the optimum is the same. Its published few-shot sample is the scheme `lpclip`.
public struct LinearProbe: AdapterMethod {
    public struct Settings: MethodSettings {
        /// C: the weight of the loss against the L2 penalty, if it is not searched; 0.316 is the value in CLIP's paper
        /// code.
        public var C: Float = 0.316
        public init() {}

        public func check() throws(Fault) { try require("C", C, in: 1e-8 ... 1e8) }
    }

    public static let name = "linear-probe"
    public static let summary = "logistic regression on raw image features, C chosen by bisection"
    public static let needsText = false
    public static let isSearched = true
    public static let readsLengths = Lengths.images

    private let settings: Settings
    private let regression: LogisticRegression
    private let classCount: Int

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let support = try task.requiredSupport(Self.name)
        self.settings = settings
        classCount = support.classCount
        regression = LogisticRegression(
            features: try support.raw(view: 0), labels: support.labels, classCount: classCount)
    }

    public func initialClassifier() -> Classifier {
        classifier(regression.fit(c: Double(settings.C), tolerance: Self.tolerance))
    }

    /// With many classes and small penalties, scikit-learn's 1e-4 is reached after a step or two.
    private static let tolerance = 1e-6

    private func classifier(_ fit: LogisticRegression.Fit) -> Classifier {
        var classifier = Classifier(LinearTerm(weights: fit.weights, bias: fit.bias), classCount: classCount)
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
        let chosen = self.classifier(
            regression.fit(c: strength, start: path.fit(winner), tolerance: Self.tolerance))
        return SearchResult(
            classifier: chosen, chosen: ["C": .number(strength)],
            accuracy: try validation.score(chosen).accuracy)
    }
}

/// Fits by the logarithm of C, each computed once from the nearest one, precise enough to compare accuracies.
private struct RegularizationPath {
    private let regression: LogisticRegression
    private var fits: [Double: (fit: LogisticRegression.Fit, accuracy: Double?)] = [:]

    init(_ regression: LogisticRegression) { self.regression = regression }

    mutating func fit(_ exponent: Double) -> LogisticRegression.Fit {
        if let known = fits[exponent] { return known.fit }
        let nearest = fits.keys.min { (abs($0 - exponent), $0) < (abs($1 - exponent), $1) }
        let fit = regression.fit(
            c: powerOfTen(exponent), start: nearest.flatMap { fits[$0]?.fit }, tolerance: 1e-5)
        fits[exponent] = (fit, nil)
        return fit
    }

    mutating func accuracy(
        _ exponent: Double, by score: (LogisticRegression.Fit) throws(Fault) -> Double
    ) throws(Fault) -> Double {
        if let known = fits[exponent]?.accuracy { return known }
        let fit = fit(exponent)
        let accuracy = try score(fit)
        fits[exponent] = (fit, accuracy)
        return accuracy
    }
}
