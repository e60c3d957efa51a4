/// The rule by which a trained method moves its parameters.
public enum Optimizer: Sendable, Codable, Equatable {
    case adamW(AdamW)
    case adam(Adam)
    case sgd(SGD)

    /// One step on `parameter`; `step` counts from 1.
    ///
    /// `state` is zero before the first step. A gradient that is a product is formed
    /// a few rows at a time, right before they are updated.
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
