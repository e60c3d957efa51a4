import Adapter
import Core
import Kernels
import Synchronization
import TestSupport
import Testing

/// Small random features: items of three classes in turn, several views, and texts.
private struct Sample {
    var views: [Matrix]
    var labels: [Int]
    var prompts: Matrix

    init(items: Int = 9, width: Int = 12, viewCount: Int = 3) {
        var generator = SeededGenerator(seed: 7)
        views = (0 ..< viewCount).map { _ in randomMatrix(items, width, mean: 0.3, using: &generator) }
        labels = (0 ..< items).map { $0 % 3 }
        prompts = randomMatrix(3 * 4, width, mean: 0.3, using: &generator)
    }

    var train: FeaturesInMemory { FeaturesInMemory(.train, views: views, labels: labels) }

    func task() throws -> FewShotTask {
        try FewShotTask(
            support: Support(train, classCount: 3), unlabelled: Unlabelled(train),
            text: ClassText(features: prompts, classCount: 3, templateCount: 2))
    }

    /// The same items in another order.
    func reordered(_ order: [Int]) -> Sample {
        var copy = self
        copy.views = views.map { $0.rows(at: order) }
        copy.labels = order.map { labels[$0] }
        return copy
    }

    /// The same task with class c renumbered to `newLabels[c]`.
    func renumbered(_ newLabels: [Int]) -> Sample {
        var copy = self
        copy.labels = labels.map { newLabels[$0] }
        let sources = newLabels.indices.compactMap { newLabels.firstIndex(of: $0) }
        copy.prompts = prompts.rows(at: sources.flatMap { c in (0 ..< 4).map { 4 * c + $0 } })
        return copy
    }

    static let queries: Matrix = {
        var generator = SeededGenerator(seed: 9)
        return randomUnitRows(5, 12, mean: 0.2, using: &generator)
    }()
}

extension AdapterMethod {
    /// The method with default settings, except those of `overlay` that it has.
    fileprivate static func made(_ sample: Sample, _ overlay: [String: SettingValue] = [:]) throws -> Self {
        let names = Set(Settings.names)
        let settings = try Settings(overlaying: overlay.filter { names.contains($0.key) }, method: name)
        return try Self(settings, task: sample.task())
    }

    fileprivate static func initial(_ sample: Sample) throws -> Classifier { try made(sample).initialClassifier() }

    fileprivate static func logits(_ sample: Sample) throws -> Matrix { try initial(sample).logits(Sample.queries) }

    fileprivate static func searched(
        _ sample: Sample, on validation: Validation, by kind: SearchKind
    ) throws -> SearchResult {
        let method = try made(sample)
        return try method.search(method.initialClassifier(), on: validation, by: kind)
    }

    fileprivate static func expectSettingsRoundTrip() throws {
        #expect(try Settings(overlaying: [:], method: name) == Settings())
        #expect(try Settings(overlaying: Settings().values, method: name) == Settings())
        let unknown = fault { _ = try Settings(overlaying: ["no_such_setting": 1], method: name) }
        #expect(unknown?.status == .configuration && unknown?.subject == "\(name).no_such_setting")
        for setting in Settings.names {
            let wrong = fault { _ = try Settings(overlaying: [setting: .text("no value")], method: name) }
            #expect(wrong?.status == .configuration && wrong?.subject.hasSuffix(setting) == true, "\(setting)")
        }
    }
}

private let names = methods.map { $0.name }
private let orderlessNames = methods.filter { !$0.traits.readsClassOrder }.map { $0.name }
private let trainedNames = methods.compactMap { $0 as? any TrainedMethod.Type }.map { $0.name }
/// The methods that are linear in the features.
private let linearNames: Set = [
    "zero-shot", "linear-probe", "gda", "timo", "timo-s", "task-res", "zs-lp", "clap", "lp-plus-plus", "cross-modal",
    "graph-adapter",
]

private func named(_ name: String) throws -> any AdapterMethod.Type {
    try #require(methods.first { $0.name == name })
}

private func trained(_ name: String) throws -> any TrainedMethod.Type {
    try #require(try named(name) as? any TrainedMethod.Type)
}

private func expectClose(_ a: Matrix, _ b: Matrix, _ what: String) {
    let gap = largestDifference(a, b)
    #expect(gap < 2e-4, "\(what): \(gap)")
}

extension Matrix {
    /// The columns at `indices`, in this order.
    fileprivate func reordered(_ indices: [Int]) -> Matrix { transposed.rows(at: indices).transposed }
}

@Test(arguments: names) func settingsHaveDefaultsAndNames(name: String) throws {
    try named(name).expectSettingsRoundTrip()
}

@Test(arguments: names) func theOrderOfItemsDoesNotMatter(name: String) throws {
    let method = try named(name)
    let sample = Sample()
    expectClose(try method.logits(sample), try method.logits(sample.reordered([8, 3, 1, 0, 7, 5, 2, 6, 4])), name)
}

@Test(arguments: orderlessNames) func renumberedClassesRenumberTheLogits(name: String) throws {
    let method = try named(name)
    let sample = Sample()
    let renumbered = try method.logits(sample.renumbered([2, 0, 1]))
    expectClose(renumbered, try method.logits(sample).reordered([1, 2, 0]), name)
}

@Test(arguments: names) func theLengthsOfFeaturesDoNotMatterUnlessTheMethodSaysSo(name: String) throws {
    let method = try named(name)
    // Keys are means of stored views, so all views of an item have the same scale.
    let sample = Sample()
    var scaled = sample
    for row in 0 ..< sample.labels.count where !method.traits.readsImageLengths {
        for view in sample.views.indices {
            for d in 0 ..< 12 { scaled.views[view][row, d] *= Float(row + 1) * 0.7 }
        }
    }
    for row in 0 ..< sample.prompts.rows where !method.traits.readsTextLengths {
        for d in 0 ..< 12 { scaled.prompts[row, d] *= Float(row + 2) * 0.3 }
    }
    expectClose(try method.logits(sample), try method.logits(scaled), name)
}

@Test(arguments: names) func aClassifierIsRestoredFromItsTensors(name: String) throws {
    let classifier = try named(name).initial(Sample())
    func restored(_ tensors: [String: Matrix]) throws(Fault) -> Classifier {
        try Classifier(
            tensors: tensors, numbers: classifier.numbers, readsRaw: classifier.readsRaw,
            classCount: classifier.classCount, file: "an adapter")
    }
    #expect(try restored(classifier.tensors) == classifier)
    // Without one of its tensors, it is refused or differs.
    for missing in classifier.tensors.keys {
        let found = fault { () throws(Fault) in
            let other = try restored(classifier.tensors.filter { $0.key != missing })
            #expect(other != classifier, "\(missing)")
        }
        #expect(found == nil || found?.status == .badData)
    }
}

@Test(arguments: names) func aSearchReportsTheAccuracyOfItsClassifier(name: String) throws {
    let method = try named(name)
    let sample = Sample()
    let validation = try Validation(FeaturesInMemory(.val, views: [sample.views[0]], labels: sample.labels))
    for kind in [SearchKind.exact, .grid] {
        let found = try method.searched(sample, on: validation, by: kind)
        #expect(method.searchedSettings == found.chosen.keys.sorted(), "\(name) \(found.chosen)")
        #expect(abs(try validation.score(found.classifier).accuracy - found.accuracy) < 1e-9, "\(name) \(kind)")
    }
}

@Test(arguments: names) func aClassifierOfSomeClassesHasTheirLogits(name: String) throws {
    let classifier = try named(name).initial(Sample())
    let some = classifier.restricted(to: [2, 0]).logits(Sample.queries)
    expectClose(some, classifier.logits(Sample.queries).reordered([2, 0]), name)
}

@Test(arguments: names) func linearMethodsAndNoOthersHaveAFusedLayer(name: String) throws {
    let classifier = try named(name).initial(Sample())
    #expect((classifier.fused != nil) == linearNames.contains(name))
}

@Test(arguments: linearNames.sorted()) func aFusedClassifierHasTheSameLogits(name: String) throws {
    let classifier = try named(name).initial(Sample())
    let fused = try #require(classifier.fused)
    var logits = product(Sample.queries, fused.weights, transposingB: true)
    addRow(fused.bias, to: &logits)
    expectClose(logits, classifier.logits(Sample.queries), name)
}

@Test(arguments: trainedNames) func equalSeedsTrainEqualBytes(name: String) throws {
    try trained(name).expectEqualTrainings()
}

@Test(arguments: trainedNames) func gradientsAreThoseOfTheLoss(name: String) throws {
    try trained(name).expectGradients()
}

extension TrainedMethod {
    fileprivate static func expectEqualTrainings() throws {
        let sample = Sample()
        let method = try made(sample, ["epochs": 4, "batch_size": 4])
        let support = try method.trainingItems ?? #require(try sample.task().support)
        func trained(_ seed: UInt64) throws -> TrainingState<Parameters> {
            try method.train(on: support, plan: TrainingPlan(seed: seed, choice: .last(watching: nil)))
        }
        let first = try trained(1)
        let second = try trained(1)
        for tensor in first.parameters.tensors() {
            let value = first.parameters[keyPath: tensor.path]
            #expect(value == second.parameters[keyPath: tensor.path], "\(name) \(tensor.name)")
        }
        #expect(try first.log == second.log && first.log != trained(2).log)
        #expect(method.classifier(first.parameters) == method.classifier(second.parameters))
    }

    /// Compares each tensor's gradient with central differences of the cross-entropy.
    fileprivate static func expectGradients() throws {
        // The InfoNCE terms detach their query side, so their gradient is not the slope of their value.
        let overlay: [String: SettingValue] = [
            "ls1": 0, "ls2": 0, "ls3": 0, "dropout": 0, "iw": 3, "precision": .text("float32"), "alpha": 2, "beta": 1.5,
        ]
        let sample = Sample()
        let method = try made(sample, overlay)
        var generator = SeededGenerator(seed: 3)
        var point = method.initialParameters(seed: 1)
        // Moves away from the symmetric start.
        for tensor in point.tensors() where tensor.rate != nil {
            let value = point[keyPath: tensor.path]
            let way = randomMatrix(value.rows, value.columns, scale: 0.05, using: &generator)
            point[keyPath: tensor.path] = sum(value, way)
        }
        // Mostly wrong labels keep the loss from vanishing.
        let batch = Batch(Sample.queries, labels: [0, 1, 2, 1, 0])
        func loss(_ parameters: Parameters) -> Loss {
            var copy = parameters
            var generator = SeededGenerator(seed: 1)
            return method.loss(batch, &copy, using: &generator)
        }
        let gradient = loss(point).gradient
        for tensor in point.tensors() where tensor.rate != nil {
            let analytic = try #require(gradient[tensor.name]?.matrix, "\(name) has no gradient of \(tensor.name)")
            let gap = gradientGap(at: point[keyPath: tensor.path], gradient: analytic, step: 2e-3) { value in
                var copy = point
                copy[keyPath: tensor.path] = value
                return loss(copy).total
            }
            // Logits near 100 in single precision limit the loss to about 1e-5, and a slope to 5e-3.
            #expect(gap < 2e-2, "\(name) \(tensor.name): \(gap)")
        }
    }
}

/// Features that record the views that are read.
private final class WatchedFeatures: FeatureSource {
    private let features: FeaturesInMemory
    private let noted = Mutex<[Int]>([])

    init(_ features: FeaturesInMemory) { self.features = features }

    var part: Subset { features.part }
    var name: String { features.name }
    var count: Int { features.count }
    var viewCount: Int { features.viewCount }
    var width: Int { features.width }
    func labels() -> [Int] { features.labels() }
    func read(rows: [Int], view: Int) -> Matrix {
        noted.withLock { $0.append(view) }
        return features.read(rows: rows, view: view)
    }

    var views: [Int] { noted.withLock { $0 } }
}

@Test(arguments: [1, 2, 4]) func epochsTakeTheAugmentedViewsInTurn(viewCount: Int) throws {
    let sample = Sample(viewCount: viewCount)
    let watched = WatchedFeatures(sample.train)
    let support = try Support(watched, classCount: 3)
    var settings = TipAdapterF.Settings()
    settings.epochs = 5
    let method = try TipAdapterF(settings, task: FewShotTask(support: support, text: nil))
    // Keys are computed from the augmented views, or from the only view.
    #expect(watched.views == (viewCount == 1 ? [0] : Array(1 ..< viewCount)))
    _ = try method.train(on: support, plan: TrainingPlan(seed: 1, choice: .last(watching: nil)))
    let expected = (0 ..< 5).map { viewCount == 1 ? 0 : 1 + $0 % (viewCount - 1) }
    #expect(Array(watched.views.suffix(5)) == expected)
}
