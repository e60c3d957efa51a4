internal import Glibc

/// Adam as in PyTorch with `weight_decay`: the decay is added to the gradient before the moments are updated.
///
/// Kingma and Ba, ICLR 2015. Dassl's trainers use it. ``AdamW`` differs only in the decay.
public struct Adam: MomentSettings, Sendable, Codable, Equatable {
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
}

/// AdamW as in PyTorch: decoupled decay, bias-corrected moments, `eps` added after the root.
///
/// Loshchilov and Hutter, ICLR 2019. The published adapters use `eps = 1e-4`, which matters: with 1e-8 the early steps
/// have the size of the learning rate for any gradient.
public struct AdamW: MomentSettings, Sendable, Codable, Equatable {
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
}

/// The settings that ``Adam`` and ``AdamW`` share.
protocol MomentSettings {
    var beta1: Float { get }
    var beta2: Float { get }
    var epsilon: Float { get }
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

    init(_ settings: some MomentSettings, kept: Float, learningRate: Float, step: Int) {
        // The bias corrections, computed in Double as Python does.
        let correction1 = 1 - pow(Double(settings.beta1), Double(step))
        let correction2 = (1 - pow(Double(settings.beta2), Double(step))).squareRoot()
        first = 1 - settings.beta1
        second = settings.beta2
        stepSize = Float(Double(learningRate) / correction1)
        root = Float(1 / correction2)
        self.kept = kept
        epsilon = settings.epsilon
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

/// The rule whose gradient includes the decay.
struct CoupledRule: StepRule {
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
