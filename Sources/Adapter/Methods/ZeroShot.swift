public import Core

/// Zero-shot CLIP, `z = σ·f·Tᵀ`; nothing is fitted.
///
/// Radford et al., "Learning transferable visual models from natural language supervision", ICML 2021.
public struct ZeroShot: AdapterMethod {
    /// No settings.
    public struct Settings: MethodSettings {
        /// Nothing to set.
        public init() {}
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "zero-shot", summary: "cosine similarity with the classes' texts", fits: .nothing)

    private let text: TextTerm

    /// Takes the texts of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) { text = try Self.requiredText(task).zeroShot }

    /// The classifier, which nothing changes any more.
    public func initialClassifier() -> Classifier { Classifier(text) }
}
