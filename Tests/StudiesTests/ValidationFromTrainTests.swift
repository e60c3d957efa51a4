import Adapter
import Core
import FeatureStore
import Splits
import Studies
import TestSupport
import Testing

/// Features without a val subset; those of `changed` train items differ.
private func features(_ folder: String, changed: Set<Int> = [], stored: [Int]? = nil) throws(Fault) {
    var features = SmallFeatures()
    features.itemsOfClass[.val] = 0
    features.changed = [.train: changed]
    features.stored = stored.map { [.train: $0] } ?? [:]
    try features.write(to: folder)
}

private func sample() -> FewShotSample {
    FewShotSample(.coop, trainAndValFrom: SmallFeatures().labels(.train), shots: 4, seed: 1)
}

@Test func withoutAValSubsetTheRemedyIsToValidateOnOtherTrainItems() throws {
    let scratch = try ScratchFolder()
    try features(scratch.file("small"))
    var study = try smallStudy(in: scratch, [TipAdapter.self])
    let refused = fault { _ = try study.run() }
    #expect(refused?.status == .noInput && refused?.remedy.contains("val_from_train") == true)
    study.takesValFromTrain = true
    let line = try #require(study.run().first)
    #expect(line.val_accuracy != nil)
    // The sample is the published one, with and without validation items from train.
    study.takesValFromTrain = false
    study.selection = .fixed
    study.output = scratch.file("fixed")
    #expect(try study.run().count == 1)
}

@Test func validationItemsAreThoseThatTheSampleLeaves() throws {
    let scratch = try ScratchFolder()
    let sample = sample()
    let val = try #require(sample.val)
    #expect(Set(val).isDisjoint(with: sample.train) && val.count == 16)
    try features(scratch.file("all/small"))
    // Neither are other items read, nor are the validation items trained on.
    let rest = Set(0 ..< SmallFeatures().count(.train)).subtracting(val).subtracting(sample.train)
    try features(scratch.file("rest/small"), changed: rest)
    try features(scratch.file("val/small"), changed: Set(val))
    let methods = methods.filter { $0.fitsTo == .shots }
    let results = try ["all", "rest", "val"].map { name in
        var study = try smallStudy(in: scratch, methods, features: "\(name)/small", output: "\(name)-runs")
        study.takesValFromTrain = true
        return try study.run()
    }
    #expect(results[0].map(\.val_accuracy) == results[1].map(\.val_accuracy))
    #expect(results[0].map(\.test_accuracy) == results[1].map(\.test_accuracy))
    #expect(results[0].map(\.val_accuracy) != results[2].map(\.val_accuracy))
    let steps = scratch.files(in: "all-runs").filter { $0.key.hasSuffix("tip-adapter-f.4shot.s1.val/steps.jsonl") }
    #expect(steps.count == 1)
}

@Test func storedSamplesNeedTheirValidationItems() throws {
    let scratch = try ScratchFolder()
    let sample = sample()
    try features(scratch.file("train/small"), stored: sample.train.sorted())
    var study = try smallStudy(in: scratch, [TipAdapter.self], features: "train/small")
    study.takesValFromTrain = true
    let refused = fault { _ = try study.run() }
    #expect(refused?.status == .badData && refused?.remedy.contains("val_from_train") == true, "\(refused as Any)")
    try features(scratch.file("both/small"), stored: (sample.train + (sample.val ?? [])).sorted())
    study.features = [scratch.file("both/small")]
    #expect(try study.run().count == 1)
}

@Test func aValSubsetIsUsedWhereThereIsOne() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapter.self])
    let line = try #require(study.run().first)
    study.takesValFromTrain = true
    #expect(try study.run() == [line])
}

@Test func withAllItemsInTheSampleNoneIsLeft() throws {
    let scratch = try ScratchFolder()
    try features(scratch.file("small"))
    var study = try smallStudy(in: scratch, [TipAdapter.self])
    study.takesValFromTrain = true
    study.shots = [.all]
    #expect(fault { _ = try study.run() }?.remedy.contains("choose numbers of shots") == true)
    study.shots = [.count(8)]
    #expect(fault { _ = try study.run() }?.found.contains("no train items beyond the sample") == true)
    study.shots = [.count(4)]
    study.scheme = .lpclip
    #expect(fault { _ = try study.run() }?.option == "val_from_train")
}
