public import Core
public import Kernels

/// TaskRes: class texts with a trained residual; image features are unchanged.
///
///     u = t0 + α·R    t = norm(u)    z = σ·f·tᵀ
///     dt = σ·gᵀf    dR = α·(dt − (dt·t)t)/‖u‖
///
/// t0 [C×D] are the mean prompts as the encoder gave them; their lengths decide how far a step of R moves t. R starts
/// at zero. Yu et al., "Task residual for tuning vision-language models", CVPR 2023; the regular base of
/// `train_regular.sh` (the enhanced base has a tuned text projection, which no features hold). Adam with the decay
/// added to the gradient, one rate per epoch after one epoch at 1e-5, and the last epoch. Departure: the last, partial
/// batch of an epoch is used; the published loader drops it.
public struct TaskRes: TrainedMethod {
    public struct Settings: TrainingSettings {
        /// α: the weight of the residual.
        public var alpha: Float = 0.5
        /// The length assumed for prompts that were given as unit rows; CLIP's encoder gives about 10.
        public var text_length: Float = 1
        public var lr: Float = 2e-3
        public var epochs = 100
        public var batch_size = 256
        public var weight_decay: Float = 5e-4
        public init() {}

        public func check() throws(Fault) {
            try require("text_length", text_length, in: 1e-3 ... 1e3)
            try require("alpha", alpha, in: 0 ... 1e4)
            try checkTraining()
        }
    }

    public struct Parameters: ParameterSet {
        public var residual: Matrix  // R [C×D]
        public func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("residual", \.residual)] }
    }

    public static let name = "task-res"
    public static let summary = "class texts with a trained residual"
    public static let needsText = true
    public static let readsLengths = Lengths.text
    public var schedule: Schedule {
        settings.schedule(.adam(Adam(weightDecay: settings.weight_decay)), rate: .dassl)
    }

    private let settings: Settings
    private let base: Matrix  // t0 [C×D]
    private let logitScale: Float  // σ

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        self.settings = settings
        let text = try Self.requiredText(task)
        base = text.rawMeans(length: settings.text_length)
        logitScale = text.logitScale
        _ = try task.requiredSupport(Self.name)
    }

    /// The published script's settings: another rate for ImageNet, another α for Flowers.
    public static let publishedSettings = PublishedSettings(
        ["alpha", "lr"],
        [
            "imagenet": [0.5, 2e-4],
            "oxford_flowers": [1, 2e-3],
        ])

    /// The published settings, and 200 epochs from 8 shots on for every data set.
    public static func published(for dataset: String, shots: Int?) -> [String: SettingValue] {
        var settings = publishedSettings[dataset] ?? [:]
        settings["epochs"] = shots.map { $0 <= 4 } ?? false ? 100 : 200
        return settings
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(residual: .zeros(base.rows, base.columns))
    }

    public func classifier(_ p: Parameters) -> Classifier {
        Classifier(TextTerm(texts(p).unit, scale: logitScale), classCount: base.rows)
    }

    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        let (t, norms) = texts(p)
        var z = product(f, t, transposingB: true, scale: logitScale)
        let value = crossEntropyGradient(&z, labels: labels)

        var dt = product(z, f, transposingA: true, scale: logitScale * settings.alpha)
        normalizeRowsGradient(&dt, unit: t, norms: norms)
        return (Loss([("cross_entropy", value)]), ["residual": .matrix(dt)])
    }

    /// `t = norm(t0 + α·R)` [C×D] and the lengths.
    private func texts(_ p: Parameters) -> (unit: Matrix, norms: [Float]) {
        var u = base
        add(p.residual, scale: settings.alpha, to: &u)
        let norms = normalizeRows(&u)
        return (u, norms)
    }
}
