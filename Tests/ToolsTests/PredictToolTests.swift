import Core
import Foundation
import TestSupport
import Testing

/// Photographs, their features and a trained run.
private struct TrainedPhotographs: ~Copyable {
    let photographs: Photographs

    init() throws {
        let photographs = try Photographs()
        let built = try photographs.build()
        #expect(built.status == 0, "\(built.messages)")
        let trained = try ToolRun(
            "fewshot-train",
            [
                "--features", photographs.scratch.file("features"), "--method", "linear-probe", "--shots", "1,all",
                "--seeds", "1", "--protocol", "fixed", "-o", photographs.scratch.file("runs"),
            ])
        #expect(trained.status == 0, "\(trained.messages)")
        self.photographs = photographs
    }

    func file(_ name: String) -> String { photographs.scratch.file(name) }

    func predict(_ arguments: String..., input: String? = nil) throws -> ToolRun {
        let run = file("runs/features/linear-probe.all.s1.fixed")
        let shell = try input.map { "< '\(try photographs.scratch.write($0, "input"))'" }
        return try ToolRun("fewshot-train", ["predict", "--run", run] + arguments, redirection: shell ?? "")
    }
}

@Test func theEncoderIsFoundFromTheRun() throws {
    let trained = try TrainedPhotographs()
    let image = trained.file("photos/test/cat/cmyk.jpg")
    let found = try trained.predict(image)
    #expect(found.status == 0 && found.output.hasPrefix("\(image): "), "\(found.messages)")
    let named = try trained.predict(image, "--model", fixture("../../Demo/tiny-clip"))
    #expect(named.output == found.output)
    let contradicted = try trained.predict(image, "--activation", "gelu")
    #expect(
        contradicted.status == 78 && contradicted.messages.contains("--activation: found gelu, expected quick_gelu"))
    try trained.photographs.scratch.write(#"{"model" : "../../nowhere"}"#, "runs/features/sources.json")
    let moved = try trained.predict(image)
    #expect(moved.status == 66 && moved.messages.contains("nowhere") && moved.messages.contains("--model"))
    try FileManager.default.removeItem(atPath: trained.file("runs/features/sources.json"))
    #expect(try trained.predict(image).status == 64)
}

@Test func foldersListsAndStandardInputNameTheSameImages() throws {
    let trained = try TrainedPhotographs()
    try trained.photographs.scratch.write("no image", "photos/notes.md")
    let folder = try trained.predict(trained.file("photos"))
    #expect(folder.status == 0 && folder.output.split(separator: "\n").count == 6, "\(folder.messages)")
    #expect(folder.messages.contains("notes.md"))
    let paths = folder.output.split(separator: "\n").compactMap { $0.split(separator: ": ").first }
    let list = paths.joined(separator: "\r\n") + "\n\n"
    try trained.photographs.scratch.write(list, "list.txt")
    #expect(try trained.predict(trained.file("list.txt")).output == folder.output)
    #expect(try trained.predict("--list", trained.file("list.txt")).output == folder.output)
    #expect(try trained.predict("-", input: list).output == folder.output)
    #expect(try trained.predict().status == 64)
    try trained.photographs.scratch.write([UInt8](), "empty/")
    #expect(try trained.predict(trained.file("empty")).status == 66)
}

@Test func unreadableImagesAreListedAndTheOthersPredicted() throws {
    let trained = try TrainedPhotographs()
    try trained.photographs.scratch.write("no image", "photos/broken.jpg")
    let run = try trained.predict(
        trained.file("photos/broken.jpg"), trained.file("photos/test/cat/cmyk.jpg"), trained.file("missing.jpg"),
        "--csv", "-", "--top", "1")
    let lines = run.output.split(separator: "\n")
    #expect(run.status == 65 && lines.count == 2 && lines[0] == "item,class_1,probability_1", "\(run.output)")
    #expect(run.messages.contains("broken.jpg: ") && run.messages.contains("missing.jpg: "))
    #expect(run.messages.contains("2 of 3 images could not be read"))
}

@Test func labelsAreKnownFromFeaturesAndFromASplit() throws {
    let trained = try TrainedPhotographs()
    let features = try trained.predict(trained.file("features"), "--csv", "-", "--top", "1", "--subset", "train")
    let images = try trained.predict(
        trained.file("photos"), "--split", trained.file("own.split.json"), "--csv", "-", "--top", "1", "--part", "train"
    )
    #expect(features.status == 0 && images.status == 0, "\(images.messages)")
    // The features are stored in float16, so probabilities may differ.
    func columns(_ run: ToolRun) -> [[Substring]] {
        run.output.split(separator: "\n").map { Array($0.split(separator: ",").prefix(4)) }
    }
    #expect(columns(features) == columns(images))
    #expect(columns(features)[0] == ["item", "label", "right", "class_1"] && columns(features).count == 5)
    let wrong = try trained.predict(trained.file("features"), "--wrong", "--jsonl")
    #expect(wrong.output.split(separator: "\n").allSatisfy { $0.contains(#""right":false"#) })
    let json = try trained.predict(trained.file("features"), "--json")
    #expect(json.output.contains(#""label" : "cat""#) && json.messages.contains(" of 2 right, "))
    #expect(try trained.predict(trained.file("photos"), "--wrong").status == 64)
    #expect(try trained.predict(trained.file("features"), "--json", "--jsonl").status == 64)
}

@Test func theLabelsOfAnEvaluationAreListed() throws {
    let trained = try TrainedPhotographs()
    let run = trained.file("runs/features/linear-probe.all.s1.fixed")
    let arguments = ["eval", "--run", run, "--features", trained.file("features"), "--subset", "train"]
    let scores = try ToolRun("fewshot-train", arguments)
    #expect(scores.status == 0 && scores.output.contains("accuracy"))
    let items = try ToolRun("fewshot-train", arguments + ["--csv", trained.file("items.csv")])
    #expect(items.output == scores.output)
    #expect(trained.photographs.scratch.text("items.csv").split(separator: "\n").count == 5)
}

@Test func aStudyStandsForItsBestRun() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.file("small"))
    let trained = try ToolRun(
        "fewshot-train",
        [
            "--features", scratch.file("small"), "--method", "tip-adapter", "--shots", "1,2", "--seeds", "1", "-o",
            scratch.file("runs"),
        ])
    #expect(trained.status == 0, "\(trained.messages)")
    #expect(trained.output.contains("next:\n  fewshot-train predict --run \(scratch.file("runs/small/tip-adapter."))"))
    #expect(trained.output.contains(" --shots all ") && trained.output.contains("30 labeled items instead of 6"))
    let best = try ToolRun("fewshot-train", ["best", scratch.file("runs")])
    #expect(best.status == 0 && best.output.hasPrefix("small: \(scratch.file("runs/small/tip-adapter."))"))
    let study = try ToolRun("fewshot-train", ["predict", "--run", scratch.file("runs"), scratch.file("small")])
    #expect(study.status == 0 && study.messages.contains("best on validation with 2 shots, "))
    let table = scratch.file("items.parquet")
    let items = try ToolRun("fewshot-train", ["items", scratch.file("runs"), "-o", table])
    #expect(items.status == 0 && items.output.contains("90 items"), "\(items.messages)")
    try scratch.write("other content", "items.parquet")
    #expect(try ToolRun("fewshot-train", ["items", scratch.file("runs"), "-o", table]).status == 73)
    #expect(
        try ToolRun("fewshot-train", ["items", scratch.file("runs"), "-o", scratch.file("items.xls")]).status == 64)
}

@Test func suspectsAndDuplicatesAreListed() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.file("small"))
    let suspects = try ToolRun("fewshot-train", ["suspects", scratch.file("small"), "--all", "--csv", "-"])
    #expect(suspects.status == 0, "\(suspects.messages)")
    #expect(suspects.output.split(separator: "\n").count == 91)
    #expect(suspects.output.hasPrefix("item,subset,label,self_confidence,suggestion,confidence,issue\n"))
    // The three subsets have the same features.
    let pairs = try ToolRun("fewshot-train", ["duplicates", scratch.file("small"), "--threshold", "1"])
    #expect(pairs.status == 0 && pairs.output.contains("equal features"), "\(pairs.messages)")
}
