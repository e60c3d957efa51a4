import Core
import Foundation
import SplitCheck
import Splits
import TestSupport
import Testing

/// A tree with many problems.
private func richTree() throws -> CheckedTree {
    var tree = try CheckedTree.made(root: "zoo/images", classes: ["cat", "dog", "emu"], each: 20)
    for number in 0 ..< 14 { tree.name("bird/\(number).jpg", .train, 2) }
    for number in 0 ..< 12 { tree.name("cat/gone\(number).jpg", .train, 0) }
    tree.name("cat/page.jpg", .val, 0)
    try tree.write("cat/page.jpg", Data("<html>".utf8))
    tree.name("cat/cut.jpg", .val, 0)
    try tree.write("cat/cut.jpg", CheckedTree.image("full.jpg").prefix(700))
    tree.name("dog/other.jpg", .val, 1)
    try tree.write("dog/other.jpg", CheckedTree.image("rgb.png"))
    tree.name("dog/train0.jpg", .test, 1)
    tree.name("dog/train1.jpg", .train, 0)
    for (name, part) in [("cat/a.jpg", Subset.train), ("dog/b.jpg", .test)] {
        tree.name(name, part, name.hasPrefix("cat") ? 0 : 1)
        try tree.write(name, CheckedTree.image("gray.jpg"))
    }
    for number in 0 ..< 3 { try tree.write("fox/\(number).jpg") }
    tree.name("shard.tar/1.jpg", .train, 2)
    // An empty archive: it consists of the zero blocks at the end.
    try tree.write("shard.tar", Data(count: 10_240))
    return tree
}

@Test func thePageShowsAllFindingsAfterTheVerdict() throws {
    let tree = try richTree()
    var report = try tree.report(decodes: true).page(base: "data")
    // The split's file has a random name.
    report.replace(try Regex("in fewshot-[^ ]*"), with: "in zoo.split.json", maxReplacements: 1)
    #expect(report == String(decoding: try bytes(of: fixture("check/page.txt")), as: UTF8.self), "\(report)")
    #expect(report.split(separator: "\n", omittingEmptySubsequences: false).count <= 60)
}

@Test func listsInThePageAreTruncatedAndThoseOfTheReportAreWhole() throws {
    var tree = try CheckedTree.made(each: 1)
    for number in 0 ..< 50 { tree.name("cat/gone\(number).jpg", .train, 0) }
    let report = try tree.report()
    #expect(report.missing.files.count == 50)
    let page = report.page(base: "data")
    #expect(page.contains("  train cat/gone9.jpg\n  and 40 more; --json lists all\n"))
}

@Test func theKeysOfTheReportAreStable() throws {
    let tree = try richTree()
    let data = Data(JSONDocument.page(try tree.report(decodes: true)).utf8)
    let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
        report.keys.sorted() == [
            "archives", "beyond", "classes", "clipped", "comparedWith", "contradictions", "countDifferences", "damaged",
            "dataset", "emptyClasses", "findings", "flawed", "links", "looked", "missing", "notes", "otherFormats",
            "otherRoots",
            "parts", "prompts", "renames", "repeatedImages", "repeatedPaths", "root", "smallClasses", "split",
            "strangers",
            "unreadable", "unsupported", "verdict",
        ])
    #expect(report["verdict"] as? String == "unusable")
    let missing = try #require(report["missing"] as? [String: Any])
    #expect(missing["items"] as? Int == 27 && (missing["files"] as? [Any])?.count == 13)
    let findings = try #require(report["findings"] as? [[String: Any]])
    #expect(
        findings.map { "\($0["severity"] ?? "") \($0["kind"] ?? "") \($0["count"] ?? "")" } == [
            "unusable missing 27", "unusable unreadable 1", "unusable damaged 1", "unusable contradictions 1",
            "unusable pathsInTrainAndTest 1", "unusable imagesInTrainAndTest 1", "doubtful strangers 1",
            "doubtful repeatedPaths 1", "doubtful otherFormats 1", "doubtful beyond 3", "fine archives 1",
        ])
}
