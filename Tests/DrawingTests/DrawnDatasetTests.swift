import Core
import Drawing
import Images
import Splits
import TestSupport
import Testing

private let small = DrawnDataset(.badges, style: .crayon, seed: 3, count: 15)

@Test func sixtyImagesAreSplitIntoSixteenFourAndForty() throws {
    let split = try DrawnDataset(.badges).split()
    #expect(split.train.counts(classCount: 16) == [Int](repeating: 16, count: 16))
    #expect(split.val.counts(classCount: 16) == [Int](repeating: 4, count: 16))
    #expect(split.test.counts(classCount: 16) == [Int](repeating: 40, count: 16))
    let paths = Subset.allCases.flatMap { split[$0].map(\.path) }
    #expect(Set(paths).count == 960)
    #expect(split.train[0].path == "red_star_inside_a_white_circle/00.png")
}

@Test(arguments: [15, 16, 30, 59, 60, 61, 200, 9999])
func everyCountGivesEachSubsetAnImageAndUsesAll(_ count: Int) {
    let subsets = DrawnDataset(.toys, count: count).subsets
    #expect(subsets.train.lowerBound == 0 && subsets.train.upperBound == subsets.val.lowerBound)
    #expect(subsets.val.upperBound == subsets.test.lowerBound && subsets.test.upperBound == count)
    #expect(!subsets.train.isEmpty && !subsets.val.isEmpty && !subsets.test.isEmpty)
    #expect(subsets.train.count <= 16 && subsets.val.count <= 4)
}

@Test func theFolderContainsTheSplitAndItsImages() throws {
    let scratch = try ScratchFolder()
    #expect(try small.publish(to: scratch.file("out"), replaces: false) == .written)
    let split = try SplitFile(path: scratch.file("out/badges.split.json")).split
    #expect(try split == small.split())
    #expect(split.provenance.settings == ["task": "badges", "style": "crayon", "seed": "3", "count": "15"])
    #expect(scratch.files(in: "out").count == 16 * 15 + 1)
    for item in [split.train[0], split.test[split.test.count - 1]] {
        let image = try ImagePixels(path: scratch.file("out/\(split.root)/\(item.path)"))
        let number = try #require(Int(item.path.suffix(6).prefix(2)))
        let scene = small.task.scene(label: item.label, number: number, seed: 3, style: .crayon)
        #expect(image.values == Picture(scene).pixels)
    }
    let before = scratch.files(in: "out")
    #expect(try small.publish(to: scratch.file("out"), replaces: false) == .reused)
    #expect(scratch.files(in: "out") == before)
}

@Test func anInterruptedDrawingIsResumed() throws {
    let scratch = try ScratchFolder()
    let stopped = fault { () throws(Fault) in
        _ = try small.publish(to: scratch.file("out"), replaces: false) { done, _ throws(Fault) in
            if done > 60 { throw Fault(.interrupted, "draw", found: "a request to stop") }
        }
    }
    #expect(stopped?.status == .interrupted)
    let partial = scratch.files(in: "out")
    #expect(partial.count == 75 && partial["badges.split.json"] == nil)
    #expect(try small.publish(to: scratch.file("out"), replaces: false) == .written)
    _ = try small.publish(to: scratch.file("whole"), replaces: false)
    #expect(scratch.files(in: "out") == scratch.files(in: "whole"))
}

@Test func anotherDataSetInTheFolderIsKept() throws {
    let scratch = try ScratchFolder()
    let out = scratch.file("out")
    _ = try small.publish(to: out, replaces: false)
    let before = scratch.files(in: "out")
    let other = DrawnDataset(.badges, style: .paper, seed: 3, count: 15)
    let conflict = fault { () throws(Fault) in _ = try other.publish(to: out, replaces: false) }
    #expect(conflict?.status == .cannotCreate)
    #expect(conflict?.description.contains("style is crayon, expected paper") == true)
    #expect(scratch.files(in: "out") == before)
    // A task of another name may share the folder.
    #expect(try DrawnDataset(.toys, count: 15).publish(to: out, replaces: false) == .written)
    #expect(try small.publish(to: out, replaces: false) == .reused)
}

@Test func anImageThatDiffersIsKeptUnlessReplaced() throws {
    let scratch = try ScratchFolder()
    let out = scratch.file("out")
    _ = try small.publish(to: out, replaces: false)
    let image = "images/blue_arrow_inside_a_white_circle/07.png"
    try scratch.write("mine", "out/\(image)")
    let conflict = fault { () throws(Fault) in _ = try small.publish(to: out, replaces: false) }
    #expect(conflict?.status == .cannotCreate)
    #expect(conflict?.subject == "\(out)/\(image)")
    #expect(try bytes(of: scratch.file("out/\(image)")) == Array("mine".utf8))
    #expect(try small.publish(to: out, replaces: true) == .written)
    #expect(try small.publish(to: out, replaces: false) == .reused)
}

@Test func replacingRemovesOnlySurplusImages() throws {
    let scratch = try ScratchFolder()
    let out = scratch.file("out")
    _ = try DrawnDataset(.badges, count: 20).publish(to: out, replaces: false)
    let own = ["out/notes.txt", "out/images/notes.txt", "out/images/red_star_inside_a_white_circle/19.txt"]
    for name in own { try scratch.write("mine", name) }
    _ = try small.publish(to: out, replaces: true)
    _ = try small.publish(to: scratch.file("new"), replaces: false)
    for name in own { #expect(try bytes(of: scratch.file(name)) == Array("mine".utf8)) }
    #expect(scratch.files(in: "out").filter { !$0.key.hasSuffix(".txt") } == scratch.files(in: "new"))
}
