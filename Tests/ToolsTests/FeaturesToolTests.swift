import Core
import Foundation
import TestSupport
import Testing

@Test func infoShowsEachPart() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path)
    let run = try ToolRun.features("info", scratch.path)
    #expect(run.status == 0 && run.messages.isEmpty)
    #expect(run.output.contains("30 items x 1 views x 16 float16") && run.output.contains("3 classes x 2 prompts"))
    let json = try ToolRun.features("info", "--json", scratch.file("text.h5")).output
    let summaries = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(summaries.first?["part"] as? String == "text" && summaries.first?["width"] as? Int == 16)
}

@Test func verifyExitsWith65WhenAByteIsWrong() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path)
    #expect(try ToolRun.features("verify", scratch.path).status == 0)
    var damaged = scratch.bytes("val.h5")
    damaged[damaged.count / 2] ^= 4
    try damaged.write(to: URL(fileURLWithPath: scratch.file("val.h5")))
    let run = try ToolRun.features("verify", scratch.path)
    #expect(run.status == 65)
    #expect(run.output.contains("WRONG seal and shapes") && run.output.contains("ok    digests"))
    #expect(try ToolRun.features("verify", "--json", scratch.file("val.h5")).output.contains("\"isSound\" : false"))
}

@Test func packAndUnpackGiveTheSameBytes() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path)
    let before = scratch.bytes("train.h5")
    #expect(try ToolRun.features("pack", scratch.path).status == 0)
    #expect(scratch.bytes("train.h5") != before)
    #expect(try ToolRun.features("verify", scratch.path).status == 0)
    #expect(try ToolRun.features("unpack", scratch.path, "-o", scratch.file("hot")).status == 0)
    #expect(scratch.bytes("hot/train.h5") == before)
    #expect(try ToolRun.features("unpack", "--threads", "1", scratch.path).status == 0)
    #expect(scratch.bytes("train.h5") == before)
}

@Test func exportNamesTheFilesItWrote() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path)
    let run = try ToolRun.features("export", scratch.path, "--part", "test", "-o", scratch.file("out"))
    #expect(run.status == 0)
    #expect(run.output.split(separator: "\n").allSatisfy { FileManager.default.fileExists(atPath: String($0)) })
    #expect(run.output.split(separator: "\n").count == 3)
    let all = try ToolRun.features("export", scratch.path, "--format", "safetensors", "-o", scratch.file("out"))
    #expect(all.output.split(separator: "\n").count == 4)
}

/// Decodes a list of objects that a tool has printed.
private func objects(_ run: ToolRun) throws -> [[String: Any]] {
    #expect(run.status == 0, "\(run.messages)")
    return try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
}

@Test func conversionsPrintTheirFilesAsJSON() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path)
    let packed = try objects(.features("pack", "--json", scratch.path))
    #expect(
        packed.compactMap { $0["path"] as? String }
            == ["train", "val", "test", "text"].map { scratch.file("\($0).h5") })
    #expect(packed.allSatisfy { $0["isCompressed"] as? Bool == true && $0["isUnchanged"] as? Bool == false })
    #expect(packed.first?["byteCount"] as? Int == scratch.bytes("train.h5").count)
    #expect(try objects(.features("pack", "--json", scratch.path)).allSatisfy { $0["isUnchanged"] as? Bool == true })
    let unpacked = try objects(.features("unpack", "--json", scratch.file("text.h5")))
    #expect(unpacked.count == 1 && unpacked.first?["isCompressed"] as? Bool == false)
    let exported = try objects(.features("export", "--json", scratch.path, "--part", "test", "-o", scratch.file("out")))
    #expect(exported.compactMap { $0["part"] as? String } == ["test", "test", "test"])
    #expect(exported.compactMap { $0["path"] as? String }.allSatisfy { FileManager.default.fileExists(atPath: $0) })
}

@Test func importNamesTheNextCommand() throws {
    let scratch = try ScratchFolder()
    let arrays = fixture("feature-arrays/lpclip")
    let output = scratch.file("study")
    let first = try ToolRun.features(
        "import", "npz", "--images", "\(arrays)/train.npz", "--part", "train", "-o", output)
    #expect(first.status == 0 && !first.output.contains("next:"), "\(first.messages)")
    let second = try ToolRun.features("import", "npy", "--images", "\(arrays)/test.npz", "--part", "test", "-o", output)
    #expect(second.output.hasSuffix("next: fewshot-train --features \(output) --protocol fixed -o runs\n"))
    let whole = try ToolRun.features("import", "folder", arrays, "-o", scratch.file("whole"))
    #expect(whole.output.hasSuffix("next: fewshot-train --features \(scratch.file("whole")) -o runs\n"))
    #expect(whole.messages.contains("Without --text no text.h5 is written; the methods that read text features"))
}

@Test(arguments: [
    (["info"], 64), (["info", "x", "--threads", "0"], 64), (["melt", "x"], 64),
    (["export", "x", "-o", "y", "--format", "z"], 64),
    (["info", "/nowhere/features"], 66), (["verify", "/nowhere/features"], 66), (["pack", "/nowhere"], 66),
    (["info", "/etc/hostname"], 65), (["pack", "/etc/hostname"], 65), (["export", "/etc/hostname", "-o", "/tmp"], 65),
])
func aMistakeIsOneSentenceAndAnExitStatus(arguments: [String], status: Int) throws {
    let run = try ToolRun("fewshot-features", arguments)
    #expect(run.status == status && run.output.isEmpty)
    guard status != 64 else { return }
    #expect(run.messages.hasPrefix("fewshot-features: error: ") && run.messages.split(separator: "\n").count == 1)
}

@Test func aFullDiskOrALimitLeavesWhatThereWas() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path, count: 4000, width: 256)
    let before = scratch.bytes("train.h5")
    // Blocks of 512 bytes.
    for limit in [1, 16, 100, 1000, 2000] {
        for verb in ["pack", "unpack"] {
            let run = try ToolRun.features(
                verb, scratch.file("train.h5"), "-o", scratch.file("out.h5"), shell: "ulimit -f \(limit);")
            #expect(
                run.status == 74 && run.messages.contains("error: \(scratch.file("out.h5")): found "),
                "\(limit) \(verb)")
        }
    }
    #expect(try ToolRun.features("pack", scratch.file("train.h5"), shell: "ulimit -f 1000;").status == 74)
    #expect(scratch.bytes("train.h5") == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 4)
}

@Test(.enabled(if: Machine.mayMount)) func aFullOrReadOnlyFolderIsReported() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path, count: 4000, width: 256)
    let folder = scratch.file("small")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try #require(try ToolRun("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status == 0)
    defer { _ = try? ToolRun("umount", [folder]) }
    for (verb, rest) in [("pack", "/p.h5"), ("unpack", "/u.h5"), ("export", "")] {
        let run = try ToolRun.features(verb, scratch.file("train.h5"), "-o", folder + rest)
        #expect(run.status == 74 && run.messages.contains("a full disk"), "\(verb): \(run.messages)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    #expect(try ToolRun("mount", ["-o", "remount,ro", folder]).status == 0)
    let run = try ToolRun.features("pack", scratch.file("val.h5"), "-o", folder + "/p.h5")
    #expect(run.status == 73 && run.messages.contains("no permission"))
}

@Test func aKilledWriterLeavesAWholeFile() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path, count: 20000, width: 256)
    let path = scratch.file("train.h5")
    for round in 0 ..< 6 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: ToolRun.path(of: "fewshot-features"))
        process.arguments = [round % 2 == 0 ? "pack" : "unpack", path]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // As soon as the partial file is there, the writer is in the middle of its work or done.
        let isPartial = { (name: String) in name.hasSuffix(".partial") }
        while process.isRunning,
            try !FileManager.default.contentsOfDirectory(atPath: scratch.path).contains(where: isPartial)
        {}
        kill(process.processIdentifier, round < 3 ? SIGKILL : SIGTERM)
        process.waitUntilExit()
        #expect(try ToolRun.features("verify", path).status == 0)
        if round >= 3, process.terminationReason == .exit { #expect([0, 75].contains(process.terminationStatus)) }
    }
}

@Test(.enabled(if: Machine.hasH5dump)) func h5dumpReadsTheHotForm() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path)
    let run = try ToolRun("h5dump", ["-d", "labels", "-a", "part", scratch.file("train.h5")])
    #expect(run.status == 0 && run.output.contains("\"train\"") && run.output.contains("(0): 0, 1, 2, 0, 1, 2"))
    #expect(try ToolRun("h5dump", ["-H", scratch.file("text.h5")]).output.contains("DATASET \"prompts\""))
}
