import Foundation
import TestSupport
import Testing

/// Writes CoOp's split of two images of one class and, if asked for, the images.
private func writeSplit(_ scratch: borrowing ScratchFolder, images: Int) throws -> String {
    let split = #"{"train": [["cat/1.png", 0, "cat"]], "val": [], "test": [["cat/2.png", 0, "cat"]]}"#
    try Data(split.utf8).write(to: URL(filePath: scratch.file("split.json")))
    let folder = scratch.file("data/cat")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/images")
    for (number, name) in ["gray.png", "rgb.png"].prefix(images).enumerated() {
        try FileManager.default.copyItem(
            at: fixtures.appending(path: name), to: URL(filePath: "\(folder)/\(number + 1).png"))
    }
    return scratch.file("split.json")
}

@Test func checkExitsWithZeroUnlessTheDataAreUnusable() throws {
    let scratch = try ScratchFolder()
    let split = try writeSplit(scratch, images: 2)
    let run = try ToolRun("fewshot-split", ["check", split, "--root", scratch.file("data"), "--decode"])
    #expect(run.status == 0, "\(run.messages)")
    #expect(run.output.hasPrefix("fine: no problems in split.json (split, 1 class)\n"), "\(run.output)")
    #expect(
        run.output.contains("\n2 files read: 2 png; 2 decoded completely\nnext: fewshot-features build "),
        "\(run.output)")
    #expect(!run.messages.contains("error"))
}

@Test func checkPrintsItsReportAndExitsWith65WhereImagesAreMissing() throws {
    let scratch = try ScratchFolder()
    let split = try writeSplit(scratch, images: 1)
    let page = try ToolRun("fewshot-split", ["check", split, "--root", scratch.file("data")])
    #expect(page.status == 65 && page.output.hasPrefix("unusable: 1 missing item in split.json"))
    #expect(
        page.messages.hasSuffix("split.json: found 1 missing item; see the report for each of them.\n"),
        "\(page.messages)")
    let json = try ToolRun("fewshot-split", ["check", split, "--root", scratch.file("data"), "--json"])
    let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(json.status == 65 && report?["verdict"] as? String == "unusable")
}

@Test func checkAnswersWrongArgumentsInOneSentence() throws {
    let scratch = try ScratchFolder()
    let split = try writeSplit(scratch, images: 2)
    let none = try ToolRun("fewshot-split", ["check", split, "--root", scratch.file("none")])
    #expect(none.status == 66 && none.output.isEmpty && none.messages.contains("none: found no such directory"))
    #expect(try ToolRun("fewshot-split", ["check", split]).status == 64)
    let prompts = ["check", split, "--root", scratch.file("data"), "--prompts", "nonsense"]
    #expect(try ToolRun("fewshot-split", prompts).status == 78)
}
