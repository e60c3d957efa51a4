internal import Adapter
internal import Artifacts
internal import FeatureStore
internal import Kernels

/// What came of fitting a method.
struct FittedRun: Sendable {
    var classifier: CacheClassifier
    /// The fitted tensors by name, where there are some beside the classifier's.
    var trained: [(name: String, matrix: Matrix)] = []
    var validationAccuracy: Double?
    /// The chosen epoch, counted from 1.
    var epoch: Int?
    /// Epochs trained.
    var epochs: Int?
    var log: TrainingLog?
    var scores: Scores?
    var classScores: ClassScores?
}

extension Run {
    /// Fits the method, chooses as the protocol says, and reads the test part last.
    func fit(_ identity: Provenance) throws(Fault) -> FittedRun {
        var fitted = try method.fit(self, identity)
        if let test = opened.test {
            let (scores, classes) = try TestSet(test).classScores(fitted.classifier, classes: opened.folder.classes)
            (fitted.scores, fitted.classScores) = (scores, classes)
        }
        return fitted
    }

    fileprivate func plan(_ method: some TrainedMethod) throws(Fault) -> TrainingPlan {
        var plan = TrainingPlan(seed: seed, choice: try choice(method), orders: order?.epochs)
        plan.stepEnded = { [name, events = study.events] done, total in events.progress(name, done, total) }
        plan.shouldStop = study.events.shouldStop
        return plan
    }

    private func choice(_ method: some TrainedMethod) throws(Fault) -> EpochChoice {
        switch study.selection {
        case .fixed: return .last(watching: try validation())
        case .val: return .best(on: try requiredValidation())
        case .paper:
            let test = try opened.require(opened.test, .test, remedy: "the paper protocol chooses on it; use another")
            return .published(
                SelectionOnTest(forComparisonWithPublishedTables: try TestSet(test)),
                ofEquals: type(of: method).published == .bestEpochNoted ? .last : .first)
        }
    }

    /// Chooses α and β on validation, or only looks at it.
    fileprivate func search(_ fitted: inout FittedRun, _ space: SearchSpace?) throws(Fault) {
        guard let space, searchKind != "none" else {
            fitted.validationAccuracy = try validation()?.score(fitted.classifier).accuracy
            return
        }
        let validation = try requiredValidation()
        let found =
            searchKind == "grid"
            ? try validation.searchGrid(fitted.classifier, space)
            : try validation.searchExactly(fitted.classifier, space)
        guard let found else { return }
        fitted.classifier.cache?.alpha = found.alpha
        fitted.classifier.cache?.beta = found.beta
        fitted.validationAccuracy = found.accuracy
    }

    /// The published maximum: the best test epoch at the training's α and β, if it beats the searched setting on test.
    fileprivate func takeBestTestEpoch<M: TrainedMethod>(
        _ fitted: inout FittedRun, _ best: TrainingState<M.Parameters>.Best, _ method: M
    ) throws(Fault) {
        guard let test = opened.test else { return }
        let selection = SelectionOnTest(forComparisonWithPublishedTables: try TestSet(test))
        guard best.accuracy > (try selection.accuracy(fitted.classifier)) else { return }
        fitted.classifier = method.classifier(best.parameters)
        fitted.trained = method.fittedTensors(best.parameters)
        fitted.epoch = best.epoch
    }

    private func validation() throws(Fault) -> Validation? {
        guard let val = opened.val else { return nil }
        return try Validation(val, rows: draw?.val)
    }

    private func requiredValidation() throws(Fault) -> Validation {
        try Validation(opened.require(opened.val, .val, remedy: Self.withoutValidation), rows: draw?.val)
    }
}

extension AdapterMethod {
    /// Fits the method and chooses as the run's protocol says.
    fileprivate static func fit(_ run: Run, _ identity: Provenance) throws(Fault) -> FittedRun {
        let settings = try Settings(overlaying: run.overlay, method: name)
        var support: Support?
        if let draw = run.draw {
            let train = try run.opened.require(run.opened.train, .train, remedy: "import a train part")
            support = try Support(train, rows: draw.train, classCount: run.opened.folder.classes.count)
        }
        let method = try Self(settings, task: FewShotTask(support: support, text: run.opened.text))
        if let trained = method as? any TrainedMethod, let support {
            return try trained.train(run, support, identity)
        }
        var fitted = FittedRun(classifier: method.initialClassifier())
        try run.search(&fitted, method.searchSpace)
        return fitted
    }
}

extension TrainedMethod {
    /// Trains, and chooses the epoch, α and β.
    fileprivate func train(_ run: Run, _ support: Support, _ identity: Provenance) throws(Fault) -> FittedRun {
        let checkpoint = Checkpoint<Parameters>(in: run.folder, identity: Digest(of: JSONDocument.line(identity)))
        let begun = checkpoint.read(like: initialParameters())
        if let begun { run.study.events.note("\(run.name): goes on after epoch \(begun.epoch)") }
        let state = try checkpoint.keeping { keep throws(Fault) in
            try train(on: support, plan: try run.plan(self), from: begun, epochEnded: keep)
        }
        let choosesLast =
            run.study.selection == .fixed || (run.study.selection == .paper && Self.published == .bestEpochNoted)
        let best = choosesLast ? nil : state.best
        let parameters = best?.parameters ?? state.parameters
        var fitted = FittedRun(
            classifier: classifier(parameters), trained: fittedTensors(parameters),
            epoch: best?.epoch ?? schedule.epochs, epochs: schedule.epochs, log: state.log)
        try run.search(&fitted, searchSpace)
        if run.study.selection == .paper, let noted = state.best {
            try run.takeBestTestEpoch(&fitted, noted, self)
        }
        return fitted
    }

    /// The fitted tensors of `parameters` by name.
    func fittedTensors(_ parameters: Parameters) -> [(name: String, matrix: Matrix)] {
        parameters.tensors().filter { $0.rate != nil }.map { ($0.name, parameters[keyPath: $0.path]) }
    }
}
