public import Core
package import Kernels

/// The choice of the epoch.
public enum EpochChoice: Sendable {
    /// The last epoch; validation accuracies are recorded if a validation set is given.
    case last(watching: Validation?)
    /// The epoch with the best validation accuracy.
    case best(on: Validation, ofEquals: TieRule = .leastLoss)
    /// The epoch with the best test accuracy, as in published code: `selected on test`.
    case published(SelectionOnTest, ofEquals: TieRule)
}

/// The choice among epochs of equal accuracy.
public enum TieRule: Sendable {
    /// The first, as code that compares with `>` does.
    case first
    /// The last, as code that compares with `>=` does.
    case last
    /// The one with the least loss.
    case leastLoss

    /// Returns whether an epoch is better than the best before it; accuracies in percent.
    func prefers(_ new: (accuracy: Double, loss: Double), to best: (accuracy: Double, loss: Double)) -> Bool {
        guard new.accuracy == best.accuracy else { return new.accuracy > best.accuracy }
        return switch self {
        case .first: false
        case .last: true
        case .leastLoss: new.loss < best.loss
        }
    }
}

/// The settings of one training that do not depend on the method.
public struct TrainingPlan: Sendable {
    /// The seed of all randomness.
    public var seed: UInt64
    /// The choice of the epoch.
    public var choice: EpochChoice
    /// The items of each epoch in order, as positions in the few-shot sample; nil for orders from the seed.
    public var orders: [[Int]]?
    /// Called after each step with the numbers of finished and of all steps.
    public var stepEnded: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    /// Called before each step; training throws `interrupted` if it returns true.
    public var shouldStop: @Sendable () -> Bool = { false }

    /// Takes a seed, the choice of the epoch, and the order of each epoch's items.
    public init(seed: UInt64, choice: EpochChoice, orders: [[Int]]? = nil) {
        self.seed = seed
        self.choice = choice
        self.orders = orders
    }
}

/// The result of training a method.
public struct Training: Sendable {
    /// The classifier of the chosen epoch.
    public let classifier: Classifier
    /// The classifier of the last epoch.
    public let last: Classifier
    /// The chosen epoch, counted from 1; 0 for a method without training.
    public let epoch: Int
    /// The log of all steps and epochs.
    public let log: TrainingLog
}

/// The log of a training.
public struct TrainingLog: Sendable, Codable, Equatable {
    /// All steps in order.
    public var steps: [Step] = []
    /// All epochs in order that were followed by a validation.
    public var epochs: [Epoch] = []

    /// One step; epochs and steps are counted from 0.
    public struct Step: Sendable, Codable, Equatable {
        /// The epoch.
        public let epoch: Int
        /// The step since the first epoch.
        public let step: Int
        /// The sum of the terms.
        public let loss: Double
        /// The terms of the loss by name.
        public let parts: [String: Double]
        /// The learning rate.
        public let learning_rate: Double
    }

    /// One epoch, counted from 0; accuracies in percent.
    public struct Epoch: Sendable, Codable, Equatable {
        /// The epoch.
        public let epoch: Int
        /// The validation accuracy, if there is a validation set.
        public internal(set) var val_accuracy: Double?
        /// The test accuracy, if the published protocol chooses on it.
        public internal(set) var test_accuracy_selected_on_test: Double?
    }

    /// An empty log.
    package init() {}
}

/// The state of a training after whole epochs, from which it can resume.
package struct TrainingState<Parameters: ParameterSet>: Sendable {
    /// The number of finished epochs.
    package var epoch = 0
    /// The number of finished steps.
    package var step = 0
    /// The current parameters.
    package var parameters: Parameters
    /// The optimizer's state for each trained tensor, by name.
    package var optimizerStates: [String: Optimizer.State] = [:]
    /// The log of all steps and epochs.
    package var log = TrainingLog()
    /// The best epoch so far.
    package var best: Best?

    /// A chosen epoch, counted from 1, with its accuracy in percent and its mean cross-entropy on validation.
    package typealias Best = (epoch: Int, accuracy: Double, loss: Double, parameters: Parameters)

    /// The state before the first epoch.
    package init(_ parameters: Parameters) {
        self.parameters = parameters
        for tensor in parameters.tensors() where tensor.rate != nil {
            optimizerStates[tensor.name] = Optimizer.State(like: parameters[keyPath: tensor.path])
        }
    }
}

extension AdapterMethod {
    /// Trains the method on few-shot items, or on the items with pseudo-labels that it chose.
    ///
    /// A method without training returns its initial classifier.
    ///
    /// - Throws: `interrupted` if the plan stops it, `configuration` for a loss that is not finite.
    public func fit(on support: Support, plan: TrainingPlan) throws(Fault) -> Training {
        if let method = self as? any TrainedMethod { return try method.training(on: support, plan) }
        let classifier = try initialClassifier()
        return Training(classifier: classifier, last: classifier, epoch: 0, log: TrainingLog())
    }
}

extension TrainedMethod {
    fileprivate func training(on support: Support, _ plan: TrainingPlan) throws(Fault) -> Training {
        let state = try train(on: trainingItems ?? support, plan: plan)
        return Training(
            classifier: classifier(state.best?.parameters ?? state.parameters), last: classifier(state.parameters),
            epoch: state.best?.epoch ?? state.epoch, log: state.log)
    }

    /// Trains for the schedule's epochs, starting at `state` if it is given.
    ///
    /// `epochEnded` is called after each epoch with a state that training can resume from.
    ///
    /// - Returns: the state after the last epoch.
    /// - Throws: `interrupted` if the plan stops it, `configuration` for a loss that is not finite.
    package func train(
        on support: Support, plan: TrainingPlan, from state: TrainingState<Parameters>? = nil,
        epochEnded: (TrainingState<Parameters>) throws(Fault) -> Void = { _ in }
    ) throws(Fault) -> TrainingState<Parameters> {
        let schedule = schedule
        try plan.check(schedule, itemCount: support.count)
        var state = state ?? TrainingState(initialParameters(seed: plan.seed))
        let stepsPerEpoch = (support.count + schedule.batchSize - 1) / schedule.batchSize
        let steps = schedule.epochs * stepsPerEpoch
        while state.epoch < schedule.epochs {
            var generator = SeededGenerator(seed: plan.seed &* 0x1_0000_0001 &+ UInt64(state.epoch))
            let order = plan.orders?[state.epoch] ?? generator.permutation(support.count)
            let view = schedule.view(ofEpoch: state.epoch, support)
            for block in order.indices.blocks(of: schedule.batchSize) {
                guard !plan.shouldStop() else { throw .interrupted }
                let items = order[block]
                let batch = Batch(try support.batch(items, view: view), labels: items.map { support.labels[$0] })
                let rate = schedule.rate.rate(
                    step: state.step, epoch: state.epoch, steps: steps, epochs: schedule.epochs,
                    base: Double(schedule.learningRate))
                let loss = loss(batch, &state.parameters, using: &generator)
                guard loss.total.isFinite else { throw Self.diverged(at: state.step) }
                state.take(loss, rate: rate, optimizer: schedule.optimizer)
                state.step += 1
                plan.stepEnded(state.step, steps)
            }
            if schedule.isJudged(after: state.epoch, steps: stepsPerEpoch) { try judge(&state, plan.choice) }
            state.epoch += 1
            try epochEnded(state)
        }
        return state
    }

    /// Scores the epoch that has just ended, and keeps it if it is the best so far.
    private func judge(_ state: inout TrainingState<Parameters>, _ choice: EpochChoice) throws(Fault) {
        var entry = TrainingLog.Epoch(epoch: state.epoch)
        let classifier = classifier(state.parameters)
        let chosen: (validation: Validation, tie: TieRule)
        switch choice {
        case .last(let watched):
            if let watched { entry.val_accuracy = try watched.score(classifier).accuracy }
            state.log.epochs.append(entry)
            return
        case .best(let validation, let tie): chosen = (validation, tie)
        case .published(let test, let tie): chosen = (Validation(test), tie)
        }
        let score = try chosen.validation.score(classifier)
        if chosen.validation.isTest {
            entry.test_accuracy_selected_on_test = score.accuracy
        } else {
            entry.val_accuracy = score.accuracy
        }
        state.log.epochs.append(entry)
        if let best = state.best, !chosen.tie.prefers(score, to: (best.accuracy, best.loss)) { return }
        state.best = (state.epoch + 1, score.accuracy, score.loss, state.parameters)
    }

    private static func diverged(at step: Int) -> Fault {
        Fault(
            .configuration, "\(name)", found: "a loss that is not a number at step \(step)",
            expected: "a finite loss", remedy: "lower lr, or \(action: .verifyFeatures)")
    }
}

extension TrainingState {
    /// Takes one optimizer step on every trained tensor, and logs it.
    mutating func take(_ loss: Loss, rate: Double, optimizer: Optimizer) {
        for tensor in parameters.tensors() {
            guard let factor = tensor.rate else { continue }
            guard let gradient = loss.gradient[tensor.name] else {
                preconditionFailure("the loss gives no gradient of \(tensor.name), which is trained")
            }
            guard var state = optimizerStates.removeValue(forKey: tensor.name) else {
                preconditionFailure("no optimizer state of \(tensor.name), which is trained")
            }
            optimizer.update(
                &parameters[keyPath: tensor.path], gradient: gradient, state: &state,
                learningRate: Float(rate) * factor, step: step + 1)
            optimizerStates[tensor.name] = state
        }
        log.steps.append(
            .init(
                epoch: epoch, step: step, loss: loss.total,
                parts: Dictionary(loss.terms.map { ($0.name, $0.value) }) { $1 }, learning_rate: rate))
    }
}

extension TrainingPlan {
    /// Throws `badData` for orders that do not fit the schedule.
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
    /// An interruption by the user.
    package static let interrupted = Fault(
        .interrupted, "", found: "an interruption", remedy: "run the same command again to go on")
}
