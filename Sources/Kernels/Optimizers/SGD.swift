/// Stochastic gradient descent with momentum and coupled decay, as PyTorch defines it: no dampening, no Nesterov.
public struct SGD: Sendable, Codable, Equatable {
    public var momentum: Float = 0.9
    public var weightDecay: Float = 5e-4

    public init() {}

    public init(momentum: Float, weightDecay: Float) {
        self.momentum = momentum
        self.weightDecay = weightDecay
    }

    /// One step on `parameter`; `step` counts from 1: `g ← g + λp`, `b ← μb + g` (`b ← g` at the first), `p ← p − ηb`.
    ///
    /// The velocity `b` is the first moment; the second is left as it is.
    public func update(
        _ parameter: inout Matrix, gradient: TensorGradient, state: inout Optimizer.State, learningRate: Float,
        step: Int
    ) {
        let rule = Rule(decay: weightDecay, momentum: step <= 1 ? 0 : momentum, learningRate: learningRate)
        takeStep(rule, on: &parameter, gradient: gradient, state: &state)
    }

    /// One step with the velocity `b` in a matrix of its own.
    public func update(
        _ parameter: inout Matrix, gradient: Matrix, velocity: inout Matrix, learningRate: Float, isFirst: Bool
    ) {
        var state = Optimizer.State(first: velocity, second: .zeros(velocity.rows, velocity.columns))
        update(
            &parameter, gradient: .matrix(gradient), state: &state, learningRate: learningRate,
            step: isFirst ? 1 : 2)
        velocity = state.first
    }

    /// The arithmetic of one step.
    private struct Rule: StepRule {
        let decay: Float
        let momentum: Float
        let learningRate: Float

        @inline(__always)
        func apply(_ p: Strip, _ g: Strip, _ m: Strip, _ v: Strip) {
            let (decay, momentum, learningRate) = (decay, momentum, learningRate)
            p.update(g, m) { p, g, b in
                b = b * momentum + (g + p * decay)
                p -= b * learningRate
            }
        }
    }
}
