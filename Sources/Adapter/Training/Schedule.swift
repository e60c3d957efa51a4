internal import Core
public import Kernels

/// How a method is trained.
public struct Schedule: Sendable, Equatable {
    public var epochs: Int
    public var batchSize: Int
    public var learningRate: Float
    public var optimizer: Optimizer
    /// How the learning rate moves.
    public var rate = LearningRateSchedule.cosine
    /// The view of each item that an epoch trains on.
    public var views = Views.inTurn
    /// Steps between two looks at validation, which are taken at the end of an epoch; 1 looks after each epoch.
    public var judgeInterval = 1

    public enum Views: Sendable {
        /// The augmented views one after the other.
        case inTurn
        /// The first augmented view, the same in all epochs.
        case first
        /// The plain view.
        case plain
    }

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

    /// Whether validation is looked at after epoch `epoch` of `steps` steps each.
    func isJudged(after epoch: Int, steps: Int) -> Bool {
        let (before, after) = (epoch * steps / judgeInterval, (epoch + 1) * steps / judgeInterval)
        return after > before || epoch == epochs - 1
    }

    /// Refuses what cannot be trained with.
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
