internal import Glibc

/// Adam as in PyTorch with `weight_decay`: the decay is added to the gradient before the moments are updated.
///
/// Kingma and Ba, ICLR 2015. Dassl's trainers use it. ``AdamW`` differs only in the decay.
public struct Adam: Sendable, Codable, Equatable {
    /// The decay rate of the first moment.
    public var beta1: Float = 0.9
    /// The decay rate of the second moment.
    public var beta2: Float = 0.999
    /// The constant added to the root of the second moment.
    public var epsilon: Float = 1e-8
    /// The weight decay.
    public var weightDecay: Float = 0

    /// Makes the optimizer with PyTorch's β₁ and β₂.
    public init(weightDecay: Float = 0, epsilon: Float = 1e-8) {
        self.weightDecay = weightDecay
        self.epsilon = epsilon
    }

    /// Takes one step on `parameter`; `step` counts from 1.
    public func update(
        _ parameter: inout Matrix, gradient: TensorGradient, state: inout Optimizer.State, learningRate: Float,
        step: Int
    ) {
        let rule = CoupledRule(
            decay: weightDecay,
            rule: MomentRule(
                beta1: beta1, beta2: beta2, epsilon: epsilon, kept: 1, learningRate: learningRate, step: step))
        takeStep(rule, on: &parameter, gradient: gradient, state: &state)
    }

    /// The rule whose gradient includes the decay.
    private struct CoupledRule: StepRule {
        let decay: Float
        let rule: MomentRule

        static var usesSecondMoments: Bool { true }

        @inline(__always)
        func move(
            _ p: inout SIMD16<Float>, _ g: SIMD16<Float>, _ m: inout SIMD16<Float>, _ v: inout SIMD16<Float>
        ) {
            rule.move(&p, g + p * decay, &m, &v)
        }
    }
}

/// The rule of a step along the first moment, divided by the root of the second, both corrected for bias.
struct MomentRule: StepRule {
    private let first: Float
    private let second: Float
    private let stepSize: Float
    private let root: Float
    /// The fraction of the parameter that remains after the decay.
    private let kept: Float
    private let epsilon: Float

    init(beta1: Float, beta2: Float, epsilon: Float, kept: Float, learningRate: Float, step: Int) {
        // The bias corrections, computed in Double as Python does.
        let correction1 = 1 - pow(Double(beta1), Double(step))
        let correction2 = (1 - pow(Double(beta2), Double(step))).squareRoot()
        first = 1 - beta1
        second = beta2
        stepSize = Float(Double(learningRate) / correction1)
        root = Float(1 / correction2)
        self.kept = kept
        self.epsilon = epsilon
    }

    init(_ settings: AdamW, learningRate: Float, step: Int) {
        self.init(
            beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
            kept: 1 - learningRate * settings.weightDecay, learningRate: learningRate, step: step)
    }

    static var usesSecondMoments: Bool { true }

    @inline(__always)
    func move(
        _ p: inout SIMD16<Float>, _ g: SIMD16<Float>, _ m: inout SIMD16<Float>, _ v: inout SIMD16<Float>
    ) {
        m += (g - m) * first
        v = v * second + g * g * (1 - second)
        p = p * kept - m * stepSize / (squareRoots(v) * root + epsilon)
    }
}
