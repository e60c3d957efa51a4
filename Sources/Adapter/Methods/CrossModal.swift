public import Core
public import Kernels

/// Cross-modal adaptation: a linear probe that trains on prompts as well as images.
///
///     z = σ·x·Wᵀ,  x half image features, half prompts of the classes      dW = σ·gᵀx
///
/// W starts at the class texts T and is not normalized. Prompts are taken in passes, each in a new random order. Lin et
/// al., "Multimodality helps unimodality", CVPR 2023; `train.py`, the linear head from zero-shot weights: AdamW over
/// 12,800 iterations, rates that rise over the first 50 and then fall by half a cosine, validation every 100
/// iterations. The published grid of rate, decay and batch is ``proposals(for:shots:)``. Departures: training ends with
/// a whole epoch, the last batch of an epoch may have fewer images, and the views are those of
/// ``Schedule/Views/inTurn``.
public struct CrossModal: TrainedMethod {
    public struct Settings: MethodSettings {
        public var lr: Float = 1e-3
        public var weight_decay: Float = 0.01
        /// Rows per batch, half of them images.
        public var batch_size = 8
        public var iterations = 12_800
        public var warm_up = 50
        public init() {}

        public func check() throws(Fault) {
            try require("iterations", Float(iterations), in: 0 ... 1e6)
            try require("warm_up", Float(warm_up), in: 0 ... 1e6)
            try require("batch_size", Float(batch_size), in: 2 ... 1e6)
            try Schedule.check(lr: lr, epochs: 0, batchSize: batch_size, decay: weight_decay, epsilon: 1e-8)
        }
    }

    public struct Parameters: ParameterSet {
        public var weight: Matrix  // W [C×D]
        /// The order of the prompts in this pass, as rows of the class texts' prompts [1×C·P].
        public var textOrder: Matrix
        /// The number of prompts used in this pass [1×1].
        public var textPlace: Matrix

        public init(weight: Matrix, textOrder: [Int]) {
            self.weight = weight
            self.textOrder = Matrix(row: textOrder.map(Float.init))
            textPlace = .zeros(1, 1)
        }

        public func tensors() -> [ParameterTensor<Self>] {
            [
                ParameterTensor("weight", \.weight), ParameterTensor("text_order", \.textOrder, rate: nil),
                ParameterTensor("text_place", \.textPlace, rate: nil),
            ]
        }

        /// Takes the next `count` prompts; a new pass begins where one ends.
        mutating func nextTexts(_ count: Int, using generator: inout SeededGenerator) -> [Int] {
            let total = textOrder.columns
            return (0 ..< count).map { _ in
                if Int(textPlace[0, 0]) >= total {
                    let order = generator.permutation(total).map { textOrder[0, $0] }
                    textOrder = Matrix(row: order)
                    textPlace[0, 0] = 0
                }
                let place = Int(textPlace[0, 0])
                textPlace[0, 0] = Float(place + 1)
                return Int(textOrder[0, place])
            }
        }
    }

    public static let name = "cross-modal"
    public static let summary = "a linear probe trained on prompts as well as images"
    public static let needsText = true
    public static let published = PublishedChoice.bestValidationEpoch
    public let schedule: Schedule

    private let text: ClassText
    private let textBatch: Int

    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task)
        textBatch = settings.batch_size / 2
        let images = settings.batch_size - textBatch
        let stepsPerEpoch = (try task.requiredSupport(Self.name).count + images - 1) / images
        var schedule = Schedule(
            epochs: (settings.iterations + stepsPerEpoch - 1) / stepsPerEpoch, batchSize: images,
            learningRate: settings.lr, optimizer: .adamW(AdamW(weightDecay: settings.weight_decay, epsilon: 1e-8)),
            rate: .warmUp(steps: settings.warm_up))
        schedule.judgeInterval = 100
        self.schedule = schedule
    }

    /// The published grid; decay 0.01 at the rate 1e-3 with batches of 8 is the default.
    public static func proposals(for settings: Settings, shots: Int?) -> [[String: SettingValue]] {
        [8.0, 32].flatMap { batch in
            [1e-3, 1e-4].flatMap { rate in
                [0, 0.01, 1e-4].map { decay in
                    ["batch_size": .number(batch), "lr": .number(rate), "weight_decay": .number(decay)]
                }
            }
        }
    }

    public func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        Parameters(weight: text.classifier, textOrder: generator.permutation(text.prompts.rows))
    }

    public func classifier(_ p: Parameters) -> Classifier {
        Classifier(LinearTerm(weights: p.weight, weight: text.logitScale), classCount: text.classCount)
    }

    public func loss(
        _ f: Matrix, labels: [Int], _ p: inout Parameters, using generator: inout SeededGenerator
    ) -> (loss: Loss, gradient: Parameters.Gradient) {
        let prompts = p.nextTexts(textBatch, using: &generator)
        let x = stacked(f, text.prompts, at: prompts)
        var z = product(x, p.weight, transposingB: true, scale: text.logitScale)
        let value = crossEntropyGradient(&z, labels: labels + prompts.map { $0 / text.promptCount })

        scale(&z, by: text.logitScale)
        return (Loss([("cross_entropy", value)]), ["weight": .product(z, x)])
    }
}

/// The rows of `a`, then the rows `rows` of `b`.
private func stacked(_ a: Matrix, _ b: Matrix, at rows: [Int]) -> Matrix {
    .stacked([a, b.rows(at: rows)])
}
