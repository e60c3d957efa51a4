public import Core
internal import Kernels

/// TIMO: texts guided by the images, discriminants guided by the texts; nothing is trained.
///
/// T' weighs each class's prompts E by how well they fit its images, and the discriminants are those of the images' views
/// together with the n best prompts, each as long as it fits:
///
///     s_cp = v_c·E_cp,  v_c = norm(mean key of c)      T'_c = norm(Σ_p softmax_p(γ·s_c/‖s_c‖)·E_cp)
///     z = α·f·T'ᵀ + f·W + b,    W, b as in ``GaussianDiscriminants``, of views and s_cp·E_cp
///
/// Li et al., "Text and image are mutually beneficial", AAAI 2025; `models.py` of its repository. Ours searches α over the
/// whole interval of its nine points. Beyond α = 100, CLIP's scale, all logits are divided by α/100.
public struct Timo: AdapterMethod {
    public struct Settings: MethodSettings {
        /// α: the weight of the texts; 1000 is what the discriminants' default weight of 0.1 in `gda` comes to.
        public var alpha: Float = 1000
        /// γ: how much better prompts count more.
        public var gamma: Float = 50
        /// n: the prompts of a class among the discriminants' samples; 0 for all, beyond them the best count twice.
        public var prompts = 0
        public init() {}

        public func check() throws(Fault) {
            try require("alpha", alpha, in: 0 ... 1e6)
            try require("gamma", gamma, in: 0 ... 1e4)
            try require("prompts", Float(prompts), in: 0 ... 1e5)
        }
    }

    public static let name = "timo"
    public static let summary = "prompts weighed by the images, discriminants of images and prompts, in closed form"
    public static let needsText = true
    public static let isSearched = true

    private let fused: GuidedClassifier
    private let alpha: Float

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let guided = try GuidedTexts(task.requiredSupport(Self.name), Self.requiredText(task))
        fused = GuidedClassifier(
            text: guided.texts(gamma: settings.gamma),
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

/// Guided texts and discriminants, whose share α decides.
struct GuidedClassifier: Sendable {
    let text: Matrix  // T' [C×D]
    let discriminants: Classifier.Linear

    private static let space = WeightSpace(powersOfTen: -4 ... 4)

    /// `α·f·T'ᵀ + f·W + b`, divided by α/100 where α exceeds CLIP's scale.
    func classifier(alpha: Float) -> Classifier {
        var linear = discriminants
        linear.weight = min(1, 100 / alpha)
        var classifier = Classifier(text: text, linear: linear, classCount: text.rows)
        classifier.logitScale = min(alpha, 100)
        return classifier
    }

    /// The best α.
    func alpha(on validation: Validation, by kind: SearchKind) throws(Fault) -> WeightChoice {
        var texts = Classifier(text: text, classCount: text.rows)
        texts.logitScale = 1
        return try validation.weight(
            of: texts, beside: Classifier(linear: discriminants, classCount: text.rows), Self.space, by: kind)
    }
}
