/// AdamW as in PyTorch: decoupled decay, bias-corrected moments, `eps` added after the root.
///
/// Loshchilov and Hutter, ICLR 2019. The published adapters use `eps = 1e-4`, which matters: with 1e-8 the early steps
/// have the size of the learning rate for any gradient.
public struct AdamW: Sendable, Codable, Equatable {
    /// The decay rate of the first moment.
    public var beta1: Float = 0.9
    /// The decay rate of the second moment.
    public var beta2: Float = 0.999
    /// The constant added to the root of the second moment.
    public var epsilon: Float = 1e-4
    /// The weight decay.
    public var weightDecay: Float = 0.01

    /// Makes the optimizer with PyTorch's β₁ and β₂.
    public init(weightDecay: Float = 0.01, epsilon: Float = 1e-4) {
        self.weightDecay = weightDecay
        self.epsilon = epsilon
    }

    /// Takes one step on `parameter`; `step` counts from 1.
    ///
    /// A gradient given as a product is computed a few rows at a time, right before their update.
    public func update(
        _ parameter: inout Matrix, gradient: TensorGradient, state: inout Optimizer.State, learningRate: Float,
        step: Int
    ) {
        let rule = MomentRule(self, learningRate: learningRate, step: step)
        takeStep(rule, on: &parameter, gradient: gradient, state: &state)
    }
}
