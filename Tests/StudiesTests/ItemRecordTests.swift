import Adapter
import Core
import Foundation
import Kernels
import Splits
import Studies
import TestSupport
import Testing

@Test func aRunsItemsHaveLabelsPredictionsAndPlaces() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try smallStudy(in: scratch, [TipAdapter.self]).run().first)
    let items = try SavedRun(path: scratch.file("runs/\(line.run)")).items(top: 2)
    let counts = Subset.allCases.map { subset in items.count { $0.subset == subset } }
    #expect(counts == [32, 28, 24])
    let test = items.filter { $0.subset == .test }
    #expect(test.allSatisfy { $0.prediction.classes.count == 2 && $0.prediction.label != nil })
    let right = test.count { $0.prediction.right == true }
    #expect(percent(right, of: test.count) == line.test_accuracy)
    // A map is centered, and its first direction has the larger variance.
    #expect(abs(items.reduce(0) { $0 + $1.x }) < 1e-3 && abs(items.reduce(0) { $0 + $1.y }) < 1e-3)
    #expect(items.reduce(0) { $0 + $1.x * $1.x } > items.reduce(0) { $0 + $1.y * $1.y })
}

@Test func itemsOfOtherFeaturesAreRefused() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try smallStudy(in: scratch, [TipAdapter.self]).run().first)
    let saved = try SavedRun(path: scratch.file("runs/\(line.run)"))
    var others = SmallFeatures()
    others.changed[.test] = [0]
    try others.write(to: scratch.file("others"))
    #expect(fault { _ = try saved.items(features: scratch.file("others"), top: 1) }?.status == .badData)
    try FileManager.default.removeItem(atPath: scratch.file("runs/small/sources.json"))
    #expect(fault { _ = try saved.items(top: 1) }?.status == .noInput)
    #expect(try saved.items(features: scratch.file("small"), top: 1).count == 84)
}

@Test func mistakesAreSortedByConfidence() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try smallStudy(in: scratch, [ZeroShot.self]).run().first)
    let saved = try SavedRun(path: scratch.file("runs/\(line.run)"))
    let predictions = try saved.predictions(on: scratch.file("small"), part: .test, top: 1)
    #expect(predictions.allSatisfy { $0.right == ($0.label == $0.classes[0].name) })
    let wrong = predictions.mistakes
    #expect(wrong.count == predictions.count { $0.right == false } && !wrong.isEmpty)
    #expect(wrong.map(\.confidence) == wrong.map(\.confidence).sorted(by: >))
    // Names are compared as evaluations match them.
    #expect(predictions[0].labeled(predictions[0].classes[0].name.uppercased()).right == true)
}

@Test func evaluatedItemsChooseAmongTheChosenClasses() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try smallStudy(in: scratch, [TipAdapter.self]).run().first)
    let saved = try SavedRun(path: scratch.file("runs/\(line.run)"))
    let filter = ClassFilter.selection(.names(["dog", "bee"]))
    let items = try saved.evaluatedItems(on: scratch.file("small"), classes: filter, part: .test, top: 4)
    let scores = try saved.evaluate(on: scratch.file("small"), classes: filter).scores
    #expect(items.count == 12 && items.allSatisfy { Set($0.classes.map(\.name)) == ["dog", "bee"] })
    #expect(percent(items.count { $0.right == true }, of: 12) == scores.accuracy)
}
