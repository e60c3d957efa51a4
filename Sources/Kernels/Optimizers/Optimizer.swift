/// The optimizer of a trained method.
public enum Optimizer: Sendable, Codable, Equatable {
    /// Adam with decoupled decay.
    case adamW(AdamW)
    /// Adam with coupled decay.
    case adam(Adam)
    /// Gradient descent with momentum.
    case sgd(SGD)

    /// Takes one step on `parameter`; `step` counts from 1.
    ///
    /// `state` is zero before the first step. A gradient given as a product is
    /// computed a few rows at a time, right before their update.
    public func update(
        _ parameter: inout Matrix, gradient: TensorGradient, state: inout State, learningRate: Float, step: Int
    ) {
        switch self {
        case .adamW(let adam):
            let kept = 1 - learningRate * adam.weightDecay
            let rule = MomentRule(adam, kept: kept, learningRate: learningRate, step: step)
            takeStep(rule, on: &parameter, gradient: gradient, state: &state)
        case .adam(let adam):
            let moments = MomentRule(adam, kept: 1, learningRate: learningRate, step: step)
            let rule = CoupledRule(decay: adam.weightDecay, rule: moments)
            takeStep(rule, on: &parameter, gradient: gradient, state: &state)
        case .sgd(let sgd):
            let rule = MomentumRule(
                decay: sgd.weightDecay, momentum: step <= 1 ? 0 : sgd.momentum, learningRate: learningRate)
            takeStep(rule, on: &parameter, gradient: gradient, state: &state)
        }
    }

    /// The values that an optimizer keeps between the steps of one tensor.
    public struct State: Sendable, Equatable {
        /// The running mean of the gradient of Adam and AdamW, or the velocity of SGD.
        public var first: Matrix
        /// The running mean of the gradient's square; unused by SGD.
        public var second: Matrix

        /// Zeros in the shape of `tensor`, as before the first step.
        public init(like tensor: Matrix) {
            first = .zeros(tensor.rows, tensor.columns)
            second = first
        }

        /// Takes matrices of the tensor's shape.
        public init(first: Matrix, second: Matrix) {
            self.first = first
            self.second = second
        }
    }
}
