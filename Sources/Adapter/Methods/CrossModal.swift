public import Core
package import Kernels

/// Cross-modal adaptation: a linear probe that trains on prompts as well as images.
///
///     z = σ·x·Wᵀ,  x half image features, half prompts of the classes      dW = σ·gᵀx
///
/// W starts at the class texts T and is not normalized. Prompts are taken in passes, each in a new random order. Lin et
/// al., CVPR 2023; `train.py`, the linear head from zero-shot weights.
public struct CrossModal: TrainedMethod {
    /// The point of the published grid that is the default here.
    public struct Settings: MethodSettings {
        /// The base learning rate.
        public var lr: Float = 1e-3
        /// The weight decay of AdamW.
        public var weight_decay: Float = 0.01
        /// Rows per batch, half of them images.
        public var batch_size = 8
        /// The number of steps, rounded up to whole epochs.
        public var iterations = 12_800
        /// The number of steps in which the rate rises.
        public var warm_up = 50
        /// The defaults.
        public init() {}

        /// Throws `configuration` for a number outside its range.
        public func check() throws(Fault) {
            try require("batch_size", Float(batch_size), in: 2 ... 1e6)
            try checkRanges()
        }
    }

    package struct Parameters: ParameterSet {
        var weight: Matrix  // W [C×D]
        /// The order of the prompts in this pass, as rows of the class texts' prompts [1×C·P].
        package var textOrder: Matrix
        /// The number of prompts used in this pass [1×1].
        package var textPlace = Matrix.zeros(1, 1)

        package func tensors() -> [ParameterTensor<Self>] {
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

    /// The method's name and traits.
    public static let traits = MethodTraits(
        name: "cross-modal", summary: "a linear probe trained on prompts as well as images",
        epoch: .bestValidationEpoch(ofEquals: .first), validation: .init(size: .atMostFour, substitute: .train))
    package let schedule: Schedule

    private let text: ClassText
    private let textBatch: Int

    /// Takes the texts and the few-shot items of a task.
    public init(_ settings: Settings, task: FewShotTask) throws(Fault) {
        text = try Self.requiredText(task)
        textBatch = settings.batch_size / 2
        let images = settings.batch_size - textBatch
        let stepsPerEpoch = (try task.requiredSupport(Self.name).count + images - 1) / images
        schedule = Schedule(
            epochs: (settings.iterations + stepsPerEpoch - 1) / stepsPerEpoch, batchSize: images,
            learningRate: settings.lr, optimizer: .adamW(AdamW(weightDecay: settings.weight_decay, epsilon: 1e-8)),
            rate: .warmUp(steps: settings.warm_up), judgeInterval: 100)
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

    /// The published grid in the order of its loops: rates, decays, batches.
    ///
    /// A batch whose half holds all images or all prompts is left out, as published; the smallest one remains.
    public static func publishedGrid(images: Int, prompts: Int) -> [[String: SettingValue]] {
        let batches = [8.0, 32].filter { $0 == 8 || $0 / 2 < Double(min(images, prompts)) }
        return [1e-3, 1e-4].flatMap { rate in
            [0, 0.01, 1e-4].flatMap { decay in
                batches.map { batch in
                    ["lr": .number(rate), "weight_decay": .number(decay), "batch_size": .number(batch)]
                }
            }
        }
    }

    package func initialParameters(using generator: inout SeededGenerator) -> Parameters {
        let order = generator.permutation(text.prompts.rows)
        return Parameters(weight: text.classifier, textOrder: Matrix(row: order.map(Float.init)))
    }

    package func classifier(_ p: Parameters) -> Classifier {
        Classifier(LinearTerm(weights: p.weight, weight: text.logitScale))
    }

    package func loss(_ batch: Batch, _ p: inout Parameters, using generator: inout SeededGenerator) -> Loss {
        let prompts = p.nextTexts(textBatch, using: &generator)
        let x = Matrix.stacked([batch.features, text.prompts.rows(at: prompts)])
        var z = product(x, p.weight, transposingB: true, scale: text.logitScale)
        let value = crossEntropyGradient(&z, labels: batch.labels + prompts.map { $0 / text.promptCount })

        scale(&z, by: text.logitScale)
        return Loss(value, gradient: ["weight": .product(z, x)])
    }
}
