import Core
import Foundation
import SplitCheck
import Splits
import Testing

@Test(arguments: [
    (Subset.train, Subset.test, CheckSeverity.unusable), (.train, .val, .doubtful), (.val, .test, .doubtful),
])
func aPathInTwoSubsetsIsUnusableInTrainAndTestOnly(_ a: Subset, _ b: Subset, _ severity: CheckSeverity) throws {
    var tree = try CheckedTree.made()
    try tree.add("cat/same.jpg", a, 0)
    tree.name("cat/same.jpg", b, 0)
    let report = try tree.report()
    #expect(report.verdict == severity)
    #expect(report.repeatedPaths.map { $0.items.map(\.subset) } == [[a, b]])
    // It is not reported as a repeated image as well.
    #expect(report.repeatedImages.isEmpty && report.contradictions.isEmpty)
}

@Test func aPathWithTwoClassesIsUnusable() throws {
    var tree = try CheckedTree.made()
    try tree.add("cat/same.jpg", .val, 0)
    tree.name("cat/same.jpg", .val, 1)
    let report = try tree.report()
    #expect(report.verdict == .unusable && report.reasons == "1 path with two classes")
    #expect(report.contradictions.map { $0.items.map(\.className) } == [["cat", "dog"]])
}

@Test(arguments: [100, 4096, 4097, 70_000])
func imagesOfTheSameContentAreFoundAtAnyLength(_ length: Int) throws {
    var tree = try CheckedTree.made()
    var data = try CheckedTree.image("gray.jpg")
    data += Data(repeating: 7, count: max(0, length - data.count))
    // Of the same length, and different in the last byte only.
    var other = data
    other[other.count - 1] ^= 1
    for (name, part, content) in [
        ("a", Subset.train, data), ("b", .test, other), ("c", .test, data), ("d", .train, data),
    ] {
        tree.name("cat/\(name).jpg", part, 0)
        try tree.write("cat/\(name).jpg", content)
    }
    let report = try tree.report()
    #expect(report.verdict == .unusable && report.reasons == "1 image in both train and test")
    #expect(report.repeatedImages.map { $0.items.map(\.path) } == [["cat/a.jpg", "cat/d.jpg", "cat/c.jpg"]])
}

@Test func aRepeatedImageWithinASubsetIsDoubtful() throws {
    var tree = try CheckedTree.made()
    for name in ["cat/a.jpg", "dog/b.jpg"] {
        tree.name(name, .train, name.hasPrefix("cat") ? 0 : 1)
        try tree.write(name, CheckedTree.image("gray.jpg"))
    }
    let report = try tree.report()
    #expect(report.verdict == .doubtful && report.found == ["repeatedImages 1"])
}

@Test func anItemInAnotherClassesFolderIsDoubtful() throws {
    var tree = try CheckedTree.made()
    try tree.add("cat/dog.jpg", .train, 1)
    let report = try tree.report()
    #expect(report.verdict == .doubtful && report.found == ["strangers 1"])
    #expect(report.misplaced.map(\.text) == ["train cat/dog.jpg dog"])
}

@Test func foldersThatAreNotPerClassGiveNoMisplacedItems() throws {
    var tree = try CheckedTree.made(each: 0)
    for number in 0 ..< 60 { try tree.add("all/\(number).jpg", .train, number < 57 ? 0 : 1) }
    for number in 0 ..< 3 { try tree.add("all/test\(number).jpg", .test, number % 2) }
    #expect(try tree.report().misplaced.isEmpty)
}

@Test func aSampleIsComparedWithItsOwnShots() throws {
    var tree = try CheckedTree.made("caltech101", each: 0)
    for number in 0 ..< 5 { try tree.add("cat/\(number).jpg", .train, 0) }
    for number in 0 ..< 4 { try tree.add("dog/\(number).jpg", .train, 1) }
    for number in 0 ..< 3 { try tree.add("dog/val\(number).jpg", .val, 1) }
    try tree.add("dog/test.jpg", .test, 1)
    func sample(_ shots: Int, _ scheme: FewShotSample.Scheme) -> SampleRecord {
        SampleRecord(shots: shots, seed: 1, scheme: scheme, parent: Digest(of: "parent"))
    }
    let origin = ClassOrigin(dataset: "caltech101", labels: [3, 7])
    func differences(_ shots: Int, _ scheme: FewShotSample.Scheme) throws -> [String] {
        try tree.report(origin: origin, sample: sample(shots, scheme)).countDifferences.map {
            "\($0.what) \($0.found) \($0.expected)"
        }
    }
    #expect(try differences(5, .coop).isEmpty)
    #expect(try differences(4, .coop) == ["train items of 'cat' 5 4"])
    #expect(try differences(5, .tip) == ["train items of 'dog' 4 5"])
    #expect(try differences(2, .tip) == ["train items of 'cat' 5 2", "train items of 'dog' 4 2"])
    #expect(try differences(5, .lpclip) == ["train items of 'dog' 4 5", "val items of 'dog' 3 4"])
}

@Test func aWholeSplitIsComparedWithTheCatalogAndASelectionWithItsLimits() throws {
    var tree = try CheckedTree.made("caltech101")
    let whole = try tree.report()
    #expect(
        whole.countDifferences.map(\.expected) == [100, 4128, 1649, 2465]
            && whole.countDifferences.map(\.found) == [2, 32, 32, 32])
    #expect(whole.verdict == .doubtful && whole.comparedWith == [.catalog])
    #expect(try tree.report(origin: ClassOrigin(dataset: "caltech101", labels: [0, 99])).countDifferences.isEmpty)
    let beyond = try tree.report(origin: ClassOrigin(dataset: "caltech101", labels: [0, 100])).countDifferences
    #expect(beyond.map(\.what) == ["highest label of origin"])
    tree.dataset = "zoo"
    #expect(try tree.report().comparedWith.isEmpty)
}

@Test func smallAndEmptyClassesAreReported() throws {
    var tree = try CheckedTree.made(classes: ["cat", "dog", "emu", "fox"], each: 0)
    for number in 0 ..< 16 { try tree.add("cat/\(number).jpg", .train, 0) }
    for number in 0 ..< 15 { try tree.add("dog/\(number).jpg", .train, 1) }
    try tree.add("fox/1.jpg", .train, 3)
    for (label, name) in ["cat", "dog", "emu"].enumerated() { try tree.add("\(name)/test.jpg", .test, label) }
    let report = try tree.report()
    #expect(report.smallClasses.map { "\($0.name) \($0.items)" } == ["dog 15", "fox 1"])
    #expect(report.emptyClasses.map { "\($0.name) \($0.subset)" } == ["emu train", "fox test"])
}

@Test func promptsWithoutSomeClassesAreDoubtfulAndAMissingFileIsAnError() throws {
    let tree = try CheckedTree.made()
    let file = tree.path + "-prompts.json"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data(#"{"cat": ["It purrs."]}"#.utf8).write(to: URL(filePath: file))
    let report = try tree.report(prompts: file)
    #expect(report.found == ["prompts 1"] && report.prompts[0].contains("'dog'"))
    try Data(#"{"cat": ["It purrs."], "dog": ["It barks."]}"#.utf8).write(to: URL(filePath: file))
    #expect(try tree.report(prompts: file).verdict == .fine)
    #expect { try tree.report(prompts: "/no/such.json") } throws: { ($0 as? Fault)?.status == .noInput }
}
