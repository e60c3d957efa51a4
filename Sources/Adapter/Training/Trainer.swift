public import Core
public import Kernels

/// How the epoch is chosen.
public enum EpochChoice: Sendable {
    /// The last one. A validation set, if given, is only looked at.
    case last(watching: Validation?)
    /// The one with the best validation accuracy; of equals the one with the least validation loss.
    case best(on: Validation)
    /// The one with the best test accuracy, as the published code does: `selected on test`.
    case published(SelectionOnTest, ofEquals: Occurrence)

    /// Which of several equal epochs counts.
    public enum Occurrence: Sendable { case first, last }
}

/// How one training goes, apart from the method.
public struct TrainingPlan: Sendable {
    public var seed: UInt64
    public var choice: EpochChoice
    /// The items of each epoch in order, as positions in the draw; drawn from the seed where it is nil.
    public var orders: [[Int]]?
    /// Called after each step with how many of all are done.
    public var stepEnded: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    /// Asked before each step; a training that is told to stop throws `interrupted`.
    public var shouldStop: @Sendable () -> Bool = { false }

    public init(seed: UInt64, choice: EpochChoice, orders: [[Int]]? = nil) {
        self.seed = seed
        self.choice = choice
        self.orders = orders
    }
}

/// A training after some whole epochs: all that it needs to go on.
public struct TrainingState<Parameters: ParameterSet>: Sendable {
    /// Epochs done.
    public var epoch = 0
    /// Steps done.
    public var step = 0
    public var parameters: Parameters
    public var moments: [String: AdamW.Moments]
    public var log = TrainingLog()
    /// The chosen epoch so far.
    public var best: Best?

    /// An epoch that a choice has settled on for now.
    public struct Best: Sendable {
        /// Counted from 1.
        public var epoch: Int
        public var accuracy: Double
        public var loss: Double
        public var parameters: Parameters

        public init(epoch: Int, accuracy: Double, loss: Double, parameters: Parameters) {
            self.epoch = epoch
            self.accuracy = accuracy
            self.loss = loss
            self.parameters = parameters
        }
    }

    public init(_ parameters: Parameters) {
        self.parameters = parameters
        moments = [:]
        for tensor in parameters.tensors() where tensor.rate != nil {
            moments[tensor.name] = AdamW.Moments(like: parameters[keyPath: tensor.path])
        }
    }
}

/// What a training wrote down, step by step and epoch by epoch.
public struct TrainingLog: Sendable, Codable, Equatable {
    public var steps: [Step] = []
    public var epochs: [Epoch] = []

    /// One step; counts are from 0.
    public struct Step: Sendable, Codable, Equatable {
        public var epoch: Int
        public var step: Int
        public var loss: Double
        /// The terms of the loss by name.
        public var parts: [String: Double]
        public var learning_rate: Double
    }

    /// One epoch, counted from 0; accuracies in percent.
    public struct Epoch: Sendable, Codable, Equatable {
        public var epoch: Int
        public var val_accuracy: Double?
        /// Only where the published protocol chooses on it.
        public var test_accuracy_selected_on_test: Double?
    }

    public init() {}
}

extension TrainedMethod {
    /// Trains for the schedule's epochs, from `state` if one is given.
    ///
    /// `epochEnded` is called with the state after each epoch; what is handed out can be resumed from. Throws `interrupted`
    /// when told to stop, and what a file throws.
    public func train(
        on support: Support, plan: TrainingPlan, from state: TrainingState<Parameters>? = nil,
        epochEnded: (TrainingState<Parameters>) throws(Fault) -> Void = { _ in }
    ) throws(Fault) -> TrainingState<Parameters> {
        let schedule = schedule
        try plan.check(schedule, itemCount: support.count)
        var state = state ?? TrainingState(initialParameters(seed: plan.seed))
        let stepsAnEpoch = (support.count + schedule.batchSize - 1) / schedule.batchSize
        let steps = schedule.epochs * stepsAnEpoch
        var features = Matrix.zeros(0, support.width)
        while state.epoch < schedule.epochs {
            var generator = SeededGenerator(seed: plan.seed &* 0x1_0000_0001 &+ UInt64(state.epoch))
            let order = plan.orders?[state.epoch] ?? generator.permutation(support.count)
            let view = schedule.view(ofEpoch: state.epoch, support)
            for start in stride(from: 0, to: order.count, by: schedule.batchSize) {
                guard !plan.shouldStop() else { throw .interrupted }
                let batch = Array(order[start ..< min(order.count, start + schedule.batchSize)])
                try support.batch(batch, view: view, into: &features)
                let rate = schedule.rate.rate(
                    step: state.step, epoch: state.epoch, steps: steps, epochs: schedule.epochs,
                    base: Double(schedule.learningRate))
                let labels = batch.map { support.labels[$0] }
                let (loss, gradient) = loss(features, labels: labels, &state.parameters, using: &generator)
                guard loss.total.isFinite else { throw Self.diverged(at: state.step) }
                state.take(gradient, rate: rate, optimizer: schedule.optimizer)
                state.log.steps.append(
                    .init(
                        epoch: state.epoch, step: state.step, loss: loss.total,
                        parts: Dictionary(loss.terms.map { ($0.name, $0.value) }) { $1 }, learning_rate: rate))
                state.step += 1
                plan.stepEnded(state.step, steps)
            }
            if schedule.isJudged(after: state.epoch, steps: stepsAnEpoch) { try judge(&state, plan.choice) }
            state.epoch += 1
            try epochEnded(state)
        }
        return state
    }

    /// Looks at the epoch that has just ended, and keeps it if it is the best so far.
    private func judge(_ state: inout TrainingState<Parameters>, _ choice: EpochChoice) throws(Fault) {
        var entry = TrainingLog.Epoch(epoch: state.epoch)
        let classifier = classifier(state.parameters)
        var (accuracy, loss, isBest) = (0.0, 0.0, true)
        switch choice {
        case .last(let watched):
            if let watched { entry.val_accuracy = try watched.score(classifier).accuracy }
        case .best(let validation):
            (accuracy, loss) = try validation.score(classifier)
            entry.val_accuracy = accuracy
            if let best = state.best { isBest = (accuracy, -loss) > (best.accuracy, -best.loss) }
        case .published(let test, let occurrence):
            accuracy = try test.accuracy(classifier)
            entry.test_accuracy_selected_on_test = accuracy
            if let best = state.best {
                isBest = occurrence == .first ? accuracy > best.accuracy : accuracy >= best.accuracy
            }
        }
        state.log.epochs.append(entry)
        if case .last = choice { return }
        guard isBest else { return }
        state.best = .init(epoch: state.epoch + 1, accuracy: accuracy, loss: loss, parameters: state.parameters)
    }

    private static func diverged(at step: Int) -> Fault {
        Fault(
            .configuration, "\(name)", found: "a loss that is not a number at step \(step)",
            expected: "a finite loss", remedy: "lower lr, or \(action: .verifyFeatures)")
    }
}

extension TrainingState {
    /// One optimiser step on every trained tensor.
    mutating func take(_ gradient: Parameters.Gradient, rate: Double, optimizer: Optimizer) {
        for tensor in parameters.tensors() {
            guard let factor = tensor.rate, let gradient = gradient[tensor.name] else { continue }
            guard var moment = moments.removeValue(forKey: tensor.name) else { continue }
            optimizer.update(
                &parameters[keyPath: tensor.path], gradient: gradient, moments: &moment,
                learningRate: Float(rate) * factor, step: step + 1)
            moments[tensor.name] = moment
        }
    }
}

extension TrainingPlan {
    /// Refuses orders that do not fit the schedule.
    fileprivate func check(_ schedule: Schedule, itemCount: Int) throws(Fault) {
        guard let orders else { return }
        guard orders.count >= schedule.epochs else {
            throw .badData(
                "batch order", found: "\(orders.count) epochs", expected: "\(schedule.epochs)",
                remedy: "give an order for each epoch, or fewer \(option: "epochs")")
        }
        for (epoch, order) in orders.enumerated() where order.sorted() != Array(0 ..< itemCount) {
            throw .badData(
                "batch order", found: "epoch \(epoch) that is no permutation of the \(itemCount) training items",
                expected: "each position from 0 to \(itemCount - 1) once", remedy: "make it for this train part")
        }
    }
}

extension Fault {
    /// The user stopped the work.
    public static let interrupted = Fault(
        .interrupted, "", found: "an interruption", remedy: "run the same command again to go on")
}
