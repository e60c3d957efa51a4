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
/// Wang et al., ICLR 2024; `main.py`.
public struct GaussianDiscriminants: AdapterMethod {
    /// The weight of the discriminants.
    public struct Settings: MethodSettings {
        /// α: the weight of the discriminants against the zero-shot logits, if it is not searched.
        public var alpha: Float = 0.1
        /// The defaults.
        public init() {}

        /// Throws `configuration` for an α outside its range.
        public func check() throws(Fault) { try require("alpha", alpha, in: 0 ... 1e6) }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "gda", summary: "linear discriminants of all views, added to the zero-shot logits; in closed form",
        searched: ["alpha"])

    private static let space = WeightSpace(powersOfTen: -4 ... 2)
    private let alpha: Float
    private let text: TextTerm
    private let discriminants: LinearTerm

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).zeroShot
        discriminants = try task.requiredSupport(Self.name).viewScatter().discriminants()
        alpha = settings.alpha
    }

    /// The classifier at the α of the settings.
    public func initialClassifier() -> Classifier { classifier(alpha: alpha) }

    private func classifier(alpha: Float) -> Classifier {
        var linear = discriminants
        linear.weight = alpha
        return Classifier(text, linear)
    }

    /// Chooses α.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        let found = try validation.weight(of: Classifier(discriminants), beside: Classifier(text), Self.space, by: kind)
        let alpha = Float(found.middle)
        return try validation.result(
            self.classifier(alpha: alpha), chosen: ["alpha": .number(rounded(alpha))],
            ends: Self.space.ends("alpha", found.middle))
    }
}
