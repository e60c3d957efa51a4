import Adapter
import Core
import Kernels
import TestSupport
import Testing

/// The learning rate of each epoch of a training with the given settings, on random batches.
private func rates<M: TrainedMethod>(_ method: M.Type, _ settings: [String: SettingValue]) throws -> [Double] {
    let fixture = try GoldenFixture("zero-shot")
    let support = try #require(fixture.task.support)
    let trained = try fixture.method(method, settings)
        .train(on: support, plan: TrainingPlan(seed: 1, choice: .last(watching: nil)))
    // One rate for all steps of an epoch.
    let byEpoch = Dictionary(grouping: trained.log.steps, by: \.epoch).mapValues { Set($0.map(\.learning_rate)) }
    return try byEpoch.sorted { $0.key < $1.key }.map { epoch, rates in
        try #require(rates.count == 1, "epoch \(epoch)")
        return rates.first ?? .nan
    }
}

@Test func thePublishedTrainingOfClipAdapterFollowsDasslsSchedule() throws {
    let expected = try GoldenFixture("schedules").expected["clip-adapter"]
    let published = CLIPAdapter.publishedDefaults
    #expect(published["epochs"]?.description == (try expected["epochs"].integers()[0].description))
    #expect(published["batch_size"]?.description == (try expected["batch_size"].integers()[0].description))
    #expect(largestGap(try rates(CLIPAdapter.self, published), try expected["rates"].numbers()) < 1e-6)
}

@Test func graphAdapterFollowsThePublishedScheduleByDefault() throws {
    let expected = try GoldenFixture("schedules").expected["graph-adapter"]
    let defaults = GraphAdapter.Settings()
    #expect([defaults.epochs] == (try expected["epochs"].integers()))
    #expect([defaults.batch_size] == (try expected["batch_size"].integers()))
    #expect(largestGap(try rates(GraphAdapter.self, [:]), try expected["rates"].numbers()) < 1e-6)
    // Another schedule is a setting.
    let constant = try rates(GraphAdapter.self, ["lr_schedule": .text("constant"), "epochs": 3])
    #expect(constant.allSatisfy { abs($0 - 1e-3) < 1e-9 })
}

@Test func thePublishedTrainingOfClipAdapterIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("clip-adapter")
    let brief: [String: SettingValue] = ["epochs": 12, "batch_size": 8]
    let method = try fixture.method(CLIPAdapter.self, CLIPAdapter.publishedDefaults.merging(brief) { $1 })
    var start = method.initialParameters(seed: 1)
    for tensor in start.tensors() {
        start[keyPath: tensor.path] = try fixture.expected["initial"][tensor.name].matrix()
    }
    let state = try fixture.trained(method, from: start)
    let expected = try fixture.expected["published"]
    let losses = try expected["losses"].numbers()
    #expect(losses.count == state.log.steps.count)
    for (step, loss) in zip(state.log.steps, losses) { #expect(abs(step.loss - loss) < 2e-5 * abs(loss) + 1e-6) }
    let logits = fixture.testLogits(method.classifier(state.parameters))
    #expect(largestDifference(logits, try expected["logits"].matrix()) < 1e-4)
}

@Test func thePublishedGridOfCrossModalHasTheOrderOfItsLoops() throws {
    let expected = try GoldenFixture("schedules").expected["cross-modal"]["grid"].list().map { try $0.numbers() }
    func grid(images: Int, prompts: Int) -> [[Double]] {
        CrossModal.publishedGrid(images: images, prompts: prompts).map { point in
            ["lr", "weight_decay", "batch_size"].compactMap { point[$0].flatMap { Double($0.description) } }
        }
    }
    #expect(grid(images: 17, prompts: 17) == expected)
    // As in `get_valid_batch_sizes`, a batch that takes all images or all prompts is none of the grid.
    let small = expected.filter { $0[2] == 8 }
    #expect(grid(images: 16, prompts: 100) == small && grid(images: 100, prompts: 16) == small)
    #expect(grid(images: 1, prompts: 1) == small)
}

/// The epochs, counted from 1, with the best of some accuracies.
private func bestEpochs(_ accuracies: [Double]) -> [Int] {
    accuracies.indices.filter { accuracies[$0] == accuracies.max() }.map { $0 + 1 }
}

@Test func equalEpochsFollowTheTieRule() throws {
    let fixture = try GoldenFixture("task-res")
    let method = try fixture.method(TaskRes.self, ["epochs": 12, "batch_size": 8])
    func chosen(_ tie: TieRule) throws -> TrainingState<TaskRes.Parameters> {
        let choice = EpochChoice.best(on: try Validation(fixture.validation), ofEquals: tie)
        return try method.train(on: #require(fixture.task.support), plan: TrainingPlan(seed: 1, choice: choice))
    }
    let last = try chosen(.last)
    let best = bestEpochs(last.log.epochs.compactMap(\.val_accuracy))
    try #require(best.count > 1, "no tie")
    #expect(last.best?.epoch == best.last)
    #expect(try chosen(.first).best?.epoch == best.first)
    // Of equals, no other has a lesser loss.
    let least = try #require(try chosen(.leastLoss).best)
    #expect(best.contains(least.epoch))
    #expect(try [TieRule.first, .last].allSatisfy { least.loss <= (try chosen($0).best?.loss ?? -1) })
}

@Test func publishedTieRulesAreThoseOfTheCode() {
    let rules: [String: PublishedChoice] = [
        "ape-t": .bestValidationEpoch(ofEquals: .first), "cross-modal": .bestValidationEpoch(ofEquals: .first),
        "lp-plus-plus": .bestValidationEpoch(ofEquals: .last), "tip-adapter-f": .bestEpochReloaded,
        "cluster-adapter": .bestEpochNoted,
    ]
    for method in methods {
        let last: [PublishedChoice?] = [nil, .lastEpoch, .lastEpochByDesign]
        #expect(rules[method.name].map { method.publishedEpoch == $0 } ?? last.contains(method.publishedEpoch))
    }
}

/// The test subset in the place of validation gives what the same items as validation give.
@Test(arguments: methods.filter { $0.isSearched }.map { $0.name })
func aSearchOnTestIsTheSearchOnThoseItems(name: String) throws {
    let fixture = try GoldenFixture("zero-shot")
    let items = fixture.test
    let asValidation = FeaturesInMemory(.val, views: items.views, labels: items.labels())
    let test = Validation(SelectionOnTest(forComparisonWithPublishedTables: try TestSet(items)))
    #expect(test.isTest)
    func search<M: AdapterMethod>(_ method: M.Type, _ validation: Validation) throws -> SearchResult {
        let method = try fixture.method(method)
        return try method.search(method.initialClassifier(), on: validation, by: .grid)
    }
    let method = try #require(methods.first { $0.name == name })
    let found = try [test, Validation(asValidation)].map { try search(method, $0) }
    #expect(found[0].chosen == found[1].chosen && found[0].accuracy == found[1].accuracy)
    #expect(!found[0].chosen.isEmpty)
}

@Test func someOfTheTestItemsAreChosenByTheirRows() throws {
    let fixture = try GoldenFixture("zero-shot")
    let rows = [3, 0, 17, 20]
    let test = try TestSet(fixture.test)
    let some = Validation(SelectionOnTest(forComparisonWithPublishedTables: test, rows: rows))
    let labels = fixture.test.labels()
    let alone = FeaturesInMemory(
        .val, views: fixture.test.views.map { $0.rows(at: rows) }, labels: rows.map { labels[$0] })
    let classifier = try fixture.method(ZeroShot.self).initialClassifier()
    #expect(some.count == 4)
    #expect(try some.score(classifier) == Validation(alone).score(classifier))
}
