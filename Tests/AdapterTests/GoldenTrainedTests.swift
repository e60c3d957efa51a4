import Adapter
import Core
import Kernels
import TestSupport
import Testing

extension TrainedMethod {
    /// Compares a training with the numbers of a golden run.
    fileprivate func expectGolden(
        _ state: TrainingState<Parameters>, from initial: Parameters, _ fixture: GoldenFixture, _ expected: GoldenValue,
        logits tolerance: Float = 1e-4
    ) throws {
        let name = Self.name
        let losses = try expected["losses"].numbers()
        let found = state.log.steps.map(\.loss)
        try #require(losses.count == found.count)
        for (step, loss) in losses.enumerated() {
            #expect(
                abs(found[step] - loss) < 2e-5 * abs(loss) + 1e-6, "\(name) step \(step): \(found[step]) for \(loss)")
        }
        for tensor in state.parameters.tensors() where tensor.rate != nil {
            let value = state.parameters[keyPath: tensor.path]
            if let norms = try? expected["norms"], norms.names.contains(tensor.name) {
                let norm = try norms[tensor.name].number()
                #expect(abs(frobeniusNorm(value) - norm) < 2e-5 * norm, "\(name) \(tensor.name)")
            }
            if let ways = try? expected["moved"], ways.names.contains(tensor.name) {
                var way = value
                add(initial[keyPath: tensor.path], scale: -1, to: &way)
                let length = try ways[tensor.name].number()
                #expect(abs(frobeniusNorm(way) - length) < 2e-4 * length, "\(name) \(tensor.name)")
            }
        }
        let gap = largestDifference(fixture.testLogits(classifier(state.parameters)), try expected["logits"].matrix())
        #expect(gap < tolerance, "\(name) logits: \(gap)")
    }

    /// Compares a training from the method's own start with the golden run of the fixture of its name.
    fileprivate static func expectGolden(_ settings: [String: SettingValue], logits tolerance: Float = 1e-4) throws {
        let fixture = try GoldenFixture(name)
        let method = try fixture.method(Self.self, settings)
        let state = try fixture.trained(method)
        try method.expectGolden(
            state, from: method.initialParameters(seed: 1), fixture, fixture.expected, logits: tolerance)
    }
}

/// Twelve epochs in batches of eight.
private let brief: [String: SettingValue] = ["epochs": 12, "batch_size": 8]

@Test func methodsThatStartAtTheTextsAreTheGoldenOnes() throws {
    try TaskRes.expectGolden(brief)
    try ZSLP.expectGolden(brief, logits: 2e-4)
    try CLAP.expectGolden(brief, logits: 2e-4)
}

@Test func thePenaltyOfClapIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("clap")
    let method = try fixture.method(CLAP.self, brief)
    let expected = try fixture.expected["lambda"].numbers()
    #expect(zip(try #require(method.multipliers), expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    let state = try fixture.trained(method)
    for (step, penalty) in zip(state.log.steps, try fixture.expected["parts"]["penalty"].numbers()) {
        #expect(abs((step.parts["penalty"] ?? .nan) - penalty) < 2e-5 * penalty + 1e-6)
    }
}

@Test(arguments: CLIPAdapter.Branch.allCases) func clipAdapterIsTheGoldenOne(branch: CLIPAdapter.Branch) throws {
    let fixture = try GoldenFixture("clip-adapter")
    let method = try fixture.method(
        CLIPAdapter.self,
        brief.merging(["branch": .text(branch.rawValue), "optimizer": .text("sgd"), "lr": 1e-3]) { $1 })
    var start = method.initialParameters(seed: 1)
    for tensor in start.tensors() {
        start[keyPath: tensor.path] = try fixture.expected["initial"][tensor.name].matrix()
    }
    #expect(start.tensors().count == (branch == .both ? 4 : 2))
    let state = try fixture.trained(method, from: start)
    try method.expectGolden(state, from: start, fixture, fixture.expected[branch.rawValue])
}

@Test(arguments: ["accumulated", "fresh"]) func lpPlusPlusIsTheGoldenOne(gradients: String) throws {
    let fixture = try GoldenFixture("lp-plus-plus")
    let expected = try fixture.expected[gradients]
    let method = try fixture.method(
        LPPlusPlus.self, ["epochs": 60, "accumulate": .switched(gradients == "accumulated")])
    #expect(abs(Double(method.schedule.learningRate) / (try expected["learning_rate"].number()) - 1) < 1e-5)
    let start = method.initialParameters(seed: 1)
    #expect(abs(Double(start.alphas[0, 0]) - (try expected["initial_alpha"].number())) < 1e-4)

    // Sixty iterations over one batch in any order; every tenth moves α.
    let orders = [[Int]](repeating: Array(0 ..< fixture.train.count), count: 60)
    let plan = TrainingPlan(seed: 1, choice: .last(watching: nil), orders: orders)
    var alphas: [Matrix] = []
    let state = try method.train(
        on: #require(fixture.task.support), plan: plan, from: TrainingState(start)
    ) { state throws(Fault) in
        if state.epoch % 10 == 0 { alphas.append(state.parameters.alphas) }
    }
    try method.expectGolden(state, from: start, fixture, expected)
    let gap = largestDifference(.stacked(alphas), try expected["alphas"].matrix())
    #expect(gap < 1e-3, "\(gap)")
}

@Test func crossModalIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("cross-modal")
    // Three steps per epoch, twenty epochs; half of a batch are prompts.
    let method = try fixture.method(CrossModal.self, ["iterations": 60, "batch_size": 16])
    #expect(method.schedule.epochs == 20)
    let prompts = try fixture.expected["text_batches"].list().flatMap { try $0.numbers() }
    var start = method.initialParameters(seed: 1)
    start.textOrder = Matrix(row: prompts.map { Float($0) })
    let state = try fixture.trained(method, from: start)
    try method.expectGolden(state, from: start, fixture, fixture.expected, logits: 2e-4)
}

@Test func promptsComeInPassesOverAllOfThem() throws {
    let fixture = try GoldenFixture("cross-modal")
    let method = try fixture.method(CrossModal.self, ["iterations": 45, "batch_size": 8])
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
    let method = try fixture.method(GraphAdapter.self, brief)
    var start = method.initialParameters(seed: 1)
    start.textWeight = try fixture.expected["initial"]["text_weight"].matrix()
    start.imageWeight = try fixture.expected["initial"]["image_weight"].matrix()
    let state = try fixture.trained(method, from: start)
    try method.expectGolden(state, from: start, fixture, fixture.expected)
}

@Test func upAdapterIsTheGoldenOne() throws {
    let fixture = try GoldenFixture("up-adapter")
    let method = try fixture.method(UPAdapter.self, brief.merging(["shots": 3, "alpha": 2, "beta": 2]) { $1 })
    let items = try #require(method.trainingItems)
    #expect(items.rows == (try fixture.expected["chosen_items"].integers()))
    #expect(items.labels == (try fixture.expected["pseudo_labels"].integers()))
    let orders = try fixture.expected["orders"].list().map { try $0.integers() }
    let start = method.initialParameters(seed: 1)
    let state = try fixture.trained(method, from: start, orders: orders)
    try method.expectGolden(state, from: start, fixture, fixture.expected)
}

@Test func pseudoTipIsTipAdapterOfPseudoLabeledItems() throws {
    let fixture = try GoldenFixture("up-adapter")
    let classifier = try fixture.method(PseudoTip.self, ["shots": 3]).initialClassifier()
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
    let method = try fixture.method(
        ClusterAdapter.self, ["prototypes": .number(Double(count)), "epochs": 3, "batch_size": 8])
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
            let mean = normalizeRows(Matrix(row: columnSums(all))).unit
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
    #expect(ClusterAdapter.published(for: "cars-rn50", shots: 16)["alpha"] == 6.5)
    #expect(ClusterAdapter.published(for: "Caltech-101", shots: 16)["alpha"] == 6.6)
    #expect(TaskRes.published(for: "flowers102", shots: 4) == ["alpha": 1, "lr": 2e-3, "epochs": 100])
    #expect(TaskRes.published(for: "ImageNet", shots: nil) == ["alpha": 0.5, "lr": 2e-4, "epochs": 200])
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
    func trained(_ prompts: Matrix, _ length: Double) throws -> Matrix {
        let text = ClassText(features: prompts, classCount: fixture.text.classCount, templateCount: 2)
        let task = try FewShotTask(support: fixture.task.support, text: text)
        let settings: [String: SettingValue] = ["text_length": .number(length), "epochs": 4, "batch_size": 8]
        let method = try ZSLP(.init(overlaying: settings, method: ZSLP.name), task: task)
        return fixture.testLogits(method.classifier(try fixture.trained(method).parameters))
    }
    let unit = fixture.text.prompts
    var long = unit
    scale(&long, by: 10)
    #expect(largestDifference(try trained(unit, 10), try trained(long, 3)) < 1e-3)
    #expect(largestDifference(try trained(unit, 1), try trained(long, 3)) > 1)
}
