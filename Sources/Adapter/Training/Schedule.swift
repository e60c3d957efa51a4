internal import Core
internal import Kernels

/// The schedule of a training.
package struct Schedule: Sendable {
    /// The number of epochs.
    package var epochs: Int
    /// Items per step.
    let batchSize: Int
    /// The base learning rate.
    package let learningRate: Float
    /// The optimizer.
    let optimizer: Optimizer
    /// The learning rate schedule.
    var rate = LearningRateSchedule.cosine
    /// The view of each item that an epoch trains on.
    var views = Views.inTurn
    /// Steps per validation, which takes place at the end of an epoch; 1 validates after each epoch.
    var judgeInterval = 1

    /// The choice of the view of each item in an epoch.
    enum Views: Sendable {
        /// The augmented views one after the other.
        case inTurn
        /// The first augmented view, the same in all epochs.
        case first
    }

    /// The view that epoch `epoch` trains on.
    func view(ofEpoch epoch: Int, _ support: Support) -> Int {
        switch views {
        case .inTurn: support.view(ofEpoch: epoch)
        case .first: support.augmentedViews[0]
        }
    }

    /// Whether epoch `epoch`, of `steps` steps each, is followed by a validation.
    func isJudged(after epoch: Int, steps: Int) -> Bool {
        let before = epoch * steps / judgeInterval
        let after = (epoch + 1) * steps / judgeInterval
        return after > before || epoch == epochs - 1
    }
}

/// The settings that trained methods share.
protocol TrainingSettings: MethodSettings {
    /// The base learning rate.
    var lr: Float { get }
    /// The number of epochs.
    var epochs: Int { get }
    /// Items per step.
    var batch_size: Int { get }
    /// The weight decay.
    var weight_decay: Float { get }
}

extension TrainingSettings {
    /// The schedule with these settings.
    func schedule(_ optimizer: Optimizer, rate: LearningRateSchedule = .cosine) -> Schedule {
        Schedule(epochs: epochs, batchSize: batch_size, learningRate: lr, optimizer: optimizer, rate: rate)
    }

    /// The schedule with AdamW.
    func schedule(epsilon: Float) -> Schedule { schedule(.adamW(AdamW(weightDecay: weight_decay, epsilon: epsilon))) }
}

/// A learning rate schedule by its name in settings.
public enum RateSchedule: String, Codable, Sendable, CaseIterable {
    /// The base rate throughout.
    case constant
    /// Half a cosine to zero over all steps.
    case cosine
    /// One rate per epoch, as in Dassl: 1e-5 in the first, then half a cosine.
    case dassl

    var schedule: LearningRateSchedule {
        switch self {
        case .constant: .constant
        case .cosine: .cosine
        case .dassl: .dassl
        }
    }
}

extension PrecisionRequest {
    /// The precision of a training step's large products with this many prototypes.
    ///
    /// `auto` is bfloat16 if the processor multiplies it in hardware and there are at least a thousand prototypes; with
    /// fewer it is no faster.
    func resolved(prototypes: Int) -> Precision {
        switch self {
        case .auto: prototypes >= 1024 ? .fastest : .float32
        case .float32: .float32
        case .bfloat16: .bfloat16
        }
    }
}
