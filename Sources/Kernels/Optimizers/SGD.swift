/// Stochastic gradient descent with momentum and coupled decay, as in PyTorch, without dampening and Nesterov momentum.
public struct SGD: Sendable, Codable, Equatable {
    /// The momentum μ.
    public var momentum: Float = 0.9
    /// The weight decay λ.
    public var weightDecay: Float = 5e-4

    /// Makes the optimizer with the defaults.
    public init() {}

    /// Makes the optimizer with other settings.
    public init(momentum: Float, weightDecay: Float) {
        self.momentum = momentum
        self.weightDecay = weightDecay
    }

    /// Takes one step on `parameter`; `step` counts from 1.
    ///
    /// `g ← g + λp`, `b ← μb + g` (`b ← g` at the first step), `p ← p − ηb`. The velocity `b` is stored as the first
    /// moment. The second moment is unused.
    public func update(
        _ parameter: inout Matrix, gradient: TensorGradient, state: inout Optimizer.State, learningRate: Float,
        step: Int
    ) {
        let rule = Rule(decay: weightDecay, momentum: step <= 1 ? 0 : momentum, learningRate: learningRate)
        takeStep(rule, on: &parameter, gradient: gradient, state: &state)
    }

    /// Takes one step with the velocity `b` in a separate matrix.
    public func update(
        _ parameter: inout Matrix, gradient: Matrix, velocity: inout Matrix, learningRate: Float, isFirst: Bool
    ) {
        var state = Optimizer.State(first: velocity, second: .zeros(velocity.rows, velocity.columns))
        update(
            &parameter, gradient: .matrix(gradient), state: &state, learningRate: learningRate,
            step: isFirst ? 1 : 2)
        velocity = state.first
    }

    /// The rule of one step.
    private struct Rule: StepRule {
        let decay: Float
        let momentum: Float
        let learningRate: Float

        static var usesSecondMoments: Bool { false }

        @inline(__always)
        func move(
            _ p: inout SIMD16<Float>, _ g: SIMD16<Float>, _ b: inout SIMD16<Float>, _: inout SIMD16<Float>
        ) {
            b = b * momentum + (g + p * decay)
            p -= b * learningRate
        }
    }
}
