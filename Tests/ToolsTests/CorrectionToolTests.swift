import Foundation
import TestSupport
import Testing

/// Photos in two class folders, their split, and the commands on them.
private struct SortedPhotos: ~Copyable {
    let scratch: ScratchFolder
    let split: String

    init() throws {
        let scratch = try ScratchFolder()
        for (number, name) in ["rgb.jpg", "gray.jpg", "rgb.png", "palette.png", "cmyk.jpg", "gray.png"].enumerated() {
            let suffix = name.split(separator: ".")[1]
            for kind in ["cat", "dog"] {
                let content = try bytes(of: fixture("images/\(name)")) + Array(kind.utf8)
                try scratch.write(content, "photos/\(kind)/\(kind)\(number).\(suffix)")
            }
        }
        split = scratch.file("own.split.json")
        self.scratch = scratch
    }

    func imported(_ more: String...) throws -> ToolRun {
        try ToolRun(
            "fewshot-split", ["import", "folder", scratch.file("photos"), "--val", "0.2", "-o", split] + more)
    }

    func built(_ more: String...) throws -> ToolRun {
        try ToolRun(
            "fewshot-features",
            [
                "build", "--split", split, "--root", scratch.file("photos"), "--model",
                fixture("../../Demo/tiny-clip"), "--views", "1", "--precision", "f32", "-o",
                scratch.file("features"),
            ] + more)
    }

    func trained(_ more: String...) throws -> ToolRun {
        try ToolRun(
            "fewshot-train",
            [
                "--features", scratch.file("features"), "--method", "zero-shot,tip-adapter", "--shots", "1,2",
                "--seeds", "1", "-o", scratch.file("runs"),
            ] + more)
    }
}

@Test func aPhotoInTheWrongFolderIsCorrectedAndNothingElseChanges() throws {
    let photos = try SortedPhotos()
    #expect(try photos.imported().status == 0)
    let before = photos.scratch.text("own.split.json")
    let moved = try #require(
        ["dog0.jpg", "dog1.jpg", "dog2.png", "dog3.png"].first { before.contains("\"dog/\($0)\"") })
    try FileManager.default.moveItem(
        atPath: photos.scratch.file("photos/dog/\(moved)"), toPath: photos.scratch.file("photos/cat/\(moved)"))
    let refused = try photos.imported()
    #expect(refused.status == 73 && refused.messages.contains("; add --keep "), "\(refused.messages)")
    let kept = try photos.imported("--keep", photos.split, "--replace")
    #expect(kept.status == 0, "\(kept.messages)")
    #expect(kept.output.contains("changes: 1 item changed class, 0 changed subset, 0 new, 0 gone\n"), "\(kept.output)")
    #expect(kept.output.contains("  class: cat/\(moved) (dog -> cat)\n"), "\(kept.output)")
    // Once more, nothing changes.
    let after = photos.scratch.text("own.split.json")
    let again = try photos.imported("--keep", photos.split, "--replace")
    #expect(again.output.contains("own.split.json: reused\n") && photos.scratch.text("own.split.json") == after)
}

@Test func labelsAreCorrectedByTheirPathsOrATable() throws {
    let photos = try SortedPhotos()
    #expect(try photos.imported().status == 0)
    let arguments = ["relabel", photos.split, "-o", photos.split, "--replace"]
    let set = try ToolRun("fewshot-split", arguments + ["--set", "dog/dog0.jpg=cat"])
    #expect(set.status == 0 && set.output.contains("1 item changed class, 0 changed subset"), "\(set.messages)")
    let table = try photos.scratch.write("path,label\n/data/photos/dog/dog0.jpg,dog\ncat0.jpg,fox\n", "new.csv")
    let unknown = try ToolRun("fewshot-split", arguments + ["--from", table])
    #expect(unknown.status == 65 && unknown.messages.contains("new.csv, line 3: found the class 'fox'"))
    let new = try ToolRun("fewshot-split", arguments + ["--from", table, "--new-classes"])
    #expect(new.status == 0 && new.messages.contains("new classes: fox"), "\(new.messages)")
    #expect(new.output.contains("3 classes") && new.output.contains("2 items changed class"))
    #expect(try ToolRun("fewshot-split", arguments).status == 64)
    #expect(try ToolRun("fewshot-split", arguments + ["--set", "dog/dog0.jpg"]).status == 64)
}

@Test func afterACorrectionNothingIsEncodedAgainAndRunsAreToldOnce() throws {
    let photos = try SortedPhotos()
    #expect(try photos.imported().status == 0)
    #expect(try photos.built().status == 0)
    #expect(try photos.trained().status == 0)
    let relabeled = try ToolRun(
        "fewshot-split",
        ["relabel", photos.split, "--set", "dog/dog0.jpg=cat", "-o", photos.split, "--replace"])
    #expect(relabeled.status == 0, "\(relabeled.messages)")
    let refused = try photos.built()
    #expect(refused.status == 73, "\(refused.messages)")
    #expect(refused.messages.contains("found features of another split: now 1 item has another class (dog/dog0.jpg)"))
    let updated = try photos.built("--extend")
    #expect(updated.status == 0 && !updated.messages.contains("images: "), "\(updated.messages)")
    let told = try photos.trained()
    #expect(told.status == 73 && told.output.isEmpty)
    let lines = told.messages.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
    #expect(lines.count == 1 && lines[0].contains("runs: found 3 runs of other features (features/"), "\(lines)")
    #expect(try photos.trained("--replace").status == 0)
}
