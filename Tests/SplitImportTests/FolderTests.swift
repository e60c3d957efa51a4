import Core
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

/// The paths of all folders and files of a tree.
private func names(_ tree: FolderTree) -> [String] {
    tree.files
        + tree.folders.flatMap { folder in ["\(folder.name)/"] + names(folder.tree).map { "\(folder.name)/\($0)" } }
}

@Test func namesAreSortedByBytesAndHiddenOnesLeftOut() throws {
    let odd = ["a b.jpg", "a\nb.jpg", "a'\"b.jpg", "B.jpg", "é.jpg", "e\u{301}.jpg", "😀.jpg", "b.jpg", "_.jpg"]
    let scratch = try ScratchFolder(odd + [".hidden", ".git/x", "z/2.jpg", "z/10.jpg", "z.y/1", "z/.keep", "empty/"])
    let tree = try FolderTree.walking(scratch.path)
    #expect(tree.files.map { Array($0.utf8) } == odd.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(tree.folders.map(\.name) == ["empty", "z", "z.y"])
    #expect(tree.folder("z")?.files == ["10.jpg", "2.jpg"])
    #expect(tree.folder("z/10.jpg") == nil && tree.folder("none") == nil && tree.folder("") == tree)
    #expect(tree.notes.isEmpty)
    #expect(Array(tree.paths).count == 12)
}

/// Two spellings of one character are two files on Linux, but equal strings in Swift.
@Test func namesThatLookAlikeAreDifferentFolders() throws {
    let tree = try FolderTree(listing: ["e\u{301}/1.jpg", "\u{e9}/2.jpg"])
    #expect(tree.folders.count == 2)
    #expect(tree.folder("e\u{301}")?.files == ["1.jpg"])
    #expect(tree.folder("\u{e9}")?.files == ["2.jpg"])
}

@Test func aListingInAnyOrderGivesTheTreeOfAWalk() throws {
    let files = [
        "train/b.jpg", "train/cat/x/y/z.jpg", "train/dog/10.jpg", "train/dog/2.jpg", "train-extra/1", "train.txt",
        "ä/ö.jpg",
    ]
    let scratch = try ScratchFolder(files)
    let walked = try FolderTree.walking(scratch.path)
    #expect(Array(walked.paths) == files)
    var random = MersenneTwister(key: [1])
    for _ in 0 ..< 20 {
        let listed = try FolderTree(listing: files.shuffled(using: &random).map { "./\($0)" } + [".", "./"])
        #expect(listed == walked)
    }
    // `find` lists folders, too, and `tar` marks them.
    #expect(try FolderTree(listing: files + ["train", "train/dog", "train/cat/x/", "ä/", ".git/config"]) == walked)
}

@Test func aFileListedTwiceIsUsedOnceAndNoted() throws {
    let tree = try FolderTree(listing: ["a/1", "a/2", "a/1", "./a/1"])
    #expect(Array(tree.paths) == ["a/1", "a/2"])
    #expect(tree.notes == ["2 files are listed more than once and used once"])
}

@Test(arguments: ["/etc/passwd", "a/../b", "..", "a//b", "a/./b", "", "a\0b", String(repeating: "a/", count: 65) + "x"])
func aPathThatLeavesTheListedFolderIsRefusedWithItsLine(path: String) throws {
    let refused = fault { _ = try FolderTree(listing: ["a/1.jpg", path], source: "files.txt") }
    #expect(refused?.status == .badData && refused?.subject == "files.txt")
    #expect(refused?.found.contains("line 2") == true, "\(String(describing: refused))")
}

@Test func linksToFilesAreFilesAndLinksToFoldersAreFollowedOnce() throws {
    let scratch = try ScratchFolder(["real/1.jpg", "real/deep/2.jpg", "photos/3.jpg"])
    let outside = try ScratchFolder(["o.jpg", "sub/p.jpg"])
    try scratch.link("a-first", to: outside.path)
    try scratch.link("b-second", to: outside.path)
    try scratch.link("c-real", to: "real")
    try scratch.link("photos/loop", to: "..")
    try scratch.link("photos/file.jpg", to: "../real/1.jpg")
    try scratch.link("photos/gone.jpg", to: "nowhere")
    try scratch.link("photos/self", to: "self")
    let tree = try FolderTree.walking(scratch.path)
    #expect(
        names(tree) == [
            "a-first/", "a-first/o.jpg", "a-first/sub/", "a-first/sub/p.jpg", "photos/", "photos/3.jpg",
            "photos/file.jpg", "real/", "real/1.jpg", "real/deep/", "real/deep/2.jpg",
        ])
    #expect(
        tree.notes == [
            "b-second: the same folder as 'a-first', used once",
            "c-real: the same folder as 'real', used once",
            "photos/gone.jpg: a broken link, left out",
            "photos/loop: the same folder as the top folder, used once",
            "photos/self: a link to itself, left out",
        ])
}

@Test func pipesAndSocketsAreLeftOutUnopened() throws {
    let scratch = try ScratchFolder(["a/1.jpg"])
    // Opening a pipe without a writer would block forever.
    #expect(unsafe mkfifo(scratch.file("a/pipe.jpg"), 0o600) == 0)
    try scratch.link("a/zero.jpg", to: "/dev/zero")
    let tree = try FolderTree.walking(scratch.path)
    #expect(Array(tree.paths) == ["a/1.jpg"])
    #expect(tree.notes == ["a/pipe.jpg: a pipe, left out", "a/zero.jpg: a device, left out"])
}

@Test func aNameThatIsNoUTF8IsRefusedWithItsBytes() throws {
    let scratch = try ScratchFolder(["a/1.jpg"])
    let name = (Array("\(scratch.path)/a/caf".utf8) + [0xE9] + Array(".jpg".utf8) + [0]).map { CChar(bitPattern: $0) }
    let descriptor = unsafe open(name, O_CREAT | O_WRONLY, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
    let refused = fault { _ = try FolderTree.walking(scratch.path) }
    #expect(refused?.status == .badData)
    #expect(refused?.subject == scratch.file("a"))
    #expect(refused?.found == "the name 'caf\\xE9.jpg', which is invalid UTF-8")
}

@Test func anUnreadableFolderIsAnErrorThatNamesIt() throws {
    let scratch = try ScratchFolder(["a/1.jpg", "b/2.jpg"])
    unsafe chmod(scratch.file("b"), 0)
    defer { unsafe chmod(scratch.file("b"), 0o700) }
    let refused = fault { _ = try FolderTree.walking(scratch.path) }
    // The superuser may read everything.
    if geteuid() == 0 { #expect(refused == nil) } else { #expect(refused?.subject == scratch.file("b")) }
    #expect(fault { _ = try FolderTree.walking(scratch.file("none")) }?.status == .noInput)
    let file = fault { _ = try FolderTree.walking(scratch.file("a/1.jpg")) }
    #expect(file?.status == .badData && file?.found == "a file")
}

@Test func nestedFoldersHaveALimit() throws {
    let scratch = try ScratchFolder()
    var folder = unsafe open(scratch.path, O_RDONLY | O_DIRECTORY)
    for level in 0 ..< 300 {
        unsafe mkdirat(folder, "d", 0o700)
        if level == 64 { unsafe close(openat(folder, "x.jpg", O_CREAT | O_WRONLY, 0o600)) }
        let next = unsafe openat(folder, "d", O_RDONLY | O_DIRECTORY)
        close(folder)
        folder = next
    }
    close(folder)
    let refused = fault { _ = try FolderTree.walking(scratch.path) }
    #expect(refused?.status == .badData)
    #expect(refused?.found.hasPrefix("more than 64 nested folders below 'd/d/d") == true)

    let shallow = try ScratchFolder([String(repeating: "d/", count: 64) + "x.jpg"])
    #expect(try Array(FolderTree.walking(shallow.path).paths).count == 1)
}

@Test func progressCountsFilesAndCanEndTheWalk() throws {
    let scratch = try ScratchFolder((0 ..< 600).map { "\($0)/1.jpg" })
    var reports: [Int] = []
    let whole = try FolderTree.walking(scratch.path) { found, total throws(Fault) in
        reports.append(found)
        #expect(found == total)
    }
    #expect(reports.last == 600 && reports == reports.sorted() && reports.count > 2)
    #expect(try FolderTree.walking(scratch.path) == whole)
    let stopped = fault {
        _ = try FolderTree.walking(scratch.path) { found, _ throws(Fault) in
            if found > 0 { throw Fault(.interrupted, "", found: "a request to stop") }
        }
    }
    #expect(stopped?.status == .interrupted)
}
