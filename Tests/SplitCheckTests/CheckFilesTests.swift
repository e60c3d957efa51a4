import Core
import Foundation
import SplitCheck
import Splits
import TestSupport
import Testing

@Test func validDataHasNoFindings() throws {
    let tree = try CheckedTree.made()
    let report = try tree.report(decodes: true)
    #expect(report.verdict == .fine && report.findings.isEmpty)
    #expect(report.looked.files == 96 && report.looked.decoded == 96)
    #expect(report.looked.formats == ["jpeg": 96])
    #expect(report.subsets.map(\.items) == [32, 32, 32] && report.subsets.map(\.fewest) == [16, 16, 16])
}

@Test func missingFoldersAreReportedAsAWholeAndMissingFilesOneByOne() throws {
    var tree = try CheckedTree.made()
    for number in 0 ..< 3 { tree.name("bird/young/\(number).jpg", .train, 0) }
    tree.name("bird/old/1.jpg", .test, 0)
    tree.name("cat/young/1.jpg", .val, 0)
    tree.name("dog/none.jpg", .test, 1)
    let report = try tree.report()
    #expect(report.verdict == .unusable && report.missing.items == 6)
    #expect(report.missing.folders.map(\.text) == ["bird 4", "cat/young 1"])
    #expect(report.missing.files.map(\.text) == ["test dog/none.jpg dog"])
    #expect(report.reasons == "6 missing items" && report.imagesToLeaveOut == nil)
}

@Test func aFileThatIsNotAnImageIsReportedWithItsKind() throws {
    var tree = try CheckedTree.made()
    for name in ["page", "empty", "folder", "pipe", "short", "text"] { tree.name("cat/\(name).jpg", .train, 0) }
    try tree.write("cat/page.jpg", Data("<!doctype html><p>Not found".utf8))
    try tree.write("cat/empty.jpg", Data())
    try tree.write("cat/folder.jpg/inside.jpg", Data([1]))
    try tree.write("cat/short.jpg", Data(CheckedTree.image("rgb.jpg").prefix(100)))
    try tree.write("cat/text.jpg", Data("to be done".utf8))
    // Opening a pipe without a writer would block forever.
    let made = unsafe mkfifo(tree.path + "/cat/pipe.jpg", 0o600)
    #expect(made == 0)
    let report = try tree.report()
    #expect(report.verdict == .unusable && report.imagesToLeaveOut == 6)
    #expect(
        report.unreadable.map(\.found) == [
            "an HTML page", "an empty file", "a folder", "a device or pipe",
            "a file that ends in the middle of the header at byte 100", "a text",
        ])
}

@Test func damageAfterTheHeaderIsFoundByDecodingOnly() throws {
    var tree = try CheckedTree.made()
    let photograph = try CheckedTree.image("rgb.jpg")
    for name in ["cut.jpg", "cut.png", "picture.gif"] { tree.name("cat/\(name)", .train, 0) }
    try tree.write("cat/cut.jpg", photograph.prefix(photograph.count - 40))
    try tree.write("cat/cut.png", CheckedTree.image("rgb.png").prefix(120))
    try tree.write("cat/picture.gif", CheckedTree.image("plain.gif").prefix(60))
    #expect(try tree.report().verdict == .fine)
    let report = try tree.report(decodes: true)
    #expect(
        report.verdict == .unusable && report.damaged.map(\.path) == ["cat/cut.jpg", "cat/cut.png", "cat/picture.gif"])
    #expect(report.damaged[0].found.hasPrefix("a damaged JPEG") && report.imagesToLeaveOut == 3)
    #expect(report.looked.files == 99 && report.looked.decoded == 96)
}

@Test func unsupportedImagesAreNotReportedAsDamaged() throws {
    var tree = try CheckedTree.made()
    for name in ["cmyk", "fax", "jpeg", "planes", "tiles", "turned"] {
        tree.name("cat/\(name).tif", .train, 0)
        try tree.write("cat/\(name).tif", CheckedTree.image("refused-\(name).tif"))
    }
    let report = try tree.report(decodes: true)
    #expect(report.verdict == .unusable && report.found == ["unsupported 6"])
    #expect(report.reasons == "6 images in unsupported formats")
    #expect(report.unsupported.allSatisfy { $0.found.hasPrefix("a TIFF of ") })
    #expect(report.unsupported[4].found.hasSuffix("compression 1, in tiles"))
}

@Test func clippedGrayValuesAreDoubtfulWithAndWithoutDecoding() throws {
    var tree = try CheckedTree.made()
    for name in ["gray16.png", "gray16.tif", "deep.pgm"] {
        tree.name("cat/\(name)", .train, 0)
        try tree.write("cat/\(name)", CheckedTree.image(name))
    }
    let report = try tree.report()
    #expect(report.verdict == .doubtful && report.found == ["clipped 3"])
    #expect(report.clipped.allSatisfy { $0.found == "gray values of more than 8 bits" })
    let decoded = try tree.report(decodes: true)
    #expect(decoded.found == ["clipped 3"])
    #expect(decoded.clipped.allSatisfy { $0.found.hasSuffix(" % of the pixels are clipped to 255") })
}

@Test func formatsThatAreNotReadAreNamed() throws {
    var tree = try CheckedTree.made()
    for name in ["a.jxl", "b.jpg"] { tree.name("cat/\(name)", .train, 0) }
    try tree.write("cat/a.jxl", Data([0xFF, 0x0A, 1, 2, 3]))
    try tree.write("cat/b.jpg", Data([0, 0, 0, 20] + "ftypqt  ".utf8))
    let report = try tree.report()
    #expect(report.unsupported.map(\.text) == ["train cat/a.jxl a JPEG XL image"])
    #expect(report.unreadable.map(\.text) == ["train cat/b.jpg a QuickTime video"])
}

@Test func aSuffixOfAnotherFormatIsDoubtful() throws {
    var tree = try CheckedTree.made()
    for name in ["a.jpg", "b.JPEG", "no suffix"] { tree.name("cat/\(name)", .train, 0) }
    try tree.write("cat/a.jpg", CheckedTree.image("rgb.png"))
    try tree.write("cat/b.JPEG", CheckedTree.image("gray.jpg"))
    try tree.write("cat/no suffix", CheckedTree.image("full.jpg"))
    let report = try tree.report()
    #expect(report.verdict == .doubtful && report.found == ["otherFormats 1"])
    #expect(report.otherFormats.map(\.text) == ["train cat/a.jpg PNG"])
}

@Test func filesOutsideTheSplitAreCountedByFolder() throws {
    var tree = try CheckedTree.made(root: "zoo/images")
    for name in ["bird/a.jpg", "bird/b.jpg", "bird/young/c.jpg", "cat/more.jpg", "list.txt"] { try tree.write(name) }
    for name in [".DS_Store", ".cache/a.jpg", "cat/.hidden.jpg"] { try tree.write(name) }
    let report = try tree.report()
    #expect(report.verdict == .doubtful && report.found == ["beyond 5"])
    #expect(report.unlisted.map(\.text) == [". 1", "bird 2", "bird/young 1", "cat 1"])
}

@Test func filesOutsideASampleAreNotReported() throws {
    var tree = try CheckedTree.made(each: 0)
    for (label, name) in tree.classes.enumerated() {
        for number in 0 ..< 2 { try tree.add("\(name)/\(number).jpg", .train, label) }
        try tree.add("\(name)/test.jpg", .test, label)
        try tree.write("\(name)/other.jpg")
    }
    let sample = SampleRecord(shots: 2, seed: 1, scheme: .coop, parent: Digest(of: "parent"))
    let report = try tree.report(sample: sample)
    #expect(report.verdict == .fine && report.unlisted.isEmpty && report.notes.count == 1)
}

@Test func itemsInArchivesAreCheckedAsFilesAre() throws {
    var tree = try CheckedTree.made()
    let image = try Array(CheckedTree.image("gray.jpg"))
    let shard = storedTar([
        ("./bird/0.jpg", image), ("bird/1.jpg", image + image), ("bird/2.jpg", []), ("bird/9.jpg", image),
    ])
    try tree.write("shard.tar", Data(shard))
    for number in 0 ..< 2 { tree.name("shard.tar/bird/\(number).jpg", .train, 0) }
    let whole = try tree.report()
    #expect(whole.archives.map(\.text) == ["shard.tar 2"])
    #expect(whole.verdict == .fine && whole.looked.files == 98 && whole.unlisted.isEmpty)
    tree.name("shard.tar/bird/0.jpg", .val, 0)
    #expect(try tree.report().repeatedPaths.count == 1)
    for number in 2 ..< 4 { tree.name("shard.tar/bird/\(number).jpg", .test, 0) }
    let report = try tree.report()
    #expect(report.verdict == .unusable && report.missing.items == 1)
    #expect(report.missing.files.map(\.text) == ["test shard.tar/bird/3.jpg cat"])
    #expect(report.unreadable.map(\.text) == ["test shard.tar/bird/2.jpg an empty file"])
}

@Test func itemsInAnUnreadableArchiveAreReported() throws {
    var tree = try CheckedTree.made()
    try tree.write("shard.tar", Data(repeating: 7, count: 5000))
    tree.name("shard.tar/bird/1.jpg", .train, 0)
    let report = try tree.report()
    #expect(report.unreadable.count == 1 && report.unreadable[0].found.hasPrefix("a damaged archive"))
}

@Test func linksAreFollowedForItemsOfTheSplit() throws {
    let tree = try CheckedTree.made(root: "zoo")
    let elsewhere = try CheckedTree.made()
    let folder = "\(tree.path)/zoo"
    try FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: elsewhere.path)
    #expect(try tree.report().verdict == .fine)
    try FileManager.default.removeItem(atPath: "\(elsewhere.path)/cat/val0.jpg")
    try FileManager.default.createSymbolicLink(
        atPath: "\(elsewhere.path)/cat/val0.jpg", withDestinationPath: "/nowhere/at/all")
    #expect(try tree.report().missing.files.map(\.path) == ["cat/val0.jpg"])
}

@Test func progressCanEndACheckOfMissingFiles() throws {
    let tree = try CheckedTree.made()
    let check = SplitCheck(try tree.split(), root: tree.path)
    let stop = Fault(.interrupted, "check", found: "a request to stop")
    #expect(throws: stop) { try check.report { _, _ throws(Fault) in throw stop } }
}
