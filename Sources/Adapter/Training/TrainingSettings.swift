internal import Core
internal import Kernels

/// The settings that trained methods share.
public protocol TrainingSettings: MethodSettings {
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
    /// Throws `configuration` for a setting outside its range; `epsilon` is the optimizer's.
    func checkTraining(epsilon: Float = 1e-8) throws(Fault) {
        try Schedule.check(lr: lr, epochs: epochs, batchSize: batch_size, decay: weight_decay, epsilon: epsilon)
    }

    /// The schedule with these settings.
    func schedule(_ optimizer: Optimizer, rate: LearningRateSchedule = .cosine) -> Schedule {
        Schedule(epochs: epochs, batchSize: batch_size, learningRate: lr, optimizer: optimizer, rate: rate)
    }
}
