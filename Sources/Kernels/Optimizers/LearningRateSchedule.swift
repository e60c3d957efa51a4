/// How the learning rate moves during a training.
public enum LearningRateSchedule: Sendable, Codable, Equatable {
    case constant
    /// Half a cosine from the base rate to zero, step by step: ``CosineSchedule``.
    case cosine
    /// Dassl's, epoch by epoch: one epoch at 1e-5, then half a cosine that counts its epochs from there.
    ///
    /// It ends above zero: epoch e of E has `½η₀(1 + cos(π(e − 1)/E))`, and the last is E − 1.
    case dassl
    /// A linear rise to the base rate over the first `steps`, the very first at `from`, then half a cosine.
    ///
    /// The cosine begins where the rise ends and is as long as the whole training, so it ends above zero: as
    /// cross-modal adaptation (Lin et al., CVPR 2023) trains, with 50 steps from 1e-5.
    case warmUp(steps: Int = 50, from: Double = 1e-5)

    /// The learning rate at `step` of `steps`, which is in `epoch` of `epochs`; both count from 0.
    public func rate(step: Int, epoch: Int, steps: Int, epochs: Int, base: Double) -> Double {
        switch self {
        case .constant: base
        case .cosine: base * CosineSchedule(steps: steps).factor(step)
        case .dassl: epoch == 0 ? 1e-5 : base * CosineSchedule(steps: epochs).factor(epoch - 1)
        case .warmUp(let rise, let first):
            if step >= rise {
                base * CosineSchedule(steps: steps).factor(step - rise)
            } else {
                step == 0 ? first : base * Double(step) / Double(rise)
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
