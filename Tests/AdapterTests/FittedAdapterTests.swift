import Adapter
import Core
import Kernels
import TestSupport
import Testing

private let classes = ["cat", "dog", "owl"]

/// Features [N×D] near one direction per class, item i of class i mod 3.
private func features(_ count: Int, noise: Float, seed: UInt64) -> (rows: Matrix, labels: [Int]) {
    var generator = SeededGenerator(seed: seed)
    var rows = randomMatrix(count, 8, scale: noise, using: &generator)
    let labels = (0 ..< count).map { $0 % classes.count }
    for (item, label) in labels.enumerated() { rows[item, label] += 1 }
    return (rows, labels)
}

private func text(logitScale: Float = ClassText.defaultLogitScale) -> ClassText {
    ClassText(features: features(3, noise: 0.3, seed: 1).rows, classCount: classes.count, logitScale: logitScale)
}

private func source(_ part: Subset, seed: UInt64) -> FeaturesInMemory {
    let (rows, labels) = features(12, noise: 0.2, seed: seed)
    return FeaturesInMemory(part, views: [rows], labels: labels)
}

@Test func anAdapterIsTrainedSavedReadAndUsedWithThisLibraryAlone() throws {
    let scratch = try ScratchFolder()
    let support = try Support(source(.train, seed: 2), classCount: classes.count)
    let method = try TaskRes(.init(), task: FewShotTask(support: support, text: text()))
    let plan = TrainingPlan(seed: 1, choice: .best(on: try Validation(source(.val, seed: 3))))
    let adapter = FittedAdapter(
        try method.fit(on: support, plan: plan).classifier, classes: classes, method: TaskRes.name)
    try adapter.write(to: scratch.file("adapter.safetensors"))
    let read = try FittedAdapter(path: scratch.file("adapter.safetensors"))
    #expect(read.classifier == adapter.classifier && read.classes == classes && read.method == "task-res")

    let (images, labels) = features(6, noise: 0.1, seed: 4)
    let items = (0 ..< 6).map { "\($0).jpg" }
    let predictions = try read.predictions(of: images, items: items, top: 1)
    #expect(predictions.map(\.item) == items && predictions.map { $0.classes[0].name } == labels.map { classes[$0] })

    let layer = try read.exportFused(to: scratch.file("layer.safetensors"))
    #expect(layer.method == "task-res" && layer.features == "unit" && layer.classes == 3 && layer.width == 8)
    #expect(fault { _ = try read.exportFused(to: scratch.file("layer.safetensors")) }?.status == .cannotCreate)
}

@Test func anAdapterThatIsNotLinearHasNoLayer() throws {
    let scratch = try ScratchFolder()
    let support = try Support(source(.train, seed: 2), classCount: classes.count)
    let method = try TipAdapter(.init(), task: FewShotTask(support: support, text: text()))
    let adapter = FittedAdapter(method.initialClassifier(), classes: classes, method: TipAdapter.name)
    #expect(fault { _ = try adapter.exportFused(to: scratch.file("layer.safetensors")) }?.status == .badData)
    let names = try scratch.names
    #expect(names.isEmpty)
}

@Test(arguments: methods.filter { $0.needsText }.map { $0.name })
func theLogitScaleIsThatOfTheTexts(name: String) throws {
    let method = try #require(methods.first { $0.name == name })
    let source = source(.train, seed: 2)
    func fitted(scale: Float) throws -> Classifier {
        let task = try FewShotTask(
            support: Support(source, classCount: classes.count), unlabelled: Unlabelled(source),
            text: text(logitScale: scale))
        return try method.classifier(task)
    }
    // TIMO's scale is its weight α below the model's scale; LP++ learns one.
    let classifier = try fitted(scale: 20)
    if let term = classifier[TextTerm.self] { #expect(term.scale == 20) }
    let read = try Classifier(
        tensors: classifier.tensors, numbers: classifier.numbers, readsRaw: classifier.readsRaw, classCount: 3,
        file: "an adapter")
    #expect(read == classifier)
    if name == "zero-shot" || name == "cross-modal" {
        var logits = classifier.logits(text().classifier)
        scale(&logits, by: 5)
        #expect(largestDifference(logits, try fitted(scale: 100).logits(text().classifier)) < 1e-4)
    }
}

extension AdapterMethod {
    fileprivate static func classifier(_ task: FewShotTask) throws -> Classifier {
        try Self(Settings(), task: task).initialClassifier()
    }
}

@Test func termsAreAddedInOneOrderHoweverTheyAreGiven() throws {
    let (rows, labels) = features(6, noise: 0.2, seed: 5)
    let keys = CacheTerm(keys: normalizeRows(rows).unit, keyLabels: KeyLabels(labels, classCount: 3), alpha: 1, beta: 5)
    let classifier = Classifier(keys, text().zeroShot)
    #expect(classifier == Classifier(text().zeroShot, keys))
    #expect(classifier.terms.count == 2 && classifier.terms[0] is TextTerm)
    var without = classifier
    without[CacheTerm.self] = nil
    #expect(without == Classifier(text().zeroShot))
}

/// Terms that read other features than the plain ones must not take the products of those that do.
@Test func sharedProductsAreThoseOfTheSameFeaturesOnly() throws {
    let (rows, labels) = features(9, noise: 0.4, seed: 6)
    let keys = normalizeRows(rows).unit
    let plain = CacheTerm(keys: keys, keyLabels: KeyLabels(labels, classCount: 3), alpha: 1, beta: 5)
    var weighted = plain
    weighted.channelWeights = Matrix(row: [1, 0.5, 2, 1, 1, 0, 1, 3])
    let bottleneck = Bottleneck(down: keys.rows(0 ..< 2), up: keys.rows(0 ..< 2).transposed, ratio: 0.6)
    let products = SharedProducts()
    products.share(text().classifier)
    products.share(keys)
    let space = try SearchSpace(scale: .init(beta: 7, alpha: 3), steps: .init(beta: 20, alpha: 5))
    let shared = try Validation(source(.val, seed: 7), sharing: products)
    for classifier in [
        Classifier(text().zeroShot, plain), Classifier(text().zeroShot, weighted),
        Classifier(text().zeroShot, plain, transform: bottleneck),
    ] {
        let alone = try Validation(source(.val, seed: 7))
        for kind in [SearchKind.exact, .grid] {
            let found = try shared.search(classifier, space, by: kind)
            let expected = try alone.search(classifier, space, by: kind)
            #expect(found.classifier == expected.classifier && found.accuracy == expected.accuracy)
        }
        #expect(try shared.score(classifier) == alone.score(classifier))
    }
}
