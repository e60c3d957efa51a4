import Core
import Foundation
import Splits
import TestSupport
import Testing

@Test func aWrittenSplitIsReadUnchanged() throws {
    let scratch = try ScratchFolder()
    var split = try sampleSplit()
    split.origin = ClassOrigin(dataset: "all", labels: [4, 7, 2])
    let path = scratch.file("mine.split.json")
    try split.write(to: path)
    #expect(try SplitFile(path: path).split == split)
    let first = try bytes(of: path)
    try split.write(to: path)
    #expect(try bytes(of: path) == first)
    // The file is plain JSON.
    let other = try JSONSerialization.jsonObject(with: Data(first)) as? [String: Any]
    let train = try #require(other?["train"] as? [[Any]])
    #expect(train.count == 60)
    #expect(train[0][0] as? String == split.train[0].path)
}

@Test func aSampleNamesItsParentByContent() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("mine.split.json")
    try sampleSplit().write(to: path)
    let file = try SplitFile(path: path)
    let few = try file.sampled(.tip, shots: 25, seed: 7)
    #expect(few.sample == SampleRecord(shots: 25, seed: 7, scheme: .tip, parent: file.input.digest))
    #expect(few.train.counts(classCount: 3) == [25, 25, 25])
    #expect(few.val == file.split.val)
    try few.write(to: scratch.file("few.split.json"))
    let again = try SplitFile(path: scratch.file("few.split.json"))
    #expect(again.split == few)
    let found = fault { () throws(Fault) in _ = try again.sampled(.coop, shots: 1, seed: 1) }
    #expect(found?.found == "a few-shot sample of 25 shots")
}

@Test func coopsFileGetsItsRootFromTheCatalog() throws {
    let scratch = try ScratchFolder()
    let text = #"{"train": [["Faces/a.jpg", 0, "face"]], "val": [], "test": [["Ants/b.jpg", 1, "ant"]]}"#
    let split = try SplitFile(path: scratch.write(text, "split_zhou_Caltech101.json")).split
    #expect(split.dataset == "caltech101")
    #expect(split.root == "caltech-101/101_ObjectCategories")
    #expect(split.classes == ["face", "ant"])
    let own = try SplitFile(path: scratch.write(text, "birds.v2.json")).split
    #expect((own.dataset, own.root) == ("birds", "."))
    #expect(try SplitFile(path: scratch.file("birds.v2.json"), dataset: "caltech101").split.root == split.root)
}

@Test(arguments: [
    ("", "an empty file"),
    ("[]", "a list"),
    (#"{"train": [["a.jpg", 0, "x"]"#, "truncated JSON, at byte 28"),
    (#"{"train": [["a.jpg", 0, "x""#, "truncated JSON, at byte 27"),
    (#"{"train": [["a.jpg" 0, "x"]], "val": [], "test": []}"#, "invalid JSON at byte"),
    (#"{"train": [["a.jpg", 0, "x"]], "val": [], "test": []} {}"#, "invalid JSON at byte"),
    (#"{"train": [["a.jpg", 0, "x"]], "val": []}"#, "no valid 'test'"),
    (#"{"train": [["a.jpg", 0, "x"]], "train": [], "val": [], "test": []}"#, "the key 'train'"),
    (
        #"{"train": [["a.jpg", 0, "x"], ["b.jpg", 0, "y"]], "val": [], "test": []}"#,
        "the label 0 with the name 'y' at train item 1"
    ),
    (
        #"{"train": [["a.jpg", 0, "x"], ["b.jpg", 1, "x"]], "val": [], "test": []}"#,
        "the class 'x' twice, with the labels 0 and 1"
    ),
    (
        #"{"train": [["a.jpg", 0, "x"], ["b.jpg", 2, "z"]], "val": [], "test": []}"#,
        "no item of class 1, and therefore no name"
    ),
    (#"{"train": [["a.jpg", 0, "x"]], "val": [["b.jpg", 3]], "test": []}"#, "the label 3 without a name at val item 0"),
    (#"{"train": [["a.jpg", -1, "x"]], "val": [], "test": []}"#, "the number -1"),
    (#"{"train": [["a.jpg", 1e9, "x"]], "val": [], "test": []}"#, "the number 1000000000"),
    (#"{"train": [["a.jpg", 18446744073709551615, "x"]], "val": [], "test": []}"#, "the number"),
    (#"{"train": [["a.jpg", "0", "x"]], "val": [], "test": []}"#, "the text '0'"),
    (
        #"{"train": [["/etc/passwd", 0, "x"]], "val": [], "test": []}"#,
        "an absolute path at train item 0: '/etc/passwd'"
    ),
    (#"{"train": [["a/../../b", 0, "x"]], "val": [], "test": []}"#, "a path with '..' in it at train item 0"),
    (#"{"train": [["a//b", 0, "x"]], "val": [], "test": []}"#, "a path with an empty component"),
    (#"{"train": [["./a", 0, "x"]], "val": [], "test": []}"#, "a path with '.' in it"),
    (#"{"train": [["", 0, "x"]], "val": [], "test": []}"#, "an empty path"),
    (#"{"train": [["a\u0000b", 0, "x"]], "val": [], "test": []}"#, "a path with a zero byte"),
    (#"{"train": [["a\ud800b", 0, "x"]], "val": [], "test": []}"#, "invalid JSON at byte"),
    (#"{"train": [["a", 0, " "]], "val": [], "test": []}"#, "no name for class 0"),
    (#"{"train": [], "val": [], "test": []}"#, "no classes"),
    (#"{"train": {}, "val": [], "test": []}"#, "no valid 'train'"),
    (#"{"format": "other", "train": [], "val": [], "test": []}"#, "another 'format', or none"),
    (#"{"classes": ["a"], "train": [], "val": [], "test": []}"#, "another 'format', or none"),
    (#"{"format": "fewshot-split", "version": 2, "train": [], "val": [], "test": []}"#, "another 'version', or none"),
    (#"{"format": "fewshot-split", "version": 1, "train": [], "val": [], "test": []}"#, "no valid 'dataset'"),
])
func anInvalidSplitIsRefusedInOneSentence(_ text: String, _ words: String) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(text, "foreign.json")
    let found = fault { () throws(Fault) in _ = try SplitFile(path: path) }
    #expect(found?.status == .badData)
    #expect(found?.subject == path)
    #expect(found?.found.hasPrefix(words) == true, "\(found?.description ?? "nothing thrown")")
}

@Test func invalidUTF8IsReportedWithItsOffset() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(Array(#"{"train": [["a"#.utf8) + [0xFF, 0x22], "foreign.json")
    let found = fault { () throws(Fault) in _ = try SplitFile(path: path) }
    #expect(found?.found == "invalid UTF-8 at byte 14")
}

@Test func labelsBeyondTheClassesAreRefused() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("mine.split.json")
    try sampleSplit().write(to: path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let label = try #require(text.range(of: ", 2]"))
    try scratch.write(text.replacingCharacters(in: label, with: ", 3]"), "mine.split.json")
    let found = fault { () throws(Fault) in _ = try SplitFile(path: path) }
    #expect(found?.found == "the label 3 at train item 0")
}

/// Seeded mutations of a valid file are read or refused.
@Test func noDamageToASplitCrashes() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("mine.split.json")
    try sampleSplit(counts: (3, 1, 1)).write(to: path)
    var refused = 0
    try forEachMutation(of: path, seed: 20_261_121, rounds: 3000) { _ in
        if fault({ () throws(Fault) in _ = try SplitFile(path: path) }) != nil { refused += 1 }
    }
    #expect(refused > 1500)
}

@Test func anImageWithTwoLabelsIsRefusedForFeatures() throws {
    var split = try sampleSplit()
    try split.checkLabels("mine.split.json")
    // The scheme tip repeats items with their label.
    split.train.append(split.train[0].path, label: split.train[0].label)
    try split.checkLabels("mine.split.json")
    split.test.append(split.train[0].path, label: split.train[0].label == 0 ? 1 : 0)
    let refused = fault { try split.checkLabels("mine.split.json") }
    #expect(refused?.status == .badData && refused?.subject == "mine.split.json")
    #expect(refused?.found.hasPrefix("the image '\(split.train[0].path)' of the classes '") == true)
}

@Test func aSplitSavedByAnEditorForWindowsIsRead() throws {
    let scratch = try ScratchFolder()
    let split = try sampleSplit()
    try split.write(to: scratch.file("a.split.json"))
    let text = scratch.text("a.split.json").replacing("\n", with: "\r\n")
    try scratch.write("\u{FEFF}" + text, "marked.split.json")
    #expect(try SplitFile(path: scratch.file("marked.split.json")).split == split)
    let wide = Array(text.utf16).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    try scratch.write([0xFF, 0xFE] + wide, "wide.split.json")
    #expect(try SplitFile(path: scratch.file("wide.split.json")).split == split)
}
