public import Core
internal import Kernels

/// GDA-CLIP: linear discriminant analysis of the few shots, added to the zero-shot logits; nothing is trained.
///
/// Every augmented view is a sample x, a unit row; μ_c is the mean of class c, n the number of samples, Σ their common
/// covariance:
///
///     Ω = D·((n − 1)Σ + tr(Σ)·I)⁻¹
///     z = σ·f·Tᵀ + α(f·W + b),    W = Ωμᵀ,    b_c = log(1/C) − ½μ_cᵀΩμ_c
///
/// Wang et al., "A hard-to-beat baseline for training-free CLIP-based adaptation", ICLR 2024; `main.py` of its
/// repository. Departures: a linear system is solved in place of its pseudoinverse, and α is searched over the whole
/// interval of its seven points.
public struct GaussianDiscriminants: AdapterMethod {
    public struct Settings: MethodSettings {
        /// α: the weight of the discriminants against the zero-shot logits.
        public var alpha: Float = 0.1
        public init() {}

        public func check() throws(Fault) { try require("alpha", alpha, in: 0 ... 1e6) }
    }

    public static let name = "gda"
    public static let summary = "linear discriminants of all views, added to the zero-shot logits; in closed form"
    public static let needsText = true
    public static let isSearched = true

    private static let space = WeightSpace(powersOfTen: -4 ... 2)
    private let alpha: Float
    private let text: TextTerm
    private let discriminants: LinearTerm

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).zeroShot
        discriminants = try task.requiredSupport(Self.name).viewScatter().discriminants()
        alpha = settings.alpha
    }

    public func initialClassifier() -> Classifier { classifier(alpha: alpha) }

    private func classifier(alpha: Float) -> Classifier {
        var linear = discriminants
        linear.weight = alpha
        return Classifier(text, linear, classCount: text.classCount)
    }

    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        let found = try validation.weight(
            of: Classifier(discriminants, classCount: text.classCount),
            beside: Classifier(text, classCount: text.classCount), Self.space, by: kind)
        let alpha = Float(found.weight)
        let chosen = self.classifier(alpha: alpha)
        return SearchResult(
            classifier: chosen, chosen: ["alpha": .number(rounded(alpha))],
            accuracy: try validation.score(chosen).accuracy)
    }
}
