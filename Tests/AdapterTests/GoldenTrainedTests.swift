import Adapter
import Core
import Kernels
import TestSupport
import Testing

/// Compares a training with the numbers of a golden run.
private func expectGolden<M: TrainedMethod>(
    _ method: M, _ state: TrainingState<M.Parameters>, from initial: M.Parameters, _ fixture: GoldenFixture,
    _ expected: GoldenValue, logits tolerance: Float = 1e-4
) throws {
    let losses = try expected["losses"].numbers()
    let found = state.log.steps.map(\.loss)
    try #require(losses.count == found.count)
    for (step, loss) in losses.enumerated() {
        #expect(abs(found[step] - loss) < 2e-5 * abs(loss) + 1e-6, "\(M.name) step \(step): \(found[step]) for \(loss)")
    }
    for tensor in state.parameters.tensors() where tensor.rate != nil {
        let value = state.parameters[keyPath: tensor.path]
        if let norms = try? expected["norms"], norms.names.contains(tensor.name) {
            let norm = try norms[tensor.name].number()
            #expect(abs(frobeniusNorm(value) - norm) < 2e-5 * norm, "\(M.name) \(tensor.name)")
        }
        if let ways = try? expected["moved"], ways.names.contains(tensor.name) {
            var way = value
            add(initial[keyPath: tensor.path], scale: -1, to: &way)
            let length = try ways[tensor.name].number()
            #expect(abs(frobeniusNorm(way) - length) < 2e-4 * length, "\(M.name) \(tensor.name)")
        }
    }
    let gap = largestDifference(
        fixture.testLogits(method.classifier(state.parameters)), try expected["logits"].matrix())
    #expect(gap < tolerance, "\(M.name) logits: \(gap)")
}

/// Compares a training from the method's own start with a golden run.
private func expectGolden<M: TrainedMethod>(
    _ method: M, _ fixture: GoldenFixture, logits tolerance: Float = 1e-4
) throws {
    let start = method.initialParameters(seed: 1)
    try expectGolden(
        method, try fixture.trained(method, from: start), from: start, fixture, fixture.expected, logits: tolerance)
}

@Test(arguments: CLIPAdapter.Branch.allCases) func clipAdapterIsTheGoldenOne(branch: CLIPAdapter.Branch) throws {
    let fixture = try GoldenFixture("clip-adapter")
    var settings = CLIPAdapter.Settings()
    settings.branch = branch
    settings.optimizer = .sgd
    settings.lr = 1e-3
    settings.epochs = 12
    settings.batch_size = 8
    let method = try CLIPAdapter(settings, task: fixture.task)
    func layer(_ name: String) throws -> Matrix { try fixture.expected["initial"][name].matrix() }
    var start = CLIPAdapter.Parameters()
    if branch != .text {
        start.imageDown = try layer("image_down")
        start.imageUp = try layer("image_up")
    }
    if branch != .image {
        start.textDown = try layer("text_down")
        start.textUp = try layer("text_up")
    }
    let state = try fixture.trained(method, from: start)
    try expectGolden(method, state, from: start, fixture, fixture.expected[branch.rawValue])
    #expect(Set(start.tensors().map(\.name)) == Set(method.initialParameters(seed: 1).tensors().map(\.name)))
}

@Test func taskResIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("task-res")
    var settings = TaskRes.Settings()
    settings.epochs = 12
    settings.batch_size = 8
    try expectGolden(try TaskRes(settings, task: fixture.task), fixture)
}

@Test func clapIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("clap")
    var settings = CLAP.Settings()
    settings.epochs = 12
    settings.batch_size = 8
    let method = try CLAP(settings, task: fixture.task)
    let expected = try fixture.expected["lambda"].numbers()
    #expect(zip(try #require(method.multipliers), expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    try expectGolden(method, fixture, logits: 2e-4)
    let state = try fixture.trained(method)
    let penalties = try fixture.expected["parts"]["penalty"].numbers()
    for (step, penalty) in zip(state.log.steps, penalties) {
        #expect(abs((step.parts["penalty"] ?? .nan) - penalty) < 2e-5 * penalty + 1e-6)
    }
}

@Test func zeroShotLinearProbeIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("zs-lp")
    var settings = ZSLP.Settings()
    settings.epochs = 12
    settings.batch_size = 8
    try expectGolden(try ZSLP(settings, task: fixture.task), fixture, logits: 2e-4)
}

@Test(arguments: ["accumulated", "fresh"]) func lpPlusPlusIsTheGoldenOne(gradients: String) throws {
    let fixture = try GoldenFixture("lp-plus-plus")
    let expected = try fixture.expected[gradients]
    var settings = LPPlusPlus.Settings()
    settings.epochs = 60
    settings.accumulate = gradients == "accumulated"
    let method = try LPPlusPlus(settings, task: fixture.task)
    #expect(abs(Double(method.schedule.learningRate) / (try expected["learning_rate"].number()) - 1) < 1e-5)
    let start = method.initialParameters(seed: 1)
    #expect(abs(Double(start.alphas[0, 0]) - (try expected["initial_alpha"].number())) < 1e-4)

    // Sixty iterations over one batch in any order; every tenth moves α.
    let orders = [[Int]](repeating: Array(0 ..< fixture.train.count), count: 60)
    let plan = TrainingPlan(seed: 1, choice: .last(watching: nil), orders: orders)
    var alphas: [[Float]] = []
    let state = try method.train(
        on: #require(fixture.task.support), plan: plan, from: TrainingState(start)
    ) { state throws(Fault) in
        if state.epoch % 10 == 0 { alphas.append(state.parameters.alphas.elements) }
    }
    try expectGolden(method, state, from: start, fixture, expected)
    let gap = largestDifference(
        Matrix.stacked(alphas.map { Matrix($0, rows: 1, columns: $0.count) }), try expected["alphas"].matrix())
    #expect(gap < 1e-3, "\(gap)")
}

@Test func crossModalIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("cross-modal")
    var settings = CrossModal.Settings()
    // Three steps per epoch, twenty epochs; half of a batch are prompts.
    settings.iterations = 60
    settings.batch_size = 16
    let method = try CrossModal(settings, task: fixture.task)
    #expect(method.schedule.epochs == 20)
    let prompts = try fixture.expected["text_batches"].list().flatMap { try $0.integers() }
    let start = CrossModal.Parameters(weight: fixture.text.classifier, textOrder: prompts)
    let state = try fixture.trained(method, from: start)
    try expectGolden(method, state, from: start, fixture, fixture.expected, logits: 2e-4)
}

@Test func promptsComeInPassesOverAllOfThem() throws {
    let fixture = try GoldenFixture("cross-modal")
    var settings = CrossModal.Settings()
    settings.iterations = 45
    settings.batch_size = 8
    let method = try CrossModal(settings, task: fixture.task)
    let start = method.initialParameters(seed: 1)
    let rows = fixture.text.prompts.rows
    #expect(start.textOrder.elements.map { Int($0) }.sorted() == Array(0 ..< rows))
    // Four prompts per step: 180 prompts are six complete passes over 30.
    let state = try fixture.trained(method, from: start, orders: Array(fixture.orders.prefix(9)))
    #expect(state.step == 45 && Int(state.parameters.textPlace[0, 0]) == rows)
    #expect(state.parameters.textOrder.elements.map { Int($0) }.sorted() == Array(0 ..< rows))
    #expect(state.parameters.textOrder != start.textOrder)
}

@Test func graphAdapterIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("graph-adapter")
    var settings = GraphAdapter.Settings()
    settings.epochs = 10
    settings.batch_size = 8
    let method = try GraphAdapter(settings, task: fixture.task)
    let start = GraphAdapter.Parameters(
        textWeight: try fixture.expected["initial"]["text_weight"].matrix(),
        imageWeight: try fixture.expected["initial"]["image_weight"].matrix(), classCount: fixture.text.classCount)
    let state = try fixture.trained(method, from: start)
    try expectGolden(method, state, from: start, fixture, fixture.expected)
}

@Test func upAdapterIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("up-adapter")
    var settings = UPAdapter.Settings()
    settings.shots = 3
    settings.alpha = 2
    settings.beta = 2
    settings.epochs = 12
    settings.batch_size = 8
    let method = try UPAdapter(settings, task: fixture.task)
    let items = try #require(method.trainingItems)
    #expect(items.rows == (try fixture.expected["chosen_items"].integers()))
    #expect(items.labels == (try fixture.expected["pseudo_labels"].integers()))
    let orders = try fixture.expected["orders"].list().map { try $0.integers() }
    let start = method.initialParameters(seed: 1)
    let state = try fixture.trained(method, from: start, orders: orders)
    try expectGolden(method, state, from: start, fixture, fixture.expected)
}

@Test func pseudoTipIsTipAdapterOfPseudoLabeledItems() throws {
    let fixture = try GoldenFixture("up-adapter")
    var settings = PseudoTip.Settings()
    settings.shots = 3
    let classifier = try PseudoTip(settings, task: fixture.task).initialClassifier()
    let rows = try fixture.expected["chosen_items"].integers()
    let labels = try fixture.expected["pseudo_labels"].integers()
    // The same items with the pseudo-labels as labels.
    let labelled = FeaturesInMemory(.train, views: fixture.train.views.map { $0.rows(at: rows) }, labels: labels)
    let task = try FewShotTask(support: Support(labelled, classCount: fixture.text.classCount), text: fixture.text)
    let tip = try TipAdapter(.init(), task: task).initialClassifier()
    #expect(largestDifference(fixture.testLogits(classifier), fixture.testLogits(tip)) < 1e-5)
}

@Test func methodsWithoutLabelsNeverReadOne() throws {
    let fixture = try GoldenFixture("up-adapter")
    let shuffled = FeaturesInMemory(.train, views: fixture.train.views, labels: fixture.train.labels().reversed())
    func logits(_ train: FeaturesInMemory, _ make: (FewShotTask) throws -> Classifier) throws -> Matrix {
        fixture.testLogits(try make(FewShotTask(support: nil, unlabelled: Unlabelled(train), text: fixture.text)))
    }
    for make in [
        { try UPAdapter(.init(), task: $0).initialClassifier() },
        { try PseudoTip(.init(), task: $0).initialClassifier() },
    ] as [(FewShotTask) throws -> Classifier] {
        #expect(try logits(fixture.train, make) == logits(shuffled, make))
    }
}

@Test(arguments: [1, 2, 5, 40]) func prototypesAreAsManyAsAskedForOrAsThereAreViews(count: Int) throws {
    let fixture = try GoldenFixture("zero-shot")
    var settings = ClusterAdapter.Settings()
    settings.prototypes = count
    settings.epochs = 3
    settings.batch_size = 8
    let method = try ClusterAdapter(settings, task: fixture.task)
    // Four items per class, each with three augmented views.
    let start = try #require(method.initialClassifier()[CacheTerm.self])
    let each = min(count, 12)
    #expect(start.keyLabels == KeyLabels((0 ..< 5 * each).map { $0 / each }, classCount: 5))
    #expect(normalizeRows(start.keys).norms.allSatisfy { abs($0 - 1) < 1e-5 })
    if count == 1 {
        // The center of all unit views of a class.
        let views = fixture.train.views.dropFirst().map { normalizeRows($0).unit }
        for c in 0 ..< 5 {
            let rows = fixture.train.labels().indices.filter { fixture.train.labels()[$0] == c }
            let all = Matrix.stacked(views.map { $0.rows(at: rows) })
            let mean = normalizeRows(Matrix(columnSums(all), rows: 1, columns: all.columns)).unit
            #expect(largestDifference(mean, start.keys.rows(c ..< c + 1)) < 1e-5)
        }
    }
    let state = try fixture.trained(method, orders: Array(fixture.orders.prefix(3)))
    let trained = try #require(method.classifier(state.parameters)[CacheTerm.self])
    #expect(trained.keys != start.keys && trained.keys.elements.allSatisfy { $0.isFinite })
}

@Test func proposalsAreSettingsThatTheMethodsTake() throws {
    func check<M: AdapterMethod>(_ method: M.Type) throws {
        for proposal in M.proposals(for: M.Settings(), shots: 4) {
            _ = try M.Settings(overlaying: proposal, method: M.name)
        }
        for benchmark in Benchmark.all {
            for shots in [1, 4, 16, nil] {
                _ = try M.Settings(overlaying: M.published(for: benchmark.name, shots: shots), method: M.name)
            }
        }
    }
    for method in methods { try check(method) }
    #expect(ClusterAdapter.published(for: "cars-rn50", shots: 16)["alpha"] == .number(6.5))
    #expect(ClusterAdapter.published(for: "Caltech-101", shots: 16)["alpha"] == .number(6.6))
    #expect(
        TaskRes.published(for: "flowers102", shots: 4) == [
            "alpha": .number(1), "lr": .number(2e-3), "epochs": .number(100),
        ])
    #expect(
        TaskRes.published(for: "ImageNet", shots: nil) == [
            "alpha": .number(0.5), "lr": .number(2e-4), "epochs": .number(200),
        ])
    // The epochs of TaskRes follow the shots on every data set.
    for name in ["imagenet_a", "WHU-RS19"] {
        #expect(TaskRes.published(for: name, shots: 8) == ["epochs": 200])
        #expect(Ape.published(for: name, shots: 8).isEmpty)
    }
    #expect(CrossModal.proposals(for: .init(), shots: 1).count == 12)
    #expect(ClusterAdapter.proposals(for: .init(), shots: 1).count == 8)
}

/// Imported features are often unit rows; methods that read lengths then take one from a setting.
@Test func textsGivenAsUnitRowsHaveTheLengthOfTheSetting() throws {
    let fixture = try GoldenFixture("task-res")
    func trained(_ prompts: Matrix, _ length: Float) throws -> Matrix {
        let text = ClassText(features: prompts, classCount: fixture.text.classCount, templateCount: 2)
        let task = try FewShotTask(support: fixture.task.support, text: text)
        var settings = ZSLP.Settings()
        settings.text_length = length
        settings.epochs = 4
        settings.batch_size = 8
        let method = try ZSLP(settings, task: task)
        return fixture.testLogits(method.classifier(try fixture.trained(method).parameters))
    }
    let unit = fixture.text.prompts
    var long = unit
    scale(&long, by: 10)
    #expect(largestDifference(try trained(unit, 10), try trained(long, 3)) < 1e-3)
    #expect(largestDifference(try trained(unit, 1), try trained(long, 3)) > 1)
}
