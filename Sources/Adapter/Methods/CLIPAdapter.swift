public import Core
package import Kernels

/// CLIP-Adapter: a bottleneck of two layers changes the image features, the class texts, or both.
///
///     A(x) = norm(ρ·relu(relu(x·W1ᵀ)·W2ᵀ) + (1 − ρ)·x)      W1 [H×D], W2 [D×H], H = D/4, no biases
///     z = σ·A(f)·Tᵀ,   σ·f·A(T)ᵀ   or   σ·A(f)·A(T)ᵀ
///
/// Gao et al., IJCV 2024, equations 4 to 6; `clip_adapter.py` has the image branch at ratio 0.2. Layers start uniformly
/// within 1/√fan-in. The text branch reads T only, so a fitted classifier has changed texts and no second bottleneck.
public struct CLIPAdapter: TrainedMethod {
    /// The features that a bottleneck changes.
    public enum Branch: String, Codable, Sendable, CaseIterable { case image, text, both }

    /// The optimizer.
    public enum Rule: String, Codable, Sendable { case adam, sgd }

    /// This project's training of the published method.
    public struct Settings: TrainingSettings {
        /// The features that a bottleneck changes.
        public var branch = Branch.image
        /// ρ of the image branch.
        public var ratio: Float = 0.2
        /// ρ of the text branch.
        public var text_ratio: Float = 0.2
        /// D/H.
        public var reduction = 4
        /// The optimizer.
        public var optimizer = Rule.adam
        /// The base learning rate.
        public var lr: Float = 3e-3
        /// The learning rate over the course of training.
        public var lr_schedule = RateSchedule.cosine
        /// The momentum of SGD.
        public var momentum: Float = 0.9
        /// Weight decay, added to the gradient.
        public var weight_decay: Float = 5e-4
        /// The number of epochs.
        public var epochs = 50
        /// Items per step.
        public var batch_size = 256
        /// The defaults.
        public init() {}
    }

    /// W1 and W2 of each branch; empty where there is none.
    package struct Parameters: ParameterSet {
        package var imageDown = Matrix.zeros(0, 0)  // [H×D]
        package var imageUp = Matrix.zeros(0, 0)  // [D×H]
        package var textDown = Matrix.zeros(0, 0)  // [H×D]
        package var textUp = Matrix.zeros(0, 0)  // [D×H]

        package func tensors() -> [ParameterTensor<Self>] {
            let all = [
                ParameterTensor<Self>("image_down", \.imageDown), ParameterTensor("image_up", \.imageUp),
                ParameterTensor("text_down", \.textDown), ParameterTensor("text_up", \.textUp),
            ]
            return all.filter { self[keyPath: $0.path].rows > 0 }
        }
    }

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "clip-adapter", summary: "a bottleneck with a residual on the image features, the texts, or both",
        epoch: .lastEpoch)
    package var schedule: Schedule {
        let decay = settings.weight_decay
        let rate = settings.lr_schedule.schedule
        return switch settings.optimizer {
        case .adam: settings.schedule(.adam(Adam(weightDecay: decay)), rate: rate)
        case .sgd: settings.schedule(.sgd(SGD(momentum: settings.momentum, weightDecay: decay)), rate: rate)
        }
    }

    private let settings: Settings
    private let text: TextTerm  // T [C×D], σ

    /// Takes the texts of a task with few-shot items.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        self.settings = settings
        text = try Self.requiredText(task).zeroShot
        _ = try task.requiredSupport(Self.name)
    }

    /// CoOp's training of ResNet-50, whose configuration the released file takes.
    public static let publishedDefaults: [String: SettingValue] = [
        "optimizer": .text("sgd"), "lr": 0.002, "lr_schedule": .text("dassl"), "epochs": 200, "batch_size": 32,
    ]

    /// The ratios that the paper and its reimplementations try.
    public static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]] {
        let ratios = [0.2, 0.4, 0.6, 0.8]
        return switch settings.branch {
        case .image: ratios.map { ["ratio": .number($0)] }
        case .text: ratios.map { ["text_ratio": .number($0)] }
        case .both: ratios.map { ["ratio": .number($0), "text_ratio": .number($0)] }
        }
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        let width = text.embeddings.columns
        let hidden = max(1, width / settings.reduction)
        var parameters = Parameters()
        if settings.branch != .text {
            parameters.imageDown = uniformLayer(hidden, width, using: &generator)
            parameters.imageUp = uniformLayer(width, hidden, using: &generator)
        }
        if settings.branch != .image {
            parameters.textDown = uniformLayer(hidden, width, using: &generator)
            parameters.textUp = uniformLayer(width, hidden, using: &generator)
        }
        return parameters
    }

    package func classifier(_ p: Parameters) -> Classifier {
        let texts = textBranch(p)?.apply(text.embeddings) ?? text.embeddings
        return Classifier(TextTerm(texts, scale: text.scale), transform: imageBranch(p))
    }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        let f = batch.features
        let image = imageBranch(p)
        let texts = textBranch(p)
        let imagePass = image?.forward(f)
        let textPass = texts?.forward(text.embeddings)
        let x = imagePass?.unit ?? f
        let t = textPass?.unit ?? text.embeddings
        var z = product(x, t, transposingB: true, scale: text.scale)
        let value = crossEntropyGradient(&z, labels: batch.labels)

        var gradient: [String: TensorGradient] = [:]
        if let image, let imagePass {
            let layers = image.gradient(product(z, t, scale: text.scale), f, imagePass)
            gradient["image_down"] = layers.down
            gradient["image_up"] = layers.up
        }
        if let texts, let textPass {
            let dt = product(z, x, transposingA: true, scale: text.scale)
            let layers = texts.gradient(dt, text.embeddings, textPass)
            gradient["text_down"] = layers.down
            gradient["text_up"] = layers.up
        }
        return Loss(value, gradient: gradient)
    }

    private func imageBranch(_ p: Parameters) -> Bottleneck? {
        p.imageDown.rows > 0 ? Bottleneck(down: p.imageDown, up: p.imageUp, ratio: settings.ratio) : nil
    }

    private func textBranch(_ p: Parameters) -> Bottleneck? {
        p.textDown.rows > 0 ? Bottleneck(down: p.textDown, up: p.textUp, ratio: settings.text_ratio) : nil
    }
}

/// The weights [outputs×inputs] of a linear layer as PyTorch initializes them: uniform within 1/√inputs.
func uniformLayer(_ outputs: Int, _ inputs: Int, using generator: inout SeededGenerator) -> Matrix {
    let bound = 1 / Float(inputs).squareRoot()
    return Matrix(
        (0 ..< outputs * inputs).map { _ in (2 * generator.uniform() - 1) * bound }, rows: outputs, columns: inputs)
}
