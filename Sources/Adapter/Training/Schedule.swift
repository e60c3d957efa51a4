internal import Core
public import Kernels

/// The schedule of a training.
public struct Schedule: Sendable, Equatable {
    /// The number of epochs.
    public var epochs: Int
    /// Items per step.
    public var batchSize: Int
    /// The base learning rate.
    public var learningRate: Float
    /// The optimizer.
    public var optimizer: Optimizer
    /// The learning rate schedule.
    public var rate = LearningRateSchedule.cosine
    /// The view of each item that an epoch trains on.
    public var views = Views.inTurn
    /// Steps per validation, which takes place at the end of an epoch; 1 validates after each epoch.
    public var judgeInterval = 1

    /// The choice of the view of each item in an epoch.
    public enum Views: Sendable {
        /// The augmented views one after the other.
        case inTurn
        /// The first augmented view, the same in all epochs.
        case first
        /// The plain view.
        case plain
    }

    /// Takes the base learning rate and how it moves.
    public init(
        epochs: Int, batchSize: Int, learningRate: Float, optimizer: Optimizer, rate: LearningRateSchedule = .cosine
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.optimizer = optimizer
        self.rate = rate
    }

    /// The view that epoch `epoch` trains on.
    func view(ofEpoch epoch: Int, _ support: Support) -> Int {
        switch views {
        case .inTurn: support.view(ofEpoch: epoch)
        case .first: support.augmentedViews[0]
        case .plain: 0
        }
    }

    /// Whether epoch `epoch`, of `steps` steps each, is followed by a validation.
    func isJudged(after epoch: Int, steps: Int) -> Bool {
        let before = epoch * steps / judgeInterval
        let after = (epoch + 1) * steps / judgeInterval
        return after > before || epoch == epochs - 1
    }

    /// Throws `configuration` for settings outside their ranges.
    static func check(lr: Float, epochs: Int, batchSize: Int, decay: Float, epsilon: Float) throws(Fault) {
        let checks: [(String, Double, ClosedRange<Double>)] = [
            ("lr", Double(lr), 0 ... 100), ("epochs", Double(epochs), 0 ... 1e5),
            ("batch_size", Double(batchSize), 1 ... 1e6), ("weight_decay", Double(decay), 0 ... 100),
            ("eps", Double(epsilon), 1e-12 ... 1),
        ]
        for (name, value, range) in checks where !range.contains(value) {
            throw .configuration(
                name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)", remedy: "correct it")
        }
    }
}
