public import Core
internal import Kernels

/// TIMO: texts guided by images, discriminants guided by texts; nothing is trained.
///
/// T' weights the prompts E of each class by their similarity to its images. The discriminants are those of the image
/// views and the n best prompts, each scaled by its similarity:
///
///     s_cp = v_c·E_cp,  v_c = norm(mean key of c)      T'_c = norm(Σ_p softmax_p(γ·s_c/‖s_c‖)·E_cp)
///     z = α·f·T'ᵀ + f·W + b,    W, b as in ``GaussianDiscriminants``, of views and s_cp·E_cp
///
/// Li et al., AAAI 2025; `models.py`. Beyond the logit scale σ, all logits are divided by α/σ.
public struct Timo: AdapterMethod {
    /// The published settings, which TIMO-S shares.
    public struct Settings: MethodSettings {
        /// α: the weight of the texts; 1000 corresponds to the discriminants' default weight of 0.1 in `gda`.
        public var alpha: Float = 1000
        /// γ: the sharpness of the prompts' weights.
        public var gamma: Float = 50
        /// n: the prompts per class among the discriminants' samples, 0 for all; beyond all, the best are used twice.
        public var prompts = 0
        /// The published settings.
        public init() {}

        /// Throws `configuration` for a number outside its range.
        public func check() throws(Fault) {
            try require("alpha", alpha, in: 0 ... 1e6)
            try require("gamma", gamma, in: 0 ... 1e4)
            try require("prompts", Float(prompts), in: 0 ... 1e5)
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "timo", summary: "prompts weighted by the images, discriminants of images and prompts; in closed form",
        searched: ["alpha"])

    private let fused: GuidedClassifier
    private let alpha: Float

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        fused = try GuidedTexts(task.requiredSupport(Self.name), Self.requiredText(task)).classifier(settings)
        alpha = settings.alpha
    }

    /// The classifier at the α of the settings.
    public func initialClassifier() -> Classifier { fused.classifier(alpha: alpha) }

    /// Chooses α.
    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        let found = try fused.alpha(on: validation, by: kind)
        let alpha = Float(found.middle)
        return try validation.result(
            fused.classifier(alpha: alpha), chosen: ["alpha": .number(rounded(alpha))],
            ends: GuidedClassifier.space.ends("alpha", found.middle))
    }
}

/// Guided texts and discriminants, weighted by α.
struct GuidedClassifier: Sendable {
    let text: TextTerm  // T' [C×D], and the model's logit scale
    let discriminants: LinearTerm

    static let space = WeightSpace(powersOfTen: -4 ... 4)

    /// `α·f·T'ᵀ + f·W + b`, divided by α/σ where α exceeds the logit scale σ.
    func classifier(alpha: Float) -> Classifier {
        var linear = discriminants
        linear.weight = min(1, text.scale / alpha)
        let scaled = TextTerm(text.embeddings, scale: min(alpha, text.scale))
        return Classifier(scaled, linear)
    }

    /// The best α.
    func alpha(on validation: Validation, by kind: SearchKind) throws(Fault) -> Peak<Double> {
        let cosines = TextTerm(text.embeddings, scale: 1)
        return try validation.weight(of: Classifier(cosines), beside: Classifier(discriminants), Self.space, by: kind)
    }
}

extension GuidedTexts {
    /// The texts and discriminants with the γ and the number of prompts of the settings.
    func classifier(_ settings: Timo.Settings) -> GuidedClassifier {
        GuidedClassifier(
            text: text(gamma: settings.gamma),
            discriminants: discriminants(promptCounts: [settings.prompts > 0 ? settings.prompts : promptCount])[0])
    }
}
