import Core
import SplitExport
import Splits
import TestSupport
import Testing

@Test func samplesAreWrittenAsPythonWritesThem() throws {
    let scratch = try ScratchFolder()
    let expected = try SplitExports.read()
    let file = try written(expected.made(), in: scratch)
    let path = scratch.file("out.json")
    let sample = try file.sample(.coop, shots: 4, seed: 3)
    _ = try file.exportCrossModal(sample, to: path, replaces: false)
    #expect(try bytes(of: path) == Array(expected.drawnBySeed3.utf8))
    // A class with too few items is filled up by repeating paths and rows.
    let filled = try file.sample(.tip, shots: 4, seed: 1)
    #expect(Set(filled.train).count < filled.train.count)
    _ = try file.exportCrossModal(filled, dataRoot: "elsewhere/", to: path, replaces: true)
    #expect(try bytes(of: path) == Array(expected.tip.utf8))
}

@Test(arguments: [FewShotSample.Scheme.coop, .tip])
func aSampleAndItsParentGiveWhatTheParentGives(_ scheme: FewShotSample.Scheme) throws {
    let scratch = try ScratchFolder()
    var split = try SplitExports.read().made()
    // A repeated path belongs to two rows; only the sample tells which one.
    split.train.append(split.train[0].path, label: split.train[0].label)
    let parent = try written(split, in: scratch)
    let few = try written(parent.sampled(scheme, shots: 4, seed: 2), in: scratch, as: "few.split.json")
    let sample = try few.sample(in: parent)
    #expect(try sample == parent.sample(scheme, shots: 4, seed: 2))
    #expect(sample.train.map { parent.split.train[$0] } == Array(few.split.train))
}

@Test func onlyTheSampledSplitIsAParent() throws {
    let scratch = try ScratchFolder()
    let parent = try written(sampleSplit(), in: scratch)
    let other = try written(sampleSplit(counts: (21, 6, 4)), in: scratch, as: "other.split.json")
    let few = try written(parent.sampled(.coop, shots: 2, seed: 1), in: scratch, as: "few.split.json")
    let wrong = fault { _ = try few.sample(in: other) }
    #expect(wrong?.subject == "other.split.json")
    #expect(wrong?.found == "the digest \(other.input.digest)")
    #expect(wrong?.expected.contains("\(parent.input.digest)") == true)
    let whole = fault { _ = try parent.sample(in: parent) }
    #expect(whole?.found == "a whole split")
    #expect(fault { _ = try few.sample(.coop, shots: 1, seed: 1) }?.found == "a few-shot sample of 2 shots")
}

@Test func aSampleThatWasChangedIsNotGivenRowNumbers() throws {
    let scratch = try ScratchFolder()
    let parent = try written(sampleSplit(), in: scratch)
    var changedSplit = try parent.sampled(.coop, shots: 2, seed: 1)
    changedSplit.train = changedSplit.train.selecting(changedSplit.train.indices.reversed())
    let changed = try written(changedSplit, in: scratch, as: "few.split.json")
    let found = fault { _ = try changed.sample(in: parent) }
    #expect(found?.found == "items or classes that differ from its record")

    var whole = try sampleSplit()
    whole.val = ItemList()
    let trainOnly = try written(whole, in: scratch, as: "whole.split.json")
    let fromTrain = try written(
        trainOnly.sampled(.coop, shots: 2, seed: 1, valFromTrain: true), in: scratch, as: "from-train.split.json")
    let val = fault { _ = try fromTrain.sample(in: trainOnly) }
    #expect(val?.found == "val items sampled from the train subset")
}

@Test(
    .enabled(if: sharedData("coop-splits") != nil),
    arguments: [
        ("caltech101", "Caltech101", "caltech-101/101_ObjectCategories"), ("dtd", "DescribableTextures", "dtd/images"),
        ("eurosat", "EuroSAT", "eurosat/2750"), ("oxford_flowers", "OxfordFlowers", "oxford_flowers/jpg"),
    ])
func everyPublishedIndexFileComesOutByteForByte(_ name: String, _ file: String, _ root: String) throws {
    let scratch = try ScratchFolder()
    let path = try #require(sharedData("coop-splits/split_zhou_\(file).json"))
    var split = try SplitFile(path: path).split
    // The folders of the published files, independent of the catalog.
    split.root = root
    let parent = try written(split, in: scratch, as: "whole.split.json")
    for shots in [1, 2, 4, 8, 16] {
        for seed in 1 ... 3 {
            let published = try #require(sharedData("coop-splits/indices/\(name)/shot_\(shots)-seed_\(seed).json"))
            let made = scratch.file("made.json")
            _ = try parent.exportCrossModal(parent.sample(.coop, shots: shots, seed: seed), to: made, replaces: true)
            #expect(try bytes(of: made) == bytes(of: published), "\(shots) shots, seed \(seed)")
        }
    }
}
