public import Core
internal import Kernels

/// Zero-shot CLIP, `z = σ·f·Tᵀ`; nothing is fitted.
///
/// Radford et al., "Learning transferable visual models from natural language supervision", ICML 2021.
public struct ZeroShot: AdapterMethod {
    public struct Settings: MethodSettings {
        public init() {}
        public func check() {}
    }

    public static let name = "zero-shot"
    public static let summary = "cosine similarity with the classes' texts"
    public static let needsText = true
    public static let fitsTo = Fitting.nothing

    private let text: TextTerm

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).zeroShot
    }

    public func initialClassifier() -> Classifier { Classifier(text, classCount: text.classCount) }
}
