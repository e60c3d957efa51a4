public import Core
public import Kernels

/// CLIP-Adapter: a bottleneck of two layers changes the image features, the class texts, or both.
///
///     A(x) = norm(ρ·relu(relu(x·W1ᵀ)·W2ᵀ) + (1 − ρ)·x)      W1 [H×D], W2 [D×H], H = D/4, no biases
///     z = σ·A(f)·Tᵀ,   σ·f·A(T)ᵀ   or   σ·A(f)·A(T)ᵀ
///
/// Gao et al., "CLIP-Adapter", IJCV 2024, equations 4 to 6; `clip_adapter.py` has the image branch for ImageNet alone,
/// at ratio 0.2. Layers start uniformly within 1/√fan-in. Features are unit rows: without biases, the length of x
/// cancels in the last normalization. The text branch reads T only, so a fitted classifier has changed texts and no
/// second bottleneck.
///
/// The published training takes 200 epochs in batches of 32 (SGD, rate 0.002); no settings for other data sets were
/// released, and re-implementations differ. The defaults are this project's: Adam at 0.003, batches of 256, 50
/// epochs, which take seconds and are as accurate on WHU-RS19 as longer training.
public struct CLIPAdapter: TrainedMethod {
    /// The features that a bottleneck changes.
    public enum Branch: String, Codable, Sendable, CaseIterable { case image, text, both }

    /// The optimizer.
    public enum Rule: String, Codable, Sendable, CaseIterable { case adam, sgd }

    public struct Settings: TrainingSettings {
        public var branch = Branch.image
        /// ρ of the image branch, and of the text branch.
        public var ratio: Float = 0.2
        public var text_ratio: Float = 0.2
        /// D/H.
        public var reduction = 4
        public var optimizer = Rule.adam
        public var lr: Float = 3e-3
        /// The momentum of SGD.
        public var momentum: Float = 0.9
        /// Weight decay, added to the gradient.
        public var weight_decay: Float = 5e-4
        public var epochs = 50
        public var batch_size = 256
        public init() {}

        public func check() throws(Fault) {
            try require("ratio", ratio, in: 0 ... 1)
            try require("text_ratio", text_ratio, in: 0 ... 1)
            try require("reduction", Float(reduction), in: 1 ... 1024)
            try require("momentum", momentum, in: 0 ... 0.9999)
            try checkTraining()
        }
    }

    /// W1 and W2 of each branch; empty where there is none.
    public struct Parameters: ParameterSet {
        public var imageDown: Matrix  // [H×D]
        public var imageUp: Matrix  // [D×H]
        public var textDown: Matrix  // [H×D]
        public var textUp: Matrix  // [D×H]

        public init(
            imageDown: Matrix = .zeros(0, 0), imageUp: Matrix = .zeros(0, 0), textDown: Matrix = .zeros(0, 0),
            textUp: Matrix = .zeros(0, 0)
        ) {
            self.imageDown = imageDown
            self.imageUp = imageUp
            self.textDown = textDown
            self.textUp = textUp
        }

        public func tensors() -> [ParameterTensor<Self>] {
            let all = [
                ParameterTensor<Self>("image_down", \.imageDown), ParameterTensor("image_up", \.imageUp),
                ParameterTensor("text_down", \.textDown), ParameterTensor("text_up", \.textUp),
            ]
            return all.filter { self[keyPath: $0.path].rows > 0 }
        }
    }

    public static let name = "clip-adapter"
    public static let summary = "a bottleneck with a residual on the image features, the texts, or both"
    public static let needsText = true
    public var schedule: Schedule {
        let momentum = settings.momentum
        let decay = settings.weight_decay
        let optimizer: Optimizer =
            switch settings.optimizer {
            case .adam: .adam(Adam(weightDecay: decay))
            case .sgd: .sgd(SGD(momentum: momentum, weightDecay: decay))
            }
        return settings.schedule(optimizer)
    }

    private let settings: Settings
    private let text: Matrix  // T [C×D]
    private let logitScale: Float  // σ

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        self.settings = settings
        let classText = try Self.requiredText(task)
        text = classText.classifier
        logitScale = classText.logitScale
        _ = try task.requiredSupport(Self.name)
    }

    /// The ratios that the paper and its reimplementations try.
    public static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]] {
        let ratios = [0.2, 0.4, 0.6, 0.8]
        return switch settings.branch {
        case .image: ratios.map { ["ratio": .number($0)] }
        case .text: ratios.map { ["text_ratio": .number($0)] }
        case .both: ratios.map { ["ratio": .number($0), "text_ratio": .number($0)] }
        }
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        let width = text.columns
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

    public func classifier(_ p: Parameters) -> Classifier {
        let texts = textBranch(p)?.apply(text) ?? text
        return Classifier(
            TextTerm(texts, scale: logitScale), transform: imageBranch(p), classCount: texts.rows)
    }

    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        let image = imageBranch(p)
        let texts = textBranch(p)
        let imagePass = image?.forward(f)
        let textPass = texts?.forward(text)
        let x = imagePass?.unit ?? f
        let t = textPass?.unit ?? text
        var z = product(x, t, transposingB: true, scale: logitScale)
        let value = crossEntropyGradient(&z, labels: labels)

        var gradient: Parameters.Gradient = [:]
        if let image, let imagePass {
            let layers = image.gradient(product(z, t, scale: logitScale), f, imagePass)
            gradient["image_down"] = layers.down
            gradient["image_up"] = layers.up
        }
        if let texts, let textPass {
            let layers = texts.gradient(product(z, x, transposingA: true, scale: logitScale), text, textPass)
            gradient["text_down"] = layers.down
            gradient["text_up"] = layers.up
        }
        return (Loss([("cross_entropy", value)]), gradient)
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
