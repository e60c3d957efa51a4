package import Core
package import Kernels

/// A method whose parameters are trained by gradient descent.
package protocol TrainedMethod: AdapterMethod {
    /// The trained parameters.
    associatedtype Parameters: ParameterSet
    /// The training schedule.
    var schedule: Schedule { get }
    /// The training items, if they are not the task's few shots but, for example, items with pseudo-labels.
    var trainingItems: Support? { get }
    /// The parameters before training; `generator` is the only source of randomness.
    func initialParameters(using generator: inout SeededGenerator) -> Parameters
    /// The loss of a batch.
    ///
    /// Updates state among the parameters that a forward pass changes. `generator` is the only source of randomness.
    func loss(_ batch: Batch, _ parameters: inout Parameters, using generator: inout SeededGenerator) -> Loss
    /// The classifier of trained parameters.
    func classifier(_ parameters: Parameters) -> Classifier
}

extension TrainedMethod {
    package var trainingItems: Support? { nil }
    package static var published: PublishedChoice { traits.epoch ?? .lastEpoch }

    /// The parameters before training with a seed.
    package func initialParameters(seed: UInt64) -> Parameters {
        // Independent of the generators of the epochs, which derive from the same seed.
        var generator = SeededGenerator(seed: seed ^ 0x5EED_0F_57A27)
        return initialParameters(using: &generator)
    }

    /// The classifier of the initial parameters.
    public func initialClassifier() -> Classifier { classifier(initialParameters(seed: 1)) }
}

/// Named tensors that optimizers, checkpoints and gradient checks share.
package protocol ParameterSet: Sendable {
    /// All tensors.
    func tensors() -> [ParameterTensor<Self>]
}

/// A named tensor of a parameter set.
package struct ParameterTensor<Root: Sendable>: Sendable {
    /// The name in checkpoints and gradients.
    package let name: String
    /// The place of the tensor in its set.
    package let path: any WritableKeyPath<Root, Matrix> & Sendable
    /// The learning rate as a multiple of the schedule's; nil for state without a gradient.
    package let rate: Float?

    /// Takes the name, place and relative learning rate of a tensor.
    package init(_ name: String, _ path: any WritableKeyPath<Root, Matrix> & Sendable, rate: Float? = 1) {
        self.name = name
        self.path = path
        self.rate = rate
    }
}

/// The items of one training step.
package struct Batch: Sendable {
    let features: Matrix  // Unit features [B×D]
    let labels: [Int]  // The label of each item [B]

    /// Takes unit features [B×D] and the label of each item [B].
    package init(_ features: Matrix, labels: [Int]) {
        self.features = features
        self.labels = labels
    }
}

/// A loss, as the sum of named terms, and its gradient.
package struct Loss: Sendable {
    /// The weighted terms.
    package let terms: [(name: String, value: Double)]
    /// The gradients of the trained tensors, by name.
    package let gradient: [String: TensorGradient]
    /// The sum of the terms.
    package var total: Double { terms.reduce(0) { $0 + $1.value } }

    /// Takes the cross-entropy, further weighted terms, and the gradients.
    package init(
        _ crossEntropy: Double, _ others: [(name: String, value: Double)] = [], gradient: [String: TensorGradient]
    ) {
        terms = [("cross_entropy", crossEntropy)] + others
        self.gradient = gradient
    }
}
