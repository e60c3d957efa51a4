import Core
import Foundation
import TestSupport
import Testing

private let tools = ["fewshot-split", "fewshot-features", "fewshot-train", "fewshot-report"]

@Test(arguments: tools) func theHelpOfAToolListsTheExitStatuses(tool: String) throws {
    let help = try ToolRun(tool, ["--help"])
    #expect(help.status == 0)
    let words = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("Exit status: 0 done; 64 a command line that cannot be parsed; 65 damaged"), "\(words)")
    #expect(words.contains("130 an interruption"))
}

@Test(arguments: tools, ["bash", "zsh", "fish"]) func aToolCompletesItsVerbs(tool: String, shell: String) throws {
    let script = try ToolRun(tool, ["--generate-completion-script", shell])
    #expect(script.status == 0 && script.output.contains(tool) && script.output.contains("help"))
}

@Test func namesOfMethodsComplete() throws {
    let script = try ToolRun("fewshot-train", ["--generate-completion-script", "bash"]).output
    #expect(script.contains("tip-adapter-f") && script.contains("cross-modal"))
}

/// Arguments that no verb accepts, and parts of the sentences about them.
@Test(
    arguments: [
        (["fewshot-train", "--alfa", "1"], ["'--alfa'", "'--alpha'", "? See 'fewshot-train run --help'"]),
        (["fewshot-train", "--method", "tipadapter", "--features", "x"], ["'tipadapter'", "use 'tip-adapter'"]),
        (["fewshot-train", "small"], ["small: found a folder", "--features small"]),
        (["fewshot-train", "train", "--features", "small"], ["did you mean 'fewshot-train run'"]),
        (["fewshot-report", "htlm", "runs"], ["did you mean 'fewshot-report html'"]),
        (["fewshot-split", "import", "photos"], ["fewshot-split import folder photos"]),
        (["fewshot-train", "--features", "."], ["./small"]),
        (["fewshot-train", "--features", "small", "--classes", "unicorn"], ["'unicorn'", "those of small are "]),
        (["fewshot-train", "--features", "small", "--shots", "64"], ["--shots all", "--allow-fewer"]),
        (["fewshot-train", "--features", "small", "--shots", "3-1"], ["'3-1'", "1,2,4 or 1-4"]),
        (
            ["fewshot-train", "--features", "small", "--method", "up-adapter", "--batch-order", "o.npy"],
            ["--batch-order: found up-adapter", "tip-adapter-f"]
        ),
    ]) func aWrongCallIsToldTheRightOne(words: [String], parts: [String]) throws
{
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.file("small"))
    try scratch.write("no image", "photos/cat/1.jpg")
    let run = try ToolRun(words[0], Array(words.dropFirst()), shell: "cd '\(scratch.path)' &&")
    #expect([64, 65, 66, 78].contains(run.status))
    #expect(run.messages.split(separator: "\n").filter { !$0.hasPrefix("note: ") }.count == 1, "\(run.messages)")
    for part in parts { #expect(run.messages.contains(part), "\(part): \(run.messages)") }
}

@Test func reportsAreToldAsJSON() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.file("small"))
    let runs = scratch.file("runs")
    let study = [
        "--features", scratch.file("small"), "--method", "zero-shot,tip-adapter", "--shots", "1-2", "-o", runs,
    ]
    let trained = try ToolRun("fewshot-train", study + ["--seeds", "1"])
    #expect(trained.status == 0 && trained.messages.contains("[3/3] small/tip-adapter.2shot.s1.val: done"))
    #expect(trained.output.contains("* is the best of its column.\n"), "\(trained.output)")
    let again = try ToolRun("fewshot-train", study + ["--seeds", "1"])
    #expect(again.output.contains("3 runs reused\n"))
    let table = try ToolRun("fewshot-report", ["table", runs, "--json"])
    let lines = try JSONSerialization.jsonObject(with: Data(table.output.utf8)) as? [[String: Any]]
    #expect(lines?.compactMap { $0["method"] as? String } == ["zero-shot", "tip-adapter", "tip-adapter"])
    let page = try ToolRun("fewshot-report", ["html", runs, "-o", scratch.file("r.html"), "--json"])
    let told = try JSONDecoder().decode([String: String].self, from: Data(page.output.utf8))
    #expect(told == ["path": scratch.file("r.html"), "outcome": "written"])
    #expect(try ToolRun("fewshot-report", ["html", runs, "-o", "-", "--json"]).status == 64)
    #expect(try ToolRun("fewshot-report", ["table", runs, "--format", "csv", "--json"]).status == 64)
    let status = try ToolRun("fewshot-train", ["status", "-o", runs])
    #expect(status.status == 0 && status.output == "3 of 3 runs done, 0 missing, 0 unusable\n")
}
