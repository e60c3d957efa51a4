public import Core
internal import Kernels

/// Zero-shot CLIP: `z = 100·f·Tᵀ`, nothing is fitted.
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

    private let text: Matrix  // T [C×D]

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task).classifier
    }

    public func initialClassifier() -> Classifier { Classifier(text: text, classCount: text.rows) }
}
