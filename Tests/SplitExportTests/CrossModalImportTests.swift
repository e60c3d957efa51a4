import Core
import SplitExport
import Splits
import TestSupport
import Testing

/// Writes the whole split with the images in `root`, and its few-shot sample in cross_modal_adaptation's format.
private func exported(
    _ name: String, root: String = ".", dataset: String = "mine", in scratch: borrowing ScratchFolder
) throws -> SplitFile {
    var split = try sampleSplit()
    split.root = root
    split.dataset = dataset
    let file = try written(split, in: scratch, as: "whole.split.json")
    let sample = try file.sample(.coop, shots: 2, seed: 3)
    _ = try file.exportCrossModal(sample, to: scratch.file(name), replaces: false)
    return file
}

@Test func anIndexFileIsTheSampleOfItsParent() throws {
    let scratch = try ScratchFolder()
    let whole = try exported("shot_2-seed_3.json", in: scratch)
    let path = scratch.file("shot_2-seed_3.json")
    let input = try Input(reading: path, as: "split")
    var split = try CrossModalSample(fileAt: path).split(of: whole, input: input)
    #expect(split.sample == SampleRecord(shots: 2, seed: 3, scheme: .coop, parent: whole.input.digest))
    #expect(split.provenance.inputs == [whole.input, input])
    let sampled = try whole.sampled(.coop, shots: 2, seed: 3)
    split.provenance = sampled.provenance
    #expect(split == sampled)
    // The name does not have to tell; the sample is one all the same.
    let copy = try scratch.write(bytes(of: path), "mine.json")
    let unnamed = try CrossModalSample(fileAt: copy).split(of: whole, input: input)
    #expect(unnamed.sample == nil && unnamed.train == sampled.train && unnamed.test == sampled.test)
}

@Test func anIndexFileAloneHasNoTestItems() throws {
    let scratch = try ScratchFolder()
    let whole = try exported("few.json", in: scratch)
    let sampled = try whole.sampled(.coop, shots: 2, seed: 3)
    let file = try SplitFile(path: scratch.file("few.json"))
    #expect(file.split.train == sampled.train && file.split.val == sampled.val && file.split.test.isEmpty)
    #expect(file.split.classes == sampled.classes && file.split.dataset == "few" && file.split.root == ".")
}

@Test func theImagesFolderTellsThePublishedDataSet() throws {
    let scratch = try ScratchFolder()
    let text = """
        {"train": {"data": [{"impath": "./data/dtd/images/banded/banded_0117.jpg", "label": 0, "classname": "banded"}],
                   "indices": [8]},
         "val": {"data": [{"impath": "/elsewhere/dtd/images/banded/banded_0132.jpg", "label": 0, "classname": "banded"}],
                 "indices": [5]}}
        """
    let split = try SplitFile(path: scratch.write(text, "shot_1-seed_1.json")).split
    #expect(split.dataset == "dtd" && split.root == "dtd/images" && split.classes == ["banded"])
    #expect(
        split.train.map(\.path) == ["banded/banded_0117.jpg"] && split.val.map(\.path) == ["banded/banded_0132.jpg"])
}

@Test func anIndexFileOfAnotherSplitIsRefused() throws {
    let scratch = try ScratchFolder()
    let whole = try exported("few.json", in: scratch)
    var other = whole.split
    other.train = ItemList(other.train.dropFirst(58))
    let parent = try written(other, in: scratch, as: "other.split.json")
    let sample = try CrossModalSample(fileAt: scratch.file("few.json"))
    let refused = fault { _ = try sample.split(of: parent, input: whole.input) }
    #expect(refused?.status == .badData && refused?.expected == "an item of other.split.json")
    other = whole.split
    other.classes.reverse()
    other.train = ItemList(other.train.map { Item(path: $0.path, label: 2 - $0.label) })
    let reversed = try written(other, in: scratch, as: "reversed.split.json")
    let label = fault { _ = try sample.split(of: reversed, input: whole.input) }
    #expect(label?.status == .badData && label?.expected.hasSuffix("as in reversed.split.json") == true)
}

@Test(arguments: [
    (#"{"train": {"data": [{"impath": "a.jpg", "label": 0}]}}"#, "an invalid item 0 in 'train'"),
    (#"{"train": {"data": {}, "indices": []}}"#, "no list 'data' in 'train'"),
    (#"{"train": {"indices": []}}"#, "no valid 'train'"),
    (#"{"train": {"data": [{"impath": "a.jpg", "label": 1, "classname": "x"}]}}"#, "labels with gaps"),
    (#"{"train": {"data": [{"impath": "a.jpg", "label": -1, "classname": "x"}]}}"#, "the label -1"),
    (#"{"train": {"data": [{"impath": "/a.jpg", "label": 0, "classname": "x"}]}}"#, "an absolute path"),
    (#"{"train": {"data": [{"impath": "../a.jpg", "label": 0, "classname": "x"}]}}"#, "a path with '..'"),
])
func aDamagedIndexFileIsRefused(text: String, found: String) throws {
    let scratch = try ScratchFolder()
    let refused = fault { _ = try SplitFile(path: scratch.write(text, "shot_1-seed_1.json")) }
    #expect(refused?.status == .badData && refused?.found.contains(found) == true, "\(String(describing: refused))")
}
