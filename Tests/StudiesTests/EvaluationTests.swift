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
    // Other items of the new classes may change only their own evaluation.
    var others = SmallFeatures()
    for part in Subset.allCases {
        others.changed[part] = Set(others.labels(part).indices.filter { SmallFeatures.label($0) >= 2 })
    }
    try others.write(to: scratch.file("b/small"))
    let lines = try ["a", "b"].map { place in
        var study = try smallStudy(in: scratch, features: "\(place)/small", output: "\(place)-runs")
        study.classes = .selection(.base)
        study.evaluations = [.newClasses]
        return try study.run()
    }
    let base = lines[0].filter { $0.evaluation == nil }
    let new = lines[0].filter { $0.evaluation != nil }
    #expect(base.map(\.test_accuracy) == lines[1].filter { $0.evaluation == nil }.map(\.test_accuracy))
    #expect(new.allSatisfy { $0.evaluation?.task == .new && $0.evaluation?.classes == 2 && $0.classes == "base" })
    #expect(base.count == new.count)
}

@Test func someOfTheClassesAreChosenAmongThoseOnly() throws {
    let scratch = try ScratchFolder()
    for line in try smallStudy(in: scratch).run() {
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
    var study = try smallStudy(in: scratch, [ZeroShot.self, TipAdapter.self])
    study.classes = .selection(.base)
    let scores = try study.run().map { line in
        try SavedRun(path: scratch.file("runs/\(line.run)"))
            .evaluate(on: scratch.file("small"), classes: .selection(.new))
    }
    #expect(scores.allSatisfy { $0.evaluation?.task == .transfer })
    // Keys belong to their classes, so no part of tip-adapter transfers.
    #expect(scores[0].scores == scores[1].scores)
}

@Test func aSavedRunScoresWhatItsRecordSaysAndPredictsBySoftmax() throws {
    let scratch = try ScratchFolder()
    for line in try smallStudy(in: scratch).run() {
        let saved = try SavedRun(path: scratch.file("runs/\(line.run)"))
        #expect(saved.adapter.method == line.method && saved.adapter.classes == SmallFeatures.classes)
        #expect(try saved.evaluate(on: scratch.file("small")).scores.accuracy == line.test_accuracy)
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
    let provenance = Provenance(tool: "test", inputs: [], settings: [:])
    var writer = try FeatureWriter(
        path: scratch.file("wide/test.h5"), part: .test, shape: FeatureShape(count: 1, views: 1, width: 24))
    try writer.append([Float](repeating: 1, count: 24).span)
    try writer.commit(PartItems(labels: [0], ids: ["a"], classes: ["apple"]), provenance: provenance)
    var study = try smallStudy(in: scratch, [ZeroShot.self])
    study.evaluations = [.folder(scratch.file("wide"))]
    let found = fault { _ = try study.run() }
    #expect(found?.status == .badData && found?.found == "features 24 wide" && scratch.files(in: "runs").isEmpty)
}

@Test func theSameFolderWithAllClassesIsNoNewClasses() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [ZeroShot.self])
    study.classes = .selection(.base)
    study.evaluations = [.newClasses, .folder(scratch.file("small"))]
    #expect(try study.run().map { $0.evaluation?.task } == [nil, .new, .transfer])
}
