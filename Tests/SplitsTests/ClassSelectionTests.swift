import Core
import Splits
import TestSupport
import Testing

@Test func baseAndNewAreTheHalvesOfTheClasses() throws {
    let split = try sampleSplit(classes: ["a", "b", "c", "d", "e"])
    let base = try split.selecting(.base)
    let new = try split.selecting(.new)
    #expect(base.classes == ["a", "b", "c"])
    #expect(new.classes == ["d", "e"])
    #expect(new.origin == ClassOrigin(dataset: "mine", labels: [3, 4]))
    for part in Subset.allCases {
        #expect(base[part].count + new[part].count == split[part].count)
        let kept = split[part].filter { $0.label > 2 }
        #expect(new[part].map(\.path) == kept.map(\.path))
        #expect(new[part].map(\.label) == kept.map { $0.label - 3 })
    }
}

/// A class without train items is in neither half, as in CoOp's code.
@Test func halvesCountTheClassesThatHaveItems() throws {
    var split = try sampleSplit(classes: ["a", "b", "c", "d"])
    split.train = ItemList(split.train.filter { $0.label != 0 })
    #expect(try split.selecting(.base).classes == ["b", "c"])
    split.train = ItemList()
    #expect(try split.selecting(.base).classes == ["a", "b"])
}

@Test func aSampleThenAHalfHasCoOpsItems() throws {
    let scratch = try ScratchFolder()
    try sampleSplit(classes: ["a", "b", "c", "d"]).write(to: scratch.file("s.json"))
    let file = try SplitFile(path: scratch.file("s.json"))
    let whole = try file.sampled(.coop, shots: 4, seed: 2)
    let new = try whole.selecting(.new)
    #expect(new.train.map(\.path) == whole.train.filter { $0.label > 1 }.map(\.path))
    #expect(new.sample == whole.sample)
    #expect(new.provenance.settings["classes"] == "new")
}

@Test func aSelectionOfASelectionKeepsTheOriginalLabels() throws {
    let split = try sampleSplit(classes: ["a", "b", "c", "d", "e"])
    let some = try split.selecting(.new).selecting(.names(["e"]))
    #expect(some.origin == ClassOrigin(dataset: "mine", labels: [4]))
}

@Test func classNamesComeFromTheOptionOrAFile() throws {
    let scratch = try ScratchFolder()
    #expect(try ClassSelection("base") == .base)
    #expect(try ClassSelection("ant, sea lion") == .names(["ant", "sea lion"]))
    #expect(try ClassSelection(scratch.write("ant\nsea lion\n", "names.txt")) == .names(["ant", "sea lion"]))
    #expect(try ClassSelection(scratch.write(#"["a, b"]"#, "names.json")) == .names(["a, b"]))
    #expect(fault { () throws(Fault) in _ = try ClassSelection(",") }?.status == .configuration)
}

@Test func anUnknownClassIsRefusedWithSimilarNames() throws {
    let split = try sampleSplit(classes: ["airplane", "air plant", "sea lion", "ant"])
    let found = fault { () throws(Fault) in _ = try split.selecting(.names(["airplan"])) }
    #expect(found?.remedy == "the most similar names are 'airplane', 'air plant'")
    let twice = fault { () throws(Fault) in _ = try split.selecting(.names(["ant", "ant"])) }
    #expect(twice?.found == "'ant' twice")
}

@Test func aValSubsetCanBeSampledFromTheRestOfTrain() throws {
    let scratch = try ScratchFolder()
    try sampleSplit(counts: (6, 0, 2)).write(to: scratch.file("s.json"))
    let file = try SplitFile(path: scratch.file("s.json"))
    let plain = try file.sampled(.coop, shots: 4, seed: 1)
    let few = try file.sampled(.coop, shots: 4, seed: 1, valFromTrain: true)
    #expect(few.train == plain.train)
    // Two items of each class are left over.
    #expect(few.val.counts(classCount: 3) == [2, 2, 2])
    #expect(Set(few.val.map(\.path)).isDisjoint(with: few.train.map(\.path)))
    try sampleSplit().write(to: scratch.file("t.json"))
    let whole = try SplitFile(path: scratch.file("t.json"))
    let found = fault { () throws(Fault) in _ = try whole.sampled(.coop, shots: 1, seed: 1, valFromTrain: true) }
    #expect(found?.found == "18 val items")
}
