import Adapter
import Kernels
import TestSupport
import Testing

private let fixtures = ["synthetic-4shot", "synthetic-16shot"]

private func percentPoints(_ a: Double, _ b: Double) -> Double { abs(a - b) }

@Test(arguments: fixtures) func zeroShotHasTheReferenceAccuracy(name: String) throws {
    let fixture = try ParityFixture(name)
    let classifier = try ZeroShot(.init(), task: fixture.task).initialClassifier()
    let found = accuracy(try unitLogits(classifier, fixture.test), labels: fixture.test.labels())
    #expect(found == fixture.expected.zero_shot.test_accuracy)
}

@Test(arguments: fixtures) func tipAdapterHasTheReferenceAccuracy(name: String) throws {
    let fixture = try ParityFixture(name)
    for point in fixture.expected.tip_adapter {
        var settings = TipAdapter.Settings()
        settings.alpha = point.alpha
        settings.beta = point.beta
        let classifier = try TipAdapter(settings, task: fixture.task).initialClassifier()
        #expect(
            accuracy(try unitLogits(classifier, fixture.test), labels: fixture.test.labels()) == point.test_accuracy)
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
    let method = try TipAdapterF(settings, task: fixture.task)
    let state = try replay(method, fixture)
    let expected = fixture.expected.tip_adapter_f
    let gap = largestGap(state.log.steps.map(\.loss), expected.losses)
    #expect(state.log.steps.count == expected.losses.count && gap < 1e-3, "gap \(gap)")
    #expect(abs(frobeniusNorm(state.parameters.keys) - (expected.keys_norm ?? 0)) < 1e-4)
    try expectFinalAccuracy(method.classifier(state.parameters), expected, fixture)
}

@Test(arguments: fixtures) func clusterAdapterHasTheReferenceLossTermByTerm(name: String) throws {
    let fixture = try ParityFixture(name)
    var settings = ClusterAdapter.Settings()
    settings.epochs = fixture.orders.count
    settings.dropout = 0
    let method = try ClusterAdapter(settings, task: fixture.task)
    let state = try replay(method, fixture)
    let expected = fixture.expected.cluster_adapter
    let gap = largestGap(state.log.steps.map(\.loss), expected.losses)
    #expect(state.log.steps.count == expected.losses.count && gap < 1e-3, "gap \(gap)")
    for (step, parts) in zip(state.log.steps, expected.parts ?? []) {
        let found = ["cross_entropy", "between_class", "within_class", "text"].map { step.parts[$0] ?? .nan }
        #expect(largestGap(found, parts) < 1e-3, "\(found) for \(parts)")
    }
    let norms = [
        "bias": state.parameters.bias, "weight": state.parameters.weight, "scale": state.parameters.scale,
        "text_bias": state.parameters.textBias,
    ]
    for (name, norm) in expected.norms ?? [:] {
        #expect(abs(frobeniusNorm(try #require(norms[name])) - norm) < 2e-3 * norm, "\(name)")
    }
    try expectFinalAccuracy(method.classifier(state.parameters), expected, fixture)
}

@Test(arguments: fixtures) func clipAdapterHasTheReferenceLossAtEachStep(name: String) throws {
    let fixture = try ParityFixture(name)
    var settings = CLIPAdapter.Settings()
    settings.optimizer = .sgd
    settings.lr = 1e-3
    settings.epochs = fixture.orders.count
    let method = try CLIPAdapter(settings, task: fixture.task)
    let start = CLIPAdapter.Parameters(imageDown: fixture.layers.down, imageUp: fixture.layers.up)
    let state = try replay(method, fixture, from: start)
    let expected = fixture.expected.clip_adapter
    let gap = largestGap(state.log.steps.map(\.loss), expected.losses)
    #expect(state.log.steps.count == expected.losses.count && gap < 1e-3, "gap \(gap)")
    try expectFinalAccuracy(method.classifier(state.parameters), expected, fixture)
}

private func replay<M: TrainedMethod>(
    _ method: M, _ fixture: ParityFixture, from start: M.Parameters? = nil
) throws -> TrainingState<M.Parameters> {
    let plan = TrainingPlan(seed: 1, choice: .last(watching: nil), orders: fixture.orders)
    return try method.train(on: #require(fixture.task.support), plan: plan, from: start.map { TrainingState($0) })
}

private func expectFinalAccuracy(
    _ classifier: Classifier, _ expected: ParityFixture.Expected.Training, _ fixture: ParityFixture
) throws {
    let found = accuracy(try unitLogits(classifier, fixture.test), labels: fixture.test.labels())
    let allowed = max(0.5, 100 / Double(fixture.test.count))
    #expect(percentPoints(found, expected.test_accuracy.last ?? .nan) <= allowed)
}

private func unitLogits(_ classifier: Classifier, _ part: FeaturesInMemory) throws -> Matrix {
    classifier.logits(normalizeRows(part.views[0]).unit)
}
