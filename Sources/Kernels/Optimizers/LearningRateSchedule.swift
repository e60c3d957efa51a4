/// The learning rate over the course of training.
public enum LearningRateSchedule: Sendable, Codable, Equatable {
    /// The base rate throughout.
    case constant
    /// Half a cosine from the base rate to zero over all steps; see ``CosineSchedule``.
    case cosine
    /// Dassl's schedule by epochs: one epoch at 1e-5, then half a cosine.
    ///
    /// Epoch e of E has the rate `½η₀(1 + cos(π(e − 1)/E))`. The last epoch is E − 1, so the schedule ends above zero.
    case dassl
    /// A linear rise to the base rate over `steps`, starting at `from`, then half a cosine.
    ///
    /// The cosine begins after the rise and has the length of the whole training, so the schedule ends above zero.
    /// Cross-modal adaptation (Lin et al., CVPR 2023) uses 50 steps from 1e-5.
    case warmUp(steps: Int = 50, from: Double = 1e-5)

    /// Returns the learning rate at `step` of `steps` in `epoch` of `epochs`; both count from 0.
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

/// A learning rate that decreases from its base to zero along half a cosine.
public struct CosineSchedule: Sendable, Equatable {
    /// T, the number of steps.
    public let steps: Int

    /// Makes a schedule of `steps` steps.
    public init(steps: Int) { self.steps = steps }

    /// Returns `½(1 + cos(πt/T))`, the factor at step `t`, which counts from 0.
    public func factor(_ step: Int) -> Double { 0.5 * (1 + cosine(Double.pi * Double(step) / Double(max(1, steps)))) }
}
