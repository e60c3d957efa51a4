import Adapter
import Core
import FeatureStore
import Foundation
import Kernels
import Splits
import Studies
import TestSupport
import Testing

@Test func trainingOnBaseClassesNeverSeesTheOthers() throws {
    let scratch = try ScratchFolder()
    let features = SmallFeatures()
    try features.write(to: scratch.file("a/small"))
    // Other items of the new classes may change only their own evaluation.
    var others = features
    for part in [Subset.train, .val, .test] {
        others.changed[part] = Set((0 ..< features.count(part)).filter { SmallFeatures.label($0) >= 2 })
    }
    try others.write(to: scratch.file("b/small"))
    var lines: [[ResultLine]] = []
    for place in ["a", "b"] {
        var study = smallStudy(scratch.file("\(place)/small"), scratch.file("\(place)-runs"))
        study.classes = .selection(.base)
        study.evaluations = [.newClasses]
        lines.append(try study.run())
    }
    let base = lines[0].filter { $0.evaluation == nil }
    let new = lines[0].filter { $0.evaluation != nil }
    #expect(base.map(\.test_accuracy) == lines[1].filter { $0.evaluation == nil }.map(\.test_accuracy))
    #expect(new.allSatisfy { $0.evaluation?.task == .new && $0.evaluation?.classes == 2 && $0.classes == "base" })
    #expect(base.count == new.count)
    let pages = ResultTable.pages(lines[0])
    #expect(pages.count == 3 && pages[2].contains("harmonic mean"))
}

@Test func someOfTheClassesAreChosenAmongThoseOnly() throws {
    let scratch = try ScratchFolder()
    try SmallFeatures().write(to: scratch.file("small"))
    for line in try smallStudy(scratch.file("small"), scratch.file("runs")).run() {
        let saved = try SavedRun(path: scratch.file("runs/\(line.run)"))
        let (scores, evaluation) = try saved.evaluate(
            on: scratch.file("small"), classes: .selection(.names(["dog", "bee"])))
        #expect(evaluation?.task == .shift && evaluation?.classes == 2 && scores.items == 12)
        // Choosing among two classes is no harder than among four.
        #expect(scores.accuracy >= (line.test_mean_per_class ?? 0) - 50)
    }
}

@Test func unknownClassesAreToldByTheirTexts() throws {
    let scratch = try ScratchFolder()
    try SmallFeatures().write(to: scratch.file("small"))
    var study = smallStudy(scratch.file("small"), scratch.file("runs"), methods: [ZeroShot.self, TipAdapter.self])
    study.classes = .selection(.base)
    let lines = try study.run()
    let all = lines.map { line in Result { try SavedRun(path: scratch.file("runs/\(line.run)")) } }
    let scores = try all.map { try $0.get().evaluate(on: scratch.file("small"), classes: .selection(.new)) }
    #expect(scores.allSatisfy { $0.evaluation?.task == .transfer })
    // Keys belong to their classes, so no part of tip-adapter transfers.
    #expect(scores[0].scores == scores[1].scores)
}

@Test func twoFeatureFoldersOfOneDataSetHaveATableEach() throws {
    let scratch = try ScratchFolder()
    var others = SmallFeatures()
    others.changed = [.test: Set(0 ..< others.count(.test))]
    try SmallFeatures().write(to: scratch.file("plain"))
    try others.write(to: scratch.file("changed"))
    var study = smallStudy(scratch.file("plain"), scratch.file("runs"), methods: [ZeroShot.self])
    study.features.append(scratch.file("changed"))
    let pages = ResultTable.pages(try study.run())
    #expect(pages.count == 2 && pages[0].contains("(plain)") && pages[1].contains("(changed)"), "\(pages)")
}

@Test func predictionsAreTheSoftmaxOfTheLogits() throws {
    let scratch = try ScratchFolder()
    try SmallFeatures().write(to: scratch.file("small"))
    for line in try smallStudy(scratch.file("small"), scratch.file("runs")).run() {
        let saved = try SavedRun(path: scratch.file("runs/\(line.run)"))
        let predictions = try saved.predictions(on: scratch.file("small"), part: .test, top: 4)
        let sums = predictions.map { $0.classes.reduce(Float(0)) { $0 + $1.probability } }
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 })
        let right = predictions.enumerated().count {
            $1.classes[0].name == SmallFeatures.classes[SmallFeatures.label($0)]
        }
        #expect(percent(right, of: predictions.count) == line.test_accuracy, "\(line.method)")
        #expect(predictions[3].item == "test/3.jpg")
    }
}

@Test func aTargetOfAnotherModelIsRefusedBeforeTraining() throws {
    let scratch = try ScratchFolder()
    try SmallFeatures().write(to: scratch.file("small"))
    let provenance = Provenance(tool: "test", inputs: [], settings: [:])
    var writer = try FeatureWriter(
        path: scratch.file("wide/test.h5"), part: .test, shape: FeatureShape(count: 1, views: 1, width: 24))
    try writer.append([Float](repeating: 1, count: 24).span)
    try writer.commit(PartItems(labels: [0], ids: ["a"], classes: ["apple"]), provenance: provenance)
    var study = smallStudy(scratch.file("small"), scratch.file("runs"), methods: [ZeroShot.self])
    study.evaluations = [.folder(scratch.file("wide"))]
    let found = fault { _ = try study.run() }
    #expect(found?.status == .badData && found?.found == "features 24 wide" && scratch.files(in: "runs").isEmpty)
}

@Test func theSameFolderWithAllClassesIsNoNewClasses() throws {
    let scratch = try ScratchFolder()
    try SmallFeatures().write(to: scratch.file("small"))
    var study = smallStudy(scratch.file("small"), scratch.file("runs"), methods: [ZeroShot.self])
    study.classes = .selection(.base)
    study.evaluations = [.newClasses, .folder(scratch.file("small"))]
    #expect(try study.run().map { $0.evaluation?.task } == [nil, .new, .transfer])
}
