import Adapter
import Core
import Foundation
import Studies
import TestSupport
import Testing

/// Finished runs of a small study, whose accuracies on validation a test replaces.
private func results(_ scratch: borrowing ScratchFolder) throws -> [ResultLine] {
    var study = try smallStudy(in: scratch, [ZeroShot.self, TipAdapter.self])
    study.shots = [.count(1), .count(2)]
    return try study.run()
}

@Test func theBestRunHasTheHighestAccuracyOnValidation() throws {
    let scratch = try ScratchFolder()
    var lines = try results(scratch)
    for index in lines.indices {
        lines[index].val_accuracy = [50, 70, 60][index]
        lines[index].test_accuracy = [99, 99, 1][index]
    }
    // The run with one shot is not compared, and zero-shot has no sample.
    let best = try BestRun.all(among: lines, in: scratch.file("runs"))
    #expect(best.map(\.result) == [lines[2]] && best[0].compared == 2 && best[0].shots == .count(2))
    #expect(best[0].path == scratch.file("runs/\(lines[2].run)") && best[0].has_other_validation_items)
    lines[0].val_accuracy = 65
    #expect(try BestRun.all(among: lines, in: scratch.file("runs")).map(\.result) == [lines[0]])
}

@Test func theBestMethodHasTheHighestMeanOverSeeds() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapter.self, TipAdapterF.self])
    study.shots = [.count(1)]
    study.seeds = [1, 2, 3]
    var lines = try study.run().sorted { ($0.method, $0.seed) < ($1.method, $1.seed) }
    for (index, accuracy) in [90, 50, 50, 70, 80, 80].enumerated() { lines[index].val_accuracy = Double(accuracy) }
    // Of equal seeds the first.
    #expect(try BestRun.all(among: lines, in: scratch.file("runs")).map(\.result) == [lines[4]])
}

@Test func ofEqualAccuraciesTheSmallestAdapterIsTheBest() throws {
    let scratch = try ScratchFolder()
    var lines = try results(scratch)
    for index in lines.indices { lines[index].val_accuracy = 70 }
    let runs = scratch.file("runs")
    #expect(try BestRun.all(among: lines, in: runs).map(\.result.method) == ["zero-shot"])
    // All items are the most shots.
    lines[1].shots = .all
    #expect(try BestRun.all(among: lines.reversed().dropLast(), in: runs).map(\.result) == [lines[1]])
}

@Test func aStudyNamesTheBestRunPerFeatureFolder() throws {
    let scratch = try ScratchFolder()
    for name in ["a", "b"] {
        _ = try smallStudy(in: scratch, [TipAdapter.self], features: name).run()
    }
    let best = try BestRun.all(in: scratch.file("runs"))
    #expect(best.map(\.features) == ["a", "b"])
    #expect(fault { _ = try BestRun.all(in: scratch.file("a")) }?.status == .noInput)
}

@Test func aRunWithoutAnAccuracyOnValidationIsNotTheBest() throws {
    let scratch = try ScratchFolder()
    var lines = try results(scratch)
    for index in lines.indices { lines[index].val_accuracy = nil }
    #expect(try BestRun.all(among: lines, in: scratch.file("runs")).isEmpty)
}

@Test func labelsBeyondTheLargestSampleAreUnused() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapter.self])
    let unused = try study.unusedItems()
    #expect(unused.map(\.features) == [scratch.file("small")])
    #expect(unused.map(\.used) == [16] && unused.map(\.total) == [32])
    study.shots = [.count(8)]
    #expect(try study.unusedItems().isEmpty)
    study.shots = [.count(1), .all]
    #expect(try study.unusedItems().isEmpty)
    study.shots = [.count(1)]
    study.methods = [ZeroShot.self]
    #expect(try study.unusedItems().isEmpty)
}

@Test func aFinishedStudyKnowsWhereItsFeaturesAre() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try smallStudy(in: scratch, [TipAdapter.self]).run().first)
    // Without an absolute path, so that both folders may move together.
    #expect(scratch.text("runs/small/sources.json") == "{\n  \"features\" : \"../../small\"\n}\n")
    let saved = try SavedRun(path: scratch.file("runs/\(line.run)"))
    let place = try #require(saved.recordedFeatures)
    #expect(
        URL(fileURLWithPath: place).resolvingSymlinksInPath().path
            == URL(fileURLWithPath: scratch.file("small")).resolvingSymlinksInPath().path)
    #expect(saved.recordedModel == nil)
    try scratch.write("no JSON", "runs/small/sources.json")
    #expect(try SavedRun(path: scratch.file("runs/\(line.run)")).recordedFeatures == nil)
}
