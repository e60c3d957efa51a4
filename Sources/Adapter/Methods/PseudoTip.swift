public import Core
internal import Kernels

/// Tip-Adapter without labels: a cache of the most confident zero-shot predictions, with the predicted classes as
/// labels.
///
///     z = σ·f·Tᵀ + α·Σ_{k of c} exp(−β(1 − f·F_k))
///
/// This project's method, after ``TipAdapter`` and the pseudo-labels of UPL (Huang et al., 2022), with the 16 most
/// confident training items per class. α and β are fixed at Tip-Adapter's, since a search reads labels.
public struct PseudoTip: AdapterMethod {
    public struct Settings: MethodSettings {
        /// Items per class.
        public var shots = 16
        /// α and β of Tip-Adapter's paper.
        public var alpha: Float = 1
        public var beta: Float = 5.5
        public init() {}

        public func check() throws(Fault) {
            try require("shots", Float(shots), in: 1 ... 1e6)
            try require("alpha", alpha, in: 0 ... 1e4)
            try require("beta", beta, in: 0 ... 1e3)
        }
    }

    public static let name = "pseudo-tip"
    public static let summary = "Tip-Adapter with pseudo-labels from zero-shot CLIP; no label is read"
    public static let needsText = true
    public static let fitsTo = Fitting.unlabelled

    private let classifier: Classifier

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        let text = try Self.requiredText(task).zeroShot
        let items = try task.requiredUnlabelled(Self.name).surest(settings.shots, text: text)
        classifier = Classifier(
            text,
            CacheTerm(keys: try items.keys(), keyLabels: items.keyLabels, alpha: settings.alpha, beta: settings.beta),
            classCount: text.classCount)
    }

    public func initialClassifier() -> Classifier { classifier }
}
