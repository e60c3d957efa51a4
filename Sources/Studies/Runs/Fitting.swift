internal import Adapter
internal import Core
internal import FeatureStore
internal import Kernels

/// The result of fitting a method.
struct FittedRun: Sendable {
    var classifier: Classifier
    /// Settings chosen on validation, besides α and β.
    var chosen: [String: SettingValue] = [:]
    /// The settings whose chosen value is at the end of its range.
    var searchEnds: [SearchEnd] = []
    /// The fitted tensors by name.
    var trained: [(name: String, matrix: Matrix)] = []
    var validationAccuracy: Double?
    /// Whether the epoch or a setting was chosen on test.
    var isSelectedOnTest = false
    /// The chosen epoch, counted from 1.
    var epoch: Int?
    /// The number of trained epochs.
    var epochs: Int?
    var log: TrainingLog?
    var scores: Scores?
    var classScores: ClassScores?
}

extension Run {
    /// Fits the method, chooses by the protocol, and reads the test subset last.
    func fit(_ identity: Provenance) throws(Fault) -> FittedRun {
        var fitted = try chosenFit(identity)
        // An accuracy on test is none on validation.
        if validationItems?.source == .test { fitted.validationAccuracy = nil }
        guard let test = opened.test else { return fitted }
        let set = try TestSet(test, sharing: opened.testProducts)
        let (scores, classes) = try set.classScores(fitted.classifier, classes: opened.classes)
        fitted.scores = scores
        fitted.classScores = classes
        return fitted
    }

    /// Fits with each proposal, and keeps the first of the best on validation, as published grids do.
    private func chosenFit(_ identity: Provenance) throws(Fault) -> FittedRun {
        var best: FittedRun?
        for proposal in proposals {
            var identity = identity
            for (name, value) in proposal { identity.settings["settings.\(name)"] = value.description }
            var fitted = try method.fit(self, overlay.merging(proposal) { $1 }, identity)
            guard fitted.validationAccuracy ?? 0 > best?.validationAccuracy ?? -1 else { continue }
            fitted.chosen.merge(proposal) { searched, _ in searched }
            best = fitted
        }
        guard let best else { preconditionFailure("no settings to fit with") }
        return best
    }

    fileprivate func plan(_ method: some TrainedMethod) throws(Fault) -> TrainingPlan {
        var plan = TrainingPlan(seed: seed, choice: try choice(method), orders: order?.epochs)
        plan.stepEnded = { [name, events = study.events] done, total in events.progress(name, done, total) }
        plan.shouldStop = study.events.shouldStop
        return plan
    }

    private func choice(_ method: some TrainedMethod) throws(Fault) -> EpochChoice {
        switch study.selection {
        case .fixed: return .last(watching: try watched())
        case .val where type(of: method).choosesEpoch: return .best(on: try requiredValidation())
        case .val: return .last(watching: try watched())
        case .paper: return try publishedChoice(type(of: method).published)
        }
    }

    private func publishedChoice(_ published: PublishedChoice) throws(Fault) -> EpochChoice {
        switch published {
        case .lastEpoch, .lastEpochByDesign: return .last(watching: try watched())
        case .bestValidationEpoch(let tie): return .best(on: try requiredValidation(), ofEquals: tie)
        case .bestEpochReloaded, .bestEpochNoted:
            let test = try opened.require(
                .test, remedy: "choose another protocol, since the paper protocol selects on test")
            return .published(
                SelectionOnTest(forComparisonWithPublishedTables: try TestSet(test)),
                ofEquals: published == .bestEpochNoted ? .last : .first)
        }
    }

    /// Searches the method's settings on validation, or measures the validation accuracy if nothing is searched.
    fileprivate func search(_ fitted: inout FittedRun, _ method: some AdapterMethod) throws(Fault) {
        guard let kind = searchKind else {
            fitted.validationAccuracy = try validation()?.score(fitted.classifier).accuracy
            return
        }
        let validation = try requiredValidation()
        let found = try method.search(fitted.classifier, on: validation, by: kind)
        if validation.isTest { fitted.isSelectedOnTest = true }
        fitted.classifier = found.classifier
        fitted.chosen = found.chosen
        fitted.searchEnds = found.ends
        fitted.validationAccuracy = found.accuracy
    }

    /// Takes the published maximum: the best test epoch at the training's α and β, if it beats the searched setting on
    /// test.
    fileprivate func takeBestTestEpoch<M: TrainedMethod>(
        _ fitted: inout FittedRun, _ best: TrainingState<M.Parameters>.Best, _ method: M
    ) throws(Fault) {
        guard let test = opened.test else { return }
        let selection = SelectionOnTest(forComparisonWithPublishedTables: try TestSet(test))
        guard best.accuracy > (try selection.accuracy(fitted.classifier)) else { return }
        fitted.classifier = method.classifier(best.parameters)
        fitted.chosen = [:]
        fitted.searchEnds = []
        fitted.trained = method.fittedTensors(best.parameters)
        fitted.epoch = best.epoch
        fitted.validationAccuracy = try validation()?.score(fitted.classifier).accuracy
    }

    /// The validation items whose accuracy is recorded, which are never those of test.
    private func watched() throws(Fault) -> Validation? {
        validationItems?.source == .test ? nil : try validation()
    }

    /// The sample's validation items, or the whole subset for methods without a sample.
    private func validation() throws(Fault) -> Validation? {
        if let items { return try validationItems.map { kind throws(Fault) in try items.validation(kind) } }
        guard let val = opened.val else { return nil }
        return try Validation(val)
    }

    private func requiredValidation() throws(Fault) -> Validation {
        if let validation = try validation() { return validation }
        _ = try opened.require(.val, remedy: withoutValidation)
        preconditionFailure("a val part without items")
    }
}

extension AdapterMethod {
    /// Fits the method and chooses by the run's protocol.
    fileprivate static func fit(
        _ run: Run, _ overlay: [String: SettingValue], _ identity: Provenance
    ) throws(Fault) -> FittedRun {
        let settings = try Settings(overlaying: overlay, method: name)
        let support = try run.items?.support()
        var unlabelled: Unlabelled?
        if fitsTo == .unlabelled, let train = run.opened.train { unlabelled = try Unlabelled(train) }
        let method = try Self(
            settings, task: FewShotTask(support: support, unlabelled: unlabelled, text: run.opened.text))
        if let trained = method as? any TrainedMethod {
            guard let items = trained.trainingItems ?? support else {
                preconditionFailure("\(name) has nothing to train on")
            }
            return try trained.train(run, items, identity)
        }
        var fitted = FittedRun(classifier: try method.initialClassifier())
        try run.search(&fitted, method)
        return fitted
    }
}

extension TrainedMethod {
    /// Trains the method, and chooses the epoch, α and β.
    fileprivate func train(_ run: Run, _ support: Support, _ identity: Provenance) throws(Fault) -> FittedRun {
        let checkpoint = Checkpoint<Parameters>(in: run.folder, identity: Digest(of: JSONDocument.line(identity)))
        var begun = checkpoint.read(like: initialParameters(seed: run.seed))
        if let begun { run.study.events.note("\(run.name): resumes after epoch \(begun.epoch)") }
        if let initial = run.initial, begun == nil {
            begun = TrainingState(try initial.laid(over: initialParameters(seed: run.seed)))
        }
        let state = try checkpoint.keeping { keep throws(Fault) in
            try train(on: support, plan: try run.plan(self), from: begun, epochEnded: keep)
        }
        let choosesLast = run.study.selection == .paper && Self.published == .bestEpochNoted
        let best = choosesLast ? nil : state.best
        let parameters = best?.parameters ?? state.parameters
        var fitted = FittedRun(
            classifier: classifier(parameters), trained: fittedTensors(parameters),
            epoch: best?.epoch ?? schedule.epochs, epochs: schedule.epochs, log: state.log)
        // Without a choice on test, the log has no accuracies on it.
        fitted.isSelectedOnTest = state.log.epochs.contains { $0.test_accuracy_selected_on_test != nil }
        try run.search(&fitted, self)
        if run.study.selection == .paper, Self.published.isOnTest, let noted = state.best {
            try run.takeBestTestEpoch(&fitted, noted, self)
        }
        return fitted
    }

    /// The fitted tensors of `parameters` by name.
    func fittedTensors(_ parameters: Parameters) -> [(name: String, matrix: Matrix)] {
        parameters.tensors().filter { $0.rate != nil }.map { ($0.name, parameters[keyPath: $0.path]) }
    }
}
