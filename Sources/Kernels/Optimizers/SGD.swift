/// Stochastic gradient descent with momentum and coupled decay, as in PyTorch, without dampening and Nesterov momentum.
///
/// `g ← g + λp`, `b ← μb + g` (`b ← g` at the first step), `p ← p − ηb`.
public struct SGD: Sendable, Codable, Equatable {
    /// The momentum μ.
    public var momentum: Float
    /// The weight decay λ.
    public var weightDecay: Float

    /// Makes the optimizer.
    public init(momentum: Float = 0.9, weightDecay: Float = 5e-4) {
        self.momentum = momentum
        self.weightDecay = weightDecay
    }
}

/// The rule of a step along the velocity `b`, which is stored as the first moment.
struct MomentumRule: StepRule {
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
