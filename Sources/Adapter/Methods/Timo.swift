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
/// Li et al., "Text and image are mutually beneficial", AAAI 2025; `models.py` of its repository. Departure: α is
/// searched over the whole interval of its nine points. Beyond the logit scale σ, 100 for CLIP, all logits are divided
/// by α/σ.
public struct Timo: AdapterMethod {
    public struct Settings: MethodSettings {
        /// α: the weight of the texts; 1000 corresponds to the discriminants' default weight of 0.1 in `gda`.
        public var alpha: Float = 1000
        /// γ: the sharpness of the prompts' weights.
        public var gamma: Float = 50
        /// n: the prompts per class among the discriminants' samples, 0 for all; beyond all, the best are used twice.
        public var prompts = 0
        public init() {}

        public func check() throws(Fault) {
            try require("alpha", alpha, in: 0 ... 1e6)
            try require("gamma", gamma, in: 0 ... 1e4)
            try require("prompts", Float(prompts), in: 0 ... 1e5)
        }
    }

    public static let name = "timo"
    public static let summary = "prompts weighted by the images, discriminants of images and prompts; in closed form"
    public static let needsText = true
    public static let isSearched = true

    private let fused: GuidedClassifier
    private let alpha: Float

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let guided = try GuidedTexts(task.requiredSupport(Self.name), Self.requiredText(task))
        fused = GuidedClassifier(
            text: guided.text(gamma: settings.gamma),
            discriminants: guided.discriminants(
                promptCount: settings.prompts > 0 ? settings.prompts : guided.promptCount))
        alpha = settings.alpha
    }

    /// γ is 50 except on two data sets.
    public static let publishedSettings = PublishedSettings(["gamma"], ["imagenet": [1], "oxford_flowers": [100]])

    public func initialClassifier() -> Classifier { fused.classifier(alpha: alpha) }

    public func search(
        _ classifier: Classifier, on validation: Validation, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        let alpha = Float(try fused.alpha(on: validation, by: kind).weight)
        let chosen = fused.classifier(alpha: alpha)
        return SearchResult(
            classifier: chosen, chosen: ["alpha": .number(rounded(alpha))],
            accuracy: try validation.score(chosen).accuracy)
    }
}

/// Guided texts and discriminants, weighted by α.
struct GuidedClassifier: Sendable {
    /// T' [C×D], and the model's logit scale.
    let text: TextTerm
    let discriminants: LinearTerm

    private static let space = WeightSpace(powersOfTen: -4 ... 4)

    /// `α·f·T'ᵀ + f·W + b`, divided by α/σ where α exceeds the logit scale σ.
    func classifier(alpha: Float) -> Classifier {
        var linear = discriminants
        linear.weight = min(1, text.scale / alpha)
        let scaled = TextTerm(text.embeddings, scale: min(alpha, text.scale))
        return Classifier(scaled, linear, classCount: text.classCount)
    }

    /// The best α.
    func alpha(on validation: Validation, by kind: SearchKind) throws(Fault) -> WeightChoice {
        let cosines = TextTerm(text.embeddings, scale: 1)
        return try validation.weight(
            of: Classifier(cosines, classCount: text.classCount),
            beside: Classifier(discriminants, classCount: text.classCount), Self.space, by: kind)
    }
}
