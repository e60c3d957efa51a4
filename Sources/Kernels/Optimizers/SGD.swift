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
        _ parameter: inout Matrix, gradient: TensorGradient, moments: inout AdamW.Moments, learningRate: Float,
        step: Int
    ) {
        let rule = Rule(decay: weightDecay, momentum: step <= 1 ? 0 : momentum, learningRate: learningRate)
        takeStep(rule, on: &parameter, gradient: gradient, moments: &moments)
    }

    /// One step with the velocity `b` in a matrix of its own.
    public func update(
        _ parameter: inout Matrix, gradient: Matrix, velocity: inout Matrix, learningRate: Float, isFirst: Bool
    ) {
        var moments = AdamW.Moments(first: velocity, second: .zeros(velocity.rows, velocity.columns))
        update(
            &parameter, gradient: .matrix(gradient), moments: &moments, learningRate: learningRate,
            step: isFirst ? 1 : 2)
        velocity = moments.first
    }

    /// The arithmetic of one step.
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
