import Core
import Foundation
import TestSupport
import Testing

/// The tools that `fewshot` contains, and a verb of each.
private let tools = ["split": "list", "features": "pack", "train": "methods", "report": "table"]

@Test(arguments: tools.keys.sorted()) func aWordOfFewshotIsTheTool(word: String) throws {
    let alone = try ToolRun("fewshot-\(word)", ["help", tools[word] ?? ""])
    let together = try ToolRun("fewshot", [word, "help", tools[word] ?? ""])
    #expect(alone.status == 0 && !alone.output.isEmpty)
    #expect(together.output == alone.output && together.status == 0)
}

@Test(arguments: tools.keys.sorted()) func fewshotUnderTheNameOfAToolIsTheTool(word: String) throws {
    let scratch = try ScratchFolder()
    let link = scratch.file("fewshot-\(word)")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: ToolRun.path(of: "fewshot"))
    let wrong = try ToolRun(link, ["no-such-verb"])
    #expect(wrong.status == 64)
    #expect(wrong.messages.hasPrefix("fewshot-\(word): error: unknown command 'fewshot-\(word) no-such-verb'"))
}

@Test func aVerbWithoutItsToolIsToldTheTool() throws {
    let wrong = try ToolRun("fewshot", ["predict"])
    #expect(wrong.status == 64 && wrong.messages.contains("did you mean 'fewshot train predict'"), "\(wrong.messages)")
}

@Test func theHelpOfFewshotNamesEveryCommand() throws {
    let help = try ToolRun("fewshot", ["--help"]).output
    for word in tools.keys + ["demo", "doctor"] { #expect(help.contains("\n  \(word) "), "\(word)") }
}

@Test func theDoctorTellsWhatABugReportNeeds() throws {
    let page = try ToolRun("fewshot", ["doctor"], shell: "OMP_NUM_THREADS=3")
    #expect(page.status == 0 && page.messages.isEmpty)
    for fact in ["fewshot ", "build ", "processor ", "OpenBLAS", "oneDNN", "MiB", "glibc", "OMP_NUM_THREADS=3"] {
        #expect(page.output.contains(fact), "\(fact) in \(page.output)")
    }
    // The tools choose OpenBLAS's kernels by a variable, which is no setting of the user.
    let json = try ToolRun("fewshot", ["doctor", "--json"], shell: "unset OPENBLAS_CORETYPE;").output
    let facts = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(facts["version"] as? String == fewshotVersion)
    #expect((facts["instructions"] as? [String])?.contains("SSE3") == true)
    #expect((facts["environment"] as? [String: String])?.keys.contains("OPENBLAS_CORETYPE") == false)
    #expect((facts["threads"] as? Int ?? 0) >= 1 && (facts["memory"] as? Int ?? 0) > 1 << 20)
}

@Test func theDemoNeedsItsFiles() throws {
    // A copy of the program elsewhere has none beside it.
    let scratch = try ScratchFolder()
    let copy = scratch.file("fewshot")
    // By another process, as in SubmitToolTests.
    try #require(ToolRun("/bin/cp", [ToolRun.path(of: "fewshot"), copy]).status == 0)
    let alone = try ToolRun(copy, ["demo", "-o", scratch.file("out")])
    #expect(alone.status == 66 && alone.messages.contains("share/fewshot/demo"), "\(alone.messages)")
    #expect(!FileManager.default.fileExists(atPath: scratch.file("out")))
}

@Test func aHiddenPreloadIsRestoredForOtherPrograms() throws {
    let scratch = try ScratchFolder()
    let write = "mkdir \"$0/bin\"; printf '#!/bin/sh\\nenv > \"%s/environment\"\\n' \"$0\" > \"$0/bin/scontrol\"; "
    try #require(ToolRun("/bin/sh", ["-c", write + "chmod +x \"$0/bin/scontrol\"", scratch.path]).status == 0)
    try writeFeatures(to: scratch.file("small"))
    let environment = "PATH='\(scratch.file("bin"))':\"$PATH\" FEWSHOT_LD_PRELOAD=/nowhere/kept.so"
    _ = try ToolRun(
        "fewshot-train",
        ["submit", "--features", scratch.file("small"), "--method", "zero-shot", "-o", scratch.file("runs")],
        shell: environment)
    let seen = try String(contentsOfFile: scratch.file("environment"), encoding: .utf8)
    #expect(seen.contains("LD_PRELOAD=/nowhere/kept.so\n") && !seen.contains("FEWSHOT_LD_PRELOAD"))
}
