internal import Glibc

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
        _ parameter: inout Matrix, gradient: TensorGradient, moments: inout Moments, learningRate: Float, step: Int
    ) {
        let rule = Rule(self, learningRate: learningRate, step: step)
        let width = parameter.columns
        let count = parameter.elements.count
        parameter.write { p in
            moments.first.write { m in
                moments.second.write { v in
                    switch gradient {
                    case .matrix(let gradient):
                        precondition(gradient.elements.count == count)
                        gradient.read { g in
                            Parallel.forEachPiece(of: count, size: 1 << 16) { piece in
                                rule.apply(p[piece], g[piece], m[piece], v[piece])
                            }
                        }
                    case .product(let h, let x, let precision):
                        precondition(h.columns * x.columns == count && x.columns == width)
                        forEachProductPiece(h, x, precision: precision) { rows, g in
                            let piece = rows.lowerBound * width ..< rows.upperBound * width
                            rule.apply(p[piece], g, m[piece], v[piece])
                        }
                    }
                }
            }
        }
    }

    /// The arithmetic of one step.
    private struct Rule: Sendable {
        let first: Float
        let second: Float
        let stepSize: Float
        let root: Float
        let decay: Float
        let epsilon: Float

        init(_ settings: AdamW, learningRate: Float, step: Int) {
            // The corrections as Python computes them, in double.
            let correction1 = 1 - pow(Double(settings.beta1), Double(step))
            let correction2 = (1 - pow(Double(settings.beta2), Double(step))).squareRoot()
            first = 1 - settings.beta1
            second = settings.beta2
            stepSize = Float(Double(learningRate) / correction1)
            root = Float(1 / correction2)
            decay = 1 - learningRate * settings.weightDecay
            epsilon = settings.epsilon
        }

        @inline(__always)
        func apply(_ p: Strip, _ g: Strip, _ m: Strip, _ v: Strip) {
            let (first, second, stepSize, root, decay, epsilon) = (first, second, stepSize, root, decay, epsilon)
            p.update(g, m, v) { p, g, m, v in
                m += (g - m) * first
                v = v * second + g * g * (1 - second)
                p = p * decay - m * stepSize / (v.squareRoot() * root + epsilon)
            }
        }
    }

    /// The running means of a tensor's gradient and of its square.
    public struct Moments: Sendable, Equatable {
        public var first: Matrix
        public var second: Matrix

        public init(like tensor: Matrix) {
            first = .zeros(tensor.rows, tensor.columns)
            second = .zeros(tensor.rows, tensor.columns)
        }

        public init(first: Matrix, second: Matrix) {
            self.first = first
            self.second = second
        }
    }
}

/// Stochastic gradient descent with momentum and coupled decay, as PyTorch defines it: no dampening, no Nesterov.
public struct SGD: Sendable, Codable, Equatable {
    public var momentum: Float = 0.9
    public var weightDecay: Float = 5e-4

    public init() {}

    /// One step: `g ← g + λp`, `b ← μb + g` (`b ← g` at the first), `p ← p − ηb`.
    public func update(
        _ parameter: inout Matrix, gradient: Matrix, velocity: inout Matrix, learningRate: Float, isFirst: Bool
    ) {
        precondition(parameter.elements.count == gradient.elements.count)
        let (decay, momentum) = (weightDecay, isFirst ? 0 : momentum)
        parameter.write { p in
            gradient.read { g in
                velocity.write { b in
                    for i in 0 ..< p.count {
                        b[i] = momentum * b[i] + g[i] + decay * p[i]
                        p[i] -= learningRate * b[i]
                    }
                }
            }
        }
    }
}

/// The learning rate that falls from its start to zero along half a cosine, step by step.
public struct CosineSchedule: Sendable, Equatable {
    public let steps: Int

    public init(steps: Int) { self.steps = steps }

    /// `½(1 + cos(πt/T))`, the factor of step `t` counted from 0.
    public func factor(_ step: Int) -> Double { 0.5 * (1 + cosine(Double.pi * Double(step) / Double(max(1, steps)))) }
}

extension Strip {
    /// Updates this strip and two more from a gradient, sixteen lanes at a time.
    @inline(__always)
    fileprivate func update(
        _ g: Strip, _ m: Strip, _ v: Strip,
        _ body: (inout SIMD16<Float>, SIMD16<Float>, inout SIMD16<Float>, inout SIMD16<Float>) -> Void
    ) {
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) {
            var (a, b, c) = (self[lanes: i], m[lanes: i], v[lanes: i])
            body(&a, g[lanes: i], &b, &c)
            self[lanes: i] = a
            m[lanes: i] = b
            v[lanes: i] = c
        }
        guard whole < count else { return }
        var (a, b, c) = (padded(whole), m.padded(whole), v.padded(whole))
        body(&a, g.padded(whole), &b, &c)
        for i in whole ..< count {
            self[i] = a[i - whole]
            m[i] = b[i - whole]
            v[i] = c[i - whole]
        }
    }
}
