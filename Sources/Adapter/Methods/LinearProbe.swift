public import Core
internal import Kernels

/// Linear probe: logistic regression on the image features as the encoder gave them, without any text.
///
///     z = r·Wᵀ + b,    min ½‖W‖² + C·Σ CE        over the plain view r of each item
///
/// Radford et al., ICML 2021; settings and the choice of C as in CoOp's `lpclip`: seven powers of ten on validation, then
/// eight bisections of two decades about the best. Ours fits each C once, from the nearest one that is fitted; the optimum is
/// the same. Its own sampling is `--scheme lpclip`.
public struct LinearProbe: AdapterMethod {
    public struct Settings: MethodSettings {
        /// C: how much the loss counts against the weights' length, where nothing is chosen; 0.316 is CLIP's own.
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

    /// scikit-learn's own 1e-4 is met after a step or two where classes are many and penalties small.
    private static let tolerance = 1e-6

    private func classifier(_ fit: LogisticRegression.Fit) -> Classifier {
        var classifier = Classifier(
            linear: .init(weights: fit.weights, bias: fit.bias), classCount: classCount)
        classifier.readsRaw = true
        return classifier
    }

    /// The published choice either way: accuracy has no form in C that could be searched as a whole.
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
        // From the strongest penalty on, so that each fit starts near its end.
        for exponent in grid.reversed() { _ = try score(exponent) }
        var best = grid[0]
        for exponent in grid where try score(exponent) > score(best) { best = exponent }
        var (low, high, winner) = (best - 1, best + 1, best)
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

/// Fits by the logarithm of C, each made once, from the nearest one: exact enough to tell accuracies apart.
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
