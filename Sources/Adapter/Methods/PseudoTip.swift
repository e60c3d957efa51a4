public import Core

/// Tip-Adapter without labels: a cache of the most confident zero-shot predictions, with the predicted classes as
/// labels.
///
/// This project's method, after ``TipAdapter`` and the pseudo-labels of UPL (Huang et al., 2022). α and β are fixed at
/// Tip-Adapter's, since a search reads labels.
public struct PseudoTip: AdapterMethod {
    /// The α and β of Tip-Adapter's paper.
    public struct Settings: MethodSettings {
        /// Items per class.
        public var shots = 16
        /// α: the weight of the cache.
        public var alpha: Float = 1
        /// β: the sharpness of the cache.
        public var beta: Float = 5.5
        /// The defaults.
        public init() {}
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "pseudo-tip", summary: "Tip-Adapter with pseudo-labels from zero-shot CLIP; no label is read",
        origin: .ours, fits: .unlabelled)

    private let classifier: Classifier

    /// Takes the texts and the unlabelled items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let text = try Self.requiredText(task).zeroShot
        let items = try task.requiredUnlabelled(Self.name).surest(settings.shots, text: text)
        classifier = Classifier(
            text,
            CacheTerm(keys: try items.keys(), keyLabels: items.keyLabels, alpha: settings.alpha, beta: settings.beta))
    }

    /// The classifier, which nothing changes any more.
    public func initialClassifier() -> Classifier { classifier }
}
