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
        _ parameter: inout Matrix, gradient: TensorGradient, state: inout Optimizer.State, learningRate: Float,
        step: Int
    ) {
        switch self {
        case .adamW(let rule):
            rule.update(
                &parameter, gradient: gradient, state: &state, learningRate: learningRate, step: step)
        case .adam(let rule):
            rule.update(
                &parameter, gradient: gradient, state: &state, learningRate: learningRate, step: step)
        case .sgd(let rule):
            rule.update(
                &parameter, gradient: gradient, state: &state, learningRate: learningRate, step: step)
        }
    }
}
