import Adapter
import Kernels
import TestSupport
import Testing

private let fixtures = ["synthetic-4shot", "synthetic-16shot"]

@Test(arguments: fixtures) func zeroShotHasTheReferenceAccuracy(name: String) throws {
    let fixture = try ParityFixture(name)
    let classifier = try ZeroShot(.init(), task: fixture.task).initialClassifier()
    #expect(fixture.testAccuracy(classifier) == fixture.expected.zero_shot.test_accuracy)
}

@Test(arguments: fixtures) func tipAdapterHasTheReferenceAccuracy(name: String) throws {
    let fixture = try ParityFixture(name)
    for point in fixture.expected.tip_adapter {
        var settings = TipAdapter.Settings()
        settings.alpha = point.alpha
        settings.beta = point.beta
        let classifier = try TipAdapter(settings, task: fixture.task).initialClassifier()
        #expect(fixture.testAccuracy(classifier) == point.test_accuracy)
    }
}

@Test(arguments: fixtures) func theGridFindsThePublishedPairAndTheExactSearchIsNoWorse(name: String) throws {
    let fixture = try ParityFixture(name)
    let expected = fixture.expected.tip_search
    let classifier = try TipAdapter(.init(), task: fixture.task).initialClassifier()
    let space = try SearchSpace(
        scale: .init(beta: expected.scale[0], alpha: expected.scale[1]),
        steps: .init(beta: expected.steps[0], alpha: expected.steps[1]))
    let validation = try Validation(fixture.validation)
    let grid = try validation.search(classifier, space, by: .grid)
    let cache = try #require(grid.classifier[CacheTerm.self])
    #expect(abs(grid.accuracy - expected.val_accuracy) < 1e-9)
    #expect(abs(cache.beta - expected.beta) < 1e-6 && abs(cache.alpha - expected.alpha) < 1e-6)
    let exact = try validation.search(classifier, space, by: .exact)
    #expect(exact.accuracy >= grid.accuracy)
    #expect(abs(try validation.score(exact.classifier).accuracy - exact.accuracy) < 1e-9)
}

@Test(arguments: fixtures) func textSlotsEqualTheReference(name: String) throws {
    let fixture = try ParityFixture(name)
    let slots = fixture.text.slots()
    for (index, slot) in slots.enumerated() {
        let expected = fixture.slots.rows(index * slot.rows ..< (index + 1) * slot.rows)
        #expect(zip(slot.elements, expected.elements).allSatisfy { abs($0 - $1) < 1e-6 })
    }
}

@Test(arguments: fixtures) func tipAdapterFHasTheReferenceLossAtEachStep(name: String) throws {
    let fixture = try ParityFixture(name)
    var settings = TipAdapterF.Settings()
    settings.epochs = fixture.orders.count
    let expected = fixture.expected.tip_adapter_f
    let state = try fixture.replay(TipAdapterF(settings, task: fixture.task), expected)
    #expect(abs(frobeniusNorm(state.parameters.keys) - (expected.keys_norm ?? 0)) < 1e-4)
}

@Test(arguments: fixtures) func clusterAdapterHasTheReferenceLossTermByTerm(name: String) throws {
    let fixture = try ParityFixture(name)
    var settings = ClusterAdapter.Settings()
    settings.epochs = fixture.orders.count
    settings.dropout = 0
    let expected = fixture.expected.cluster_adapter
    let state = try fixture.replay(ClusterAdapter(settings, task: fixture.task), expected)
    for (step, parts) in zip(state.log.steps, expected.parts ?? []) {
        let found = ["cross_entropy", "between_class", "within_class", "text"].map { step.parts[$0] ?? .nan }
        #expect(largestGap(found, parts) < 1e-3, "\(found) for \(parts)")
    }
    for tensor in state.parameters.tensors() {
        guard let norm = expected.norms?[tensor.name] else { continue }
        #expect(abs(frobeniusNorm(state.parameters[keyPath: tensor.path]) - norm) < 2e-3 * norm, "\(tensor.name)")
    }
}

@Test(arguments: fixtures) func clipAdapterHasTheReferenceLossAtEachStep(name: String) throws {
    let fixture = try ParityFixture(name)
    var settings = CLIPAdapter.Settings()
    settings.optimizer = .sgd
    settings.lr = 1e-3
    settings.epochs = fixture.orders.count
    let method = try CLIPAdapter(settings, task: fixture.task)
    var start = method.initialParameters(seed: 1)
    start.imageDown = fixture.layers.down
    start.imageUp = fixture.layers.up
    _ = try fixture.replay(method, fixture.expected.clip_adapter, from: start)
}

extension ParityFixture {
    fileprivate func testAccuracy(_ classifier: Classifier) -> Double {
        accuracy(classifier.logits(normalizeRows(test.views[0]).unit), labels: test.labels())
    }

    /// Trains in the reference's order, and compares the losses and the final accuracy with the reference's.
    fileprivate func replay<M: TrainedMethod>(
        _ method: M, _ expected: Expected.Training, from start: M.Parameters? = nil
    ) throws -> TrainingState<M.Parameters> {
        let plan = TrainingPlan(seed: 1, choice: .last(watching: nil), orders: orders)
        let state = try method.train(on: #require(task.support), plan: plan, from: start.map { TrainingState($0) })
        let gap = largestGap(state.log.steps.map(\.loss), expected.losses)
        #expect(state.log.steps.count == expected.losses.count && gap < 1e-3, "gap \(gap)")
        let found = testAccuracy(method.classifier(state.parameters))
        let allowed = max(0.5, 100 / Double(test.count))
        #expect(abs(found - (expected.test_accuracy.last ?? .nan)) <= allowed)
        return state
    }
}
