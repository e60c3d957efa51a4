import Core
import Splits
import TestSupport
import Testing

private func file(in scratch: borrowing ScratchFolder) throws -> SplitFile {
    let text = """
        {"train": [["cats/1.jpg", 0, "cat"], ["cats/2.jpg", 0, "cat"], ["dogs/1.jpg", 1, "dog"]],
         "val": [["dogs/a=b.jpg", 1, "dog"]], "test": [["cats/9.jpg", 0, "cat"], ["cats/old/9.jpg", 0, "cat"]]}
        """
    return try SplitFile(path: scratch.write(text, "mine.json"))
}

private func correction(_ path: String, _ name: String) -> LabelCorrection {
    LabelCorrection(path: path, className: name, place: "here")
}

@Test(arguments: [
    ("cats/2.jpg", "dog"), ("./cats/2.jpg", "Dog"), ("/data/photos/cats/2.jpg", "1"), ("2.jpg", "dog"),
])
func aCorrectedItemKeepsItsSubset(path: String, name: String) throws {
    let scratch = try ScratchFolder()
    let file = try file(in: scratch)
    let split = try file.relabeled([correction(path, name)])
    #expect(split.train.map(\.label) == [0, 1, 1] && split.train.map(\.path) == file.split.train.map(\.path))
    #expect(split.val == file.split.val && split.test == file.split.test && split.classes == ["cat", "dog"])
    #expect(split.provenance.inputs.map(\.digest) == [file.input.digest])
    let changes = SplitChanges(from: file.split, to: split)
    #expect(
        changes.lines == ["1 item changed class, 0 changed subset, 0 new, 0 gone", "  class: cats/2.jpg (cat -> dog)"])
    #expect(changes.summary == "1 item has another class (cats/2.jpg)")
}

@Test func newClassesAreAddedOnRequest() throws {
    let scratch = try ScratchFolder()
    let file = try file(in: scratch)
    let refused = fault { _ = try file.relabeled([correction("cats/2.jpg", "dig")]) }
    #expect(refused?.status == .badData && refused?.subject == "here" && refused?.expected == "'dog'")
    #expect(refused?.remedy.contains("new_classes") == true)
    let split = try file.relabeled(
        [correction("cats/2.jpg", "fox"), correction("cats/9.jpg", "fox")], addsClasses: true)
    #expect(split.classes == ["cat", "dog", "fox"] && split.train[1].label == 2 && split.test[0].label == 2)
}

@Test(arguments: [
    ("9.jpg", "one item, not 2: 'cats/9.jpg', 'cats/old/9.jpg'"), ("cats/3.jpg", "an item of mine.json"),
    ("s/2.jpg", "an item of mine.json"),
])
func aPathNamesOneItem(path: String, expected: String) throws {
    let scratch = try ScratchFolder()
    let file = try file(in: scratch)
    let refused = fault { _ = try file.relabeled([correction(path, "dog")]) }
    #expect(refused?.found == "'\(path)'" && refused?.expected == expected)
}

@Test func twoClassesForOneItemAreRefused() throws {
    let scratch = try ScratchFolder()
    let file = try file(in: scratch)
    let refused = fault { _ = try file.relabeled([correction("cats/2.jpg", "dog"), correction("2.jpg", "cat")]) }
    #expect(refused?.found == "'cat' for '2.jpg'" && refused?.expected == "'dog', as at here")
    #expect(try file.relabeled([correction("cats/2.jpg", "dog"), correction("2.jpg", "dog")]).train[1].label == 1)
}

@Test func aSampleIsNotRelabeled() throws {
    let scratch = try ScratchFolder()
    let file = try file(in: scratch)
    try file.sampled(.coop, shots: 1, seed: 1).write(to: scratch.file("few.json"))
    let few = try SplitFile(path: scratch.file("few.json"))
    let refused = fault { _ = try few.relabeled([correction("dogs/1.jpg", "cat")]) }
    #expect(refused?.found == "a few-shot sample of 1 shots")
}
