/// AdamW as PyTorch defines it: decoupled decay, bias-corrected moments, `eps` outside the root.
///
/// Loshchilov and Hutter, ICLR 2019. The published adapters pass `eps = 1e-4`, which is not cosmetic: with 1e-8 the
/// early steps are of the size of the learning rate whatever the gradient.
public struct AdamW: Sendable, Codable, Equatable {
    public var beta1: Float = 0.9
    public var beta2: Float = 0.999
    public var epsilon: Float = 1e-4
    public var weightDecay: Float = 0.01

    public init(weightDecay: Float = 0.01, epsilon: Float = 1e-4) {
        self.weightDecay = weightDecay
        self.epsilon = epsilon
    }

    /// One step on `parameter`; `step` counts from 1.
    ///
    /// A gradient that is a product is formed a few rows at a time, right before they are updated.
    public func update(
        _ parameter: inout Matrix, gradient: TensorGradient, state: inout Optimizer.State, learningRate: Float,
        step: Int
    ) {
        let rule = MomentRule(self, learningRate: learningRate, step: step)
        takeStep(rule, on: &parameter, gradient: gradient, state: &state)
    }
}
