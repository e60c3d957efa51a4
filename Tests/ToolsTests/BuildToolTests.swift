import Foundation
import TestSupport
import Testing

/// A split of some images of the decoders' fixtures, and the command that encodes them.
struct Photographs: ~Copyable {
    let scratch: ScratchFolder

    init() throws {
        let scratch = try ScratchFolder()
        for (number, name) in ["rgb.jpg", "gray.jpg", "rgb.png", "palette.png", "cmyk.jpg", "gray.png"].enumerated() {
            let part = number < 4 ? "train" : "test"
            try scratch.write(
                bytes(of: fixture("images/\(name)")), "photos/\(part)/\(number % 2 == 0 ? "cat" : "dog")/\(name)")
        }
        let split = try ToolRun(
            "fewshot-split", ["import", "folder", scratch.file("photos"), "-o", scratch.file("own.split.json")])
        #expect(split.status == 0, "\(split.messages)")
        self.scratch = scratch
    }

    func build(_ more: String..., verb: String = "build", to output: String? = nil) throws -> ToolRun {
        try run(verb, to: output, ["--views", "1"] + more)
    }

    func run(_ verb: String, to output: String? = nil, _ more: [String]) throws -> ToolRun {
        try ToolRun(
            "fewshot-features",
            [
                verb, "--split", scratch.file("own.split.json"), "--root", scratch.file("photos"), "--model",
                fixture("../../Demo/tiny-clip"), "-o", output ?? scratch.file("features"),
            ] + more)
    }
}

@Test func buildSaysWhatItMadeAndThenThatItIsThere() throws {
    let photographs = try Photographs()
    let made = try photographs.build()
    #expect(made.status == 0, "\(made.messages)")
    #expect(made.output.contains("train.h5: 4 items x 2 views x 64, float16\n"))
    #expect(made.output.contains("text.h5: 2 classes x 1 prompt x 64, float16\n"))
    #expect(made.messages.contains("stages alone: "))
    let again = try photographs.build()
    #expect(again.status == 0 && again.output.contains("\nreused\n"))
    let dry = try photographs.build("--dry-run", "--json")
    #expect(dry.status == 0 && dry.output.contains("\"outcome\" : \"reused\""))
    #expect(try ToolRun.features("verify", photographs.scratch.file("features")).status == 0)
    let page = try ToolRun.features("info", photographs.scratch.file("features/test.h5")).output
    #expect(page.contains(/passes +adaptive/) && page.contains(/weights +tiny-clip/))
}

@Test func anUnreadableImageEndsWith65AndAListUnlessItMayBeSkipped() throws {
    let photographs = try Photographs()
    try photographs.scratch.write("no image at all", "photos/train/cat/rgb.jpg")
    let refused = try photographs.build()
    #expect(refused.status == 65, "\(refused.messages)")
    #expect(refused.messages.contains("errors.tsv: found 1 of 6 images that cannot be used"))
    #expect(photographs.scratch.text("features/errors.tsv").contains("train\ttrain/cat/rgb.jpg\t"))
    let skipped = try photographs.build("--skip-bad", "1")
    #expect(skipped.status == 0 && skipped.messages.contains("left out: train/cat/rgb.jpg: "))
    #expect(skipped.output.contains("train.h5: 3 items"))
}

@Test(arguments: [
    (["--precision", "half"], 64, "--precision"), (["--max-memory", "64M"], 78, "--max-memory"),
    (["--max-memory", "lots"], 64, "--max-memory"), (["--views=-1"], 78, "--views"),
    (["--prompts", "typ"], 78, "--prompts"), (["--shots", "two"], 64, "--shots"), (["--shots", "0"], 78, "--shots"),
    (["--extend", "--replace"], 78, "--extend"), (["--vocabulary", "nowhere"], 66, "nowhere"),
    (["--threads", "0"], 64, "--threads"), (["--dtype", "float8"], 64, "--dtype"),
])
func wrongArgumentsOfBuildAreNamedAndNothingIsMade(_ more: [String], _ status: Int32, _ word: String) throws {
    let photographs = try Photographs()
    let run = try photographs.run("build", more)
    let sentences = run.messages.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
    #expect(run.status == status && sentences.count == 1 && run.messages.contains(word), "\(run.messages)")
    #expect(run.output.isEmpty && !FileManager.default.fileExists(atPath: photographs.scratch.file("features/test.h5")))
}

@Test func templatesMayBeGivenThemselves() throws {
    let photographs = try Photographs()
    let one = try photographs.build("--prompts", "a photo of a {}, a pet.")
    #expect(one.status == 0 && one.output.contains("text.h5: 2 classes x 1 prompt"), "\(one.messages)")
    let several = try photographs.build(
        "--prompts", "a {}.", "--prompts", "the {}.\nmy {}.", to: photographs.scratch.file("b"))
    #expect(several.status == 0 && several.output.contains("text.h5: 2 classes x 3 prompts"), "\(several.messages)")
    let shown = try ToolRun(
        "fewshot-split",
        [
            "show", photographs.scratch.file("own.split.json"), "--prompts", "a {}.", "--prompts", "tip", "--class",
            "cat",
        ])
    #expect(shown.output == "cat\ta cat.\ncat\ta photo of a cat.\n", "\(shown.messages)")
    let refused = try photographs.build("--prompts", "a photo of a cat")
    #expect(refused.status == 78 && refused.messages.contains("without '{}'"), "\(refused.messages)")
}

@Test(.enabled(if: Machine.mayMount)) func aFullDiskStopsABuildThatThenGoesOn() throws {
    let photographs = try Photographs()
    let folder = photographs.scratch.file("features")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try #require(try ToolRun("mount", ["-t", "tmpfs", "-o", "size=40k", "tmpfs", folder]).status == 0)
    defer { _ = try? ToolRun("umount", [folder]) }
    let full = try photographs.build()
    #expect(full.status == 74 && full.messages.contains("a full disk"), "\(full.messages)")
    #expect(try ToolRun("mount", ["-o", "remount,size=4m", folder]).status == 0)
    #expect(try photographs.build().status == 0)
    #expect(try ToolRun.features("verify", folder).status == 0)
}

@Test func infoTellsWhatAModelIs() throws {
    let run = try ToolRun.features("info", fixture("../../Demo/tiny-clip"))
    #expect(run.status == 0 && run.output.contains("ViT, 4 layers, width 128, 2 heads, patches of 8"))
    #expect(run.output.contains("quick_gelu, from open_clip_config.json") && run.output.contains("716 tokens"))
    let unknown = try ToolRun.features("info", fixture("images"))
    #expect(unknown.status == 66 && unknown.messages.contains("model.safetensors"), "\(unknown.messages)")
}
