import Adapter
import Core
import FeatureStore
import Foundation
import Splits
import Studies
import TestSupport
import Testing

/// The rows of `part` in 4-shot samples with `seeds`.
private func sampled(_ part: Subset, seeds: [Int]) throws -> [Int] {
    let features = SmallFeatures()
    var rows: Set<Int> = []
    for seed in seeds {
        let sample = try FewShotSample(
            .coop, train: features.labels(.train), val: features.labels(.val), shots: 4, seed: seed, subject: "")
        rows.formUnion(part == .train ? sample.train : sample.val ?? [])
    }
    return rows.sorted()
}

/// Writes a folder with the items of some samples only.
private func writeSampled(_ folder: String, seeds: [Int]) throws {
    var features = SmallFeatures()
    features.stored = [.train: try sampled(.train, seeds: seeds), .val: try sampled(.val, seeds: seeds)]
    try features.write(to: folder)
}

@Test func aCacheOfSamplesTrainsToTheBitsOfTheWholeOne() throws {
    let scratch = try ScratchFolder()
    try writeSampled(scratch.file("sampled/small"), seeds: [1, 3])
    let accuracies = try ["whole", "sampled"].map { name in
        var study = try smallStudy(
            in: scratch, methods.filter { $0.fitsTo == .shots }, features: "\(name)/small", output: "\(name)/runs")
        study.seeds = [1, 3]
        return try study.run().map(\.test_accuracy)
    }
    #expect(accuracies[0] == accuracies[1])
    let steps = scratch.files(in: "whole/runs").filter { $0.key.hasSuffix("steps.jsonl") }
    #expect(steps.count > 3)
    for (path, bytes) in steps { #expect(scratch.bytes("sampled/runs/\(path)") == bytes, "\(path)") }
}

@Test func aSampleThatWasNotStoredIsRefusedByName() throws {
    let scratch = try ScratchFolder()
    try writeSampled(scratch.file("small"), seeds: [1])
    var study = try smallStudy(in: scratch, [TipAdapter.self])
    study.seeds = [2]
    let other = fault { _ = try study.run() }
    #expect(other?.status == .badData && other?.expected.contains("4 shots, seed 2, scheme coop") == true)
    study.seeds = [1]
    study.shots = [.all]
    #expect(fault { _ = try study.run() }?.expected == "the whole subset for training on all items")
    study.shots = [.count(4)]
    study.validation = .full
    #expect(fault { _ = try study.run() }?.expected == "the whole subset for validation on all items")
    study.validation = .fewShot
    #expect(try study.run().count == 1)
}
