import Core
import Foundation
import TestSupport
import Testing

@Test func linesOfSeveralThreadsStayWhole() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("logs/results.jsonl")
    DispatchQueue.concurrentPerform(iterations: 8) { worker in
        for index in 0 ..< 50 {
            // Half of the lines are offered by two threads each.
            let name = index % 2 == 0 ? "shared \(worker / 2) \(index)" : "own \(worker) \(index)"
            let line = name + String(repeating: ".", count: 300 + index)
            try? LockedLog.append(line, to: path, unless: { $0 == line })
        }
    }
    let lines = scratch.text("logs/results.jsonl").split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 8 * 25 + 4 * 25 + 1 && lines.last == "")
    #expect(Set(lines).count == lines.count)
    #expect(lines.dropLast().allSatisfy { $0.hasSuffix("...") && ($0.hasPrefix("own") || $0.hasPrefix("shared")) })
}

@Test func aLineReplacesOthersWhileOtherThreadsAppend() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("results.jsonl")
    DispatchQueue.concurrentPerform(iterations: 8) { worker in
        for index in 0 ..< 50 {
            try? LockedLog.append(
                "worker \(worker) \(index)", to: path, replacing: { $0.hasPrefix("worker \(worker) ") })
        }
    }
    let lines = scratch.text("results.jsonl").split(separator: "\n").sorted()
    #expect(lines == (0 ..< 8).map { "worker \($0) 49" })
}

@Test func halfALineStaysAlone() throws {
    let scratch = try ScratchFolder()
    try PublishedFile.publish("one\ntw", to: scratch.file("log"))
    try LockedLog.append("three", to: scratch.file("log"))
    #expect(scratch.text("log") == "one\ntw\nthree\n")
    #expect(fault { try LockedLog.append("x", to: scratch.file("log/inside")) }?.status == .cannotCreate)
}

private struct Page: Codable, Equatable {
    var zebra = 1.5
    var apple = "a/b"
    var list = [1, 2]
}

@Test func keysAreSortedAndSlashesPlain() throws {
    #expect(JSONDocument.line(Page()) == #"{"apple":"a/b","list":[1,2],"zebra":1.5}"#)
    #expect(JSONDocument.page(Page()).hasSuffix("}\n"))
    #expect(JSONDocument.line(["x": Double.nan, "y": .infinity]) == #"{"x":"nan","y":"inf"}"#)
    let scratch = try ScratchFolder()
    try PublishedFile.publish(JSONDocument.page(Page()), to: scratch.file("page.json"))
    #expect(try JSONDocument.read(Page.self, from: scratch.file("page.json"), expected: "a page") == Page())
}

@Test(arguments: [
    (#"{"zebra": 1, "apple": "a"}"#, "no 'list' at the top"),
    (#"{"zebra": 1, "apple": 2, "list": []}"#, "a value that is not a string at apple"),
    (#"{"zebra": 1, "apple": "a", "list": [1, "b"]}"#, "a value that is not an integer at list."),
    (#"{"zebra": null, "apple": "a", "list": []}"#, "null"),
    (#"{"zebra": 1"#, "broken JSON"), ("", "broken JSON"), ("\u{0}", "only zero bytes"),
    (String(repeating: "[", count: 100_000), "broken JSON"),
])
func wrongJSONIsSaidInOneSentence(text: String, found: String) {
    let fault = fault {
        _ = try JSONDocument.decode(Page.self, from: Data(text.utf8), path: "page.json", expected: "a page")
    }
    #expect(fault?.status == .badData && fault?.subject == "page.json")
    #expect(fault?.description.contains(found) == true, "\(String(describing: fault))")
    #expect(fault?.description.contains("\n") == false && fault?.description.hasSuffix("the file.") == true)
}

private func words(_ difference: Provenance.Difference?) -> [String] {
    difference.map { [$0.field, $0.found, $0.expected] } ?? []
}

@Test func theFirstDifferenceNamesFieldAndBothValues() throws {
    let scratch = try ScratchFolder()
    try PublishedFile.publish("1", to: scratch.file("one.h5"))
    try PublishedFile.publish("2", to: scratch.file("two.h5"))
    let one = try Input(reading: scratch.file("one.h5"), as: "train")
    let two = try Input(reading: scratch.file("two.h5"), as: "train")
    let base = Provenance(tool: "t", inputs: [one], settings: ["a": "1", "b": "2"])
    #expect(base.firstDifference(from: base) == nil)
    var other = base
    other.settings["b"] = "3"
    #expect(words(base.firstDifference(from: other)) == ["b", "2", "3"])
    other.settings["b"] = nil
    #expect(words(base.firstDifference(from: other)) == ["b", "2", "none"])
    other = base
    other.version = "0"
    #expect(base.firstDifference(from: other)?.field == "version")
    other = base
    other.inputs = [two]
    let digests = [Digest(of: "1").description, Digest(of: "2").description]
    #expect(words(base.firstDifference(from: other)) == ["train"] + digests)
    other.settings["a"] = "0"
    #expect(base.differences(from: other).map(\.field) == ["a", "train"])
    other.settings["a"] = "1"
    other.settings["b"] = "2"
    other.inputs = []
    #expect(base.firstDifference(from: other)?.field == "train")
    // A moved or renamed input is the same input.
    try PublishedFile.publish("1", to: scratch.file("elsewhere/renamed.h5"))
    other.inputs = [try Input(reading: scratch.file("elsewhere/renamed.h5"), as: "train")]
    #expect(base.firstDifference(from: other) == nil)
    #expect(one.name == "one.h5" && fault { _ = try Input(reading: scratch.file("none"), as: "x") }?.status == .noInput)
}
