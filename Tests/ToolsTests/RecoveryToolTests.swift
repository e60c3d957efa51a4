import Foundation
import TestSupport
import Testing

/// Inverts the second half of a file.
private func damage(_ path: String) throws {
    var content = try bytes(of: path)
    for place in content.count / 2 ..< content.count { content[place] ^= 0xFF }
    try Data(content).write(to: URL(filePath: path))
}

@Test func statusNamesADamagedShardAndItsWorkerMakesItAgain() throws {
    let photographs = try Photographs()
    let folder = photographs.scratch.file("shards")
    #expect(try photographs.build().status == 0)
    #expect(try photographs.build("--shards", "2", verb: "plan", to: folder).status == 0)
    #expect(try ToolRun.features("worker", folder, "--shard", "0-1").status == 0)
    try damage("\(folder)/parts/00001.test.h5")
    let status = try ToolRun.features("status", folder)
    #expect(status.status == 75 && status.output.contains("--array=1"), "\(status.output)")
    #expect(try ToolRun.features("worker", folder, "--shard", "1").status == 0)
    #expect(try ToolRun.features("status", folder).status == 0)
    #expect(try ToolRun.features("merge", folder, "--remove-parts").status == 0)
    let merged = photographs.scratch.files(in: "shards").filter { $0.key.hasSuffix(".h5") }
    #expect(merged == photographs.scratch.files(in: "features").filter { $0.key.hasSuffix(".h5") })
}

@Test func verifyNamesReplaceAndReplaceMendsTheFile() throws {
    let photographs = try Photographs()
    let folder = photographs.scratch.file("features")
    #expect(try photographs.build().status == 0)
    let sound = photographs.scratch.files(in: "features")
    try damage("\(folder)/train.h5")
    let verified = try ToolRun.features("verify", folder)
    #expect(verified.status == 65 && verified.messages.contains("--replace"), "\(verified.messages)")
    #expect(try photographs.build("--replace").status == 0)
    #expect(try ToolRun.features("verify", folder).status == 0)
    #expect(photographs.scratch.files(in: "features") == sound)
}

@Test func anImageThatTheCheckNamesIsEncodedOnceItIsSound() throws {
    let photographs = try Photographs()
    #expect(try photographs.build(to: photographs.scratch.file("sound")).status == 0)
    let image = photographs.scratch.file("photos/train/cat/rgb.jpg")
    let sound = try bytes(of: image)
    try photographs.scratch.write("no image at all", "photos/train/cat/rgb.jpg")
    let check = try ToolRun(
        "fewshot-split",
        ["check", photographs.scratch.file("own.split.json"), "--root", photographs.scratch.file("photos")])
    #expect(check.status == 65 && check.output.contains("rgb.jpg"), "\(check.output)")
    #expect(try photographs.build("--skip-bad", "1").status == 0)
    try Data(sound).write(to: URL(filePath: image))
    let refused = try photographs.build()
    #expect(refused.status == 73 && refused.messages.contains("--extend"), "\(refused.messages)")
    #expect(try photographs.build("--extend").status == 0)
    #expect(photographs.scratch.files(in: "features") == photographs.scratch.files(in: "sound"))
}

@Test func aStudyWithADamagedRunIsResumedByReplacing() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.path)
    func run(_ words: String...) throws -> ToolRun { try ToolRun("fewshot-train", ["run"] + words) }
    let study = ["--features", scratch.path, "--shots", "2", "--seeds", "1", "-o", scratch.file("runs")]
    func command(_ methods: String) throws -> ToolRun { try ToolRun("fewshot-train", study + ["--method", methods]) }
    #expect(try command("zero-shot,tip-adapter").status == 0)
    let sound = scratch.files(in: "runs")
    let adapter = try #require(sound.keys.first { $0.contains("/tip-adapter.") && $0.hasSuffix("adapter.safetensors") })
    for isMissing in [false, true] {
        if isMissing {
            try FileManager.default.removeItem(atPath: scratch.file("runs/\(adapter)"))
        } else {
            try damage(scratch.file("runs/\(adapter)"))
        }
        let refused = try command("zero-shot,tip-adapter")
        #expect([65, 66].contains(refused.status) && refused.messages.contains("--replace"), "\(refused.messages)")
        let resumed = try run("--resume", "-o", scratch.file("runs"), "--replace")
        #expect(resumed.status == 0, "\(resumed.messages)")
        #expect(scratch.files(in: "runs")[adapter] == sound[adapter])
    }
}

@Test func aShardOfWeightsWithAnImpossibleNameIsWrongInput() throws {
    let scratch = try ScratchFolder()
    let name = String(repeating: "w", count: 300)
    let index = #"{"weight_map": {"visual.proj": "\#(name).safetensors"}}"#
    try scratch.write(index, "model/model.safetensors.index.json")
    let run = try ToolRun.features("info", scratch.file("model"))
    #expect(run.status == 66 && run.messages.contains("a name that the file system does not accept"), "\(run.messages)")
}
