public import Core
internal import Kernels

/// TaskRes: class texts with a trained residual; image features are unchanged.
///
///     u = t0 + α·R    t = norm(u)    z = σ·f·tᵀ
///     dt = σ·gᵀf    dR = α·(dt − (dt·t)t)/‖u‖
///
/// t0 [C×D] are the mean prompts as the encoder gave them; their lengths decide how far a step of R moves t. R starts
/// at zero. Yu et al., CVPR 2023; the regular base of `train_regular.sh`.
public struct TaskRes: TrainedMethod {
    /// The settings of `train_regular.sh`.
    public struct Settings: TrainingSettings {
        /// α: the weight of the residual.
        public var alpha: Float = 0.5
        /// The length of prompts that were given as unit rows; OpenAI's encoders give about 10.
        public var text_length: Float = 10
        /// The base learning rate.
        public var lr: Float = 2e-3
        /// The number of epochs.
        public var epochs = 100
        /// Items per step.
        public var batch_size = 256
        /// The decay added to the gradient.
        public var weight_decay: Float = 5e-4
        /// The published settings for few shots.
        public init() {}
    }

    package struct Parameters: ParameterSet {
        var residual: Matrix  // R [C×D]
        package func tensors() -> [ParameterTensor<Self>] { [ParameterTensor("residual", \.residual)] }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "task-res", summary: "class texts with a trained residual", epoch: .lastEpoch, readsTextLengths: true)
    package var schedule: Schedule {
        settings.schedule(.adam(Adam(weightDecay: settings.weight_decay)), rate: .dassl)
    }

    private let settings: Settings
    private let base: Matrix  // t0 [C×D]
    private let logitScale: Float  // σ

    /// Takes the texts of a task with few-shot items.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        self.settings = settings
        let text = try Self.requiredText(task)
        base = text.rawMeans(length: settings.text_length)
        logitScale = text.logitScale
        _ = try task.requiredSupport(Self.name)
    }

    /// The published settings, and 200 epochs from 8 shots on for every data set.
    public static func published(for dataset: String, shots: Int?) -> [String: SettingValue] {
        var settings = publishedSettings(of: name, for: dataset)
        settings["epochs"] = shots.map { $0 <= 4 } ?? false ? 100 : 200
        return settings
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(residual: .zeros(base.rows, base.columns))
    }

    package func classifier(_ p: Parameters) -> Classifier { Classifier(TextTerm(texts(p).unit, scale: logitScale)) }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        let f = batch.features
        let (t, norms) = texts(p)
        var z = product(f, t, transposingB: true, scale: logitScale)
        let value = crossEntropyGradient(&z, labels: batch.labels)

        var dt = product(z, f, transposingA: true, scale: logitScale * settings.alpha)
        normalizeRowsGradient(&dt, unit: t, norms: norms)
        return Loss(value, gradient: ["residual": .matrix(dt)])
    }

    /// `t = norm(t0 + α·R)` [C×D] and the lengths.
    private func texts(_ p: Parameters) -> (unit: Matrix, norms: [Float]) {
        var u = base
        add(p.residual, scale: settings.alpha, to: &u)
        return normalizeRows(u)
    }
}
