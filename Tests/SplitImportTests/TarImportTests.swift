import Core
import SplitImport
import Splits
import TestSupport
import Testing

private func archive(_ members: [(name: String, content: String)]) -> [UInt8] {
    storedTar(members.map { ($0.name, Array($0.content.utf8)) })
}

/// Writes `text` at `offset` of the header at `start` of a tar archive, and corrects the header's checksum.
private func patch(_ archive: inout [UInt8], header start: Int, at offset: Int, _ text: some Collection<UInt8>) {
    func put(_ bytes: some Collection<UInt8>, _ offset: Int) {
        archive.replaceSubrange(start + offset ..< start + offset + bytes.count, with: bytes)
    }
    put(text, offset)
    put("        ".utf8, 148)
    put(String(archive[start ..< start + 512].reduce(0) { $0 + Int($1) }, radix: 8).utf8, 148)
}

private func tar(
    _ scratch: borrowing ScratchFolder, _ names: [String], _ choose: (inout SplitImport.Settings) -> Void = { _ in }
) throws(Fault) -> ImportedSplit {
    var settings = SplitImport.Settings()
    choose(&settings)
    return try SplitImport.tar(names.map { "\(scratch.path)/\($0)" }, settings)
}

@Test func membersAreThoseThatCPythonWrote() throws {
    let goldens = try ImportGoldens.read().archives
    #expect(goldens.count == 5)
    for (name, items) in goldens {
        let imported = try SplitImport.tar(["\(ImportGoldens.folder)/\(name)"])
        #expect(imported.found == items.sorted { $0[0] < $1[0] }, "\(name)")
        #expect(imported.root == ImportGoldens.folder)
        #expect(imported.notes.contains { $0.hasPrefix("compressed: 1 archive (\(name))") } == name.hasSuffix(".gz"))
    }
}

@Test func imagesInATarOfFormatsThatAreNotReadAreNamed() throws {
    let scratch = try ScratchFolder()
    try scratch.write(archive([("cat/1.jxl", "x"), ("dog/2.jxl", "x")]), "set.tar")
    let refused = fault { _ = try tar(scratch, ["set.tar"]) }
    let words = "2 JPEG XL images (set.tar/cat/1.jxl, set.tar/dog/2.jxl) in formats that are not read"
    #expect(refused?.found == words)
    try scratch.write(archive([("cat/1.jxl", "x"), ("cat/2.ppm", "x"), ("dog/3.heic", "x")]), "more.tar")
    let imported = try tar(scratch, ["more.tar"])
    #expect(imported.split.itemCount == 2)
    #expect(imported.notes.contains { $0.hasPrefix("left out: 1 JPEG XL image (more.tar/cat/1.jxl), a format") })
}

@Test func shardsNamedAfterSubsetsAreTheseSubsets() throws {
    let scratch = try ScratchFolder()
    for (name, label) in [
        ("b/set-train-001", "cat"), ("b/set-train-000", "dog"), ("a/set_val", "cat"), ("a/settest.test.0", "dog"),
    ] {
        try scratch.write(archive([("1.jpg", "x"), ("1.cls", label)]), "\(name).tar")
    }
    let names = ["b/set-train-001.tar", "a/set_val.tar", "a/settest.test.0.tar", "b/set-train-000.tar"]
    let imported = try tar(scratch, names)
    #expect(imported.root == scratch.path)
    #expect(imported.split.dataset == "set")
    #expect(imported.split.train.map(\.path) == ["b/set-train-000.tar/1.jpg", "b/set-train-001.tar/1.jpg"])
    #expect(imported.split.val.map(\.path) == ["a/set_val.tar/1.jpg"])
    #expect(imported.split.test.map(\.path) == ["a/settest.test.0.tar/1.jpg"])
    #expect(try tar(scratch, names.reversed()).split == imported.split)
    #expect(try tar(scratch, ["b/set-train-001.tar"]).root == scratch.file("b"))
    let folder = scratch.path
    let rooted = try tar(scratch, ["b/set-train-001.tar"]) { $0.root = "\(folder)/./" }
    #expect(rooted.root == folder && rooted.split.train.map(\.path) == ["b/set-train-001.tar/1.jpg"])
}

@Test func inconsistentShardsAreRefused() throws {
    let scratch = try ScratchFolder()
    for name in ["train.tar", "more.tar"] { try scratch.write(archive([("a/1.jpg", "x")]), name) }
    let mixed = fault { _ = try tar(scratch, ["train.tar", "more.tar"]) }
    #expect(mixed?.status == .usage && mixed?.subject == scratch.file("more.tar"))
    #expect(fault { _ = try tar(scratch, ["more.tar", "./more.tar"]) }?.status == .usage)
    #expect(fault { _ = try tar(scratch, ["more.tar"]) { $0.root = "/elsewhere" } }?.status == .usage)
    #expect(fault { _ = try tar(scratch, ["none.tar"]) }?.status == .noInput)
}

@Test func labelsComeFromTheRequestedSource() throws {
    let scratch = try ScratchFolder()
    try scratch.write(
        archive([
            ("d/1.json", "{\"label\": \"j1\", \"kind\": 1}"), ("d/1.cls", "0"), ("d/1.jpg", ""),
            ("d/1.txt", "a caption\n"), ("d/1.seg.png", ""), ("d/2.jpg", ""), ("d/2.cls", "1\n"),
            ("d/2.json", "{\"kind\": 0}"), ("d/3.jpg", ""),
        ]), "x.tar")
    try scratch.write("[\"zero\", \"one\"]", "names.json")
    let names = scratch.file("names.json")
    let usual = try tar(scratch, ["x.tar"]) { $0.classes = names }
    #expect(usual.found == [["x.tar/d/1.jpg", "zero"], ["x.tar/d/1.seg.png", "zero"], ["x.tar/d/2.jpg", "one"]])
    #expect(usual.notes.contains("left out: 1 image (x.tar/d/3.jpg) without a label beside it"))
    #expect(usual.notes.contains("1 sample (x.tar/d/1) with several images, all of which are items"))
    let json = try tar(scratch, ["x.tar"]) {
        $0.classes = names
        $0.labels = .json
        $0.columns.label = "kind"
    }
    #expect(json.found.map { $0[1] } == ["one", "one", "zero"])
    #expect(try tar(scratch, ["x.tar"]) { $0.labels = .txt }.split.classes == ["a caption"])
    #expect(try tar(scratch, ["x.tar"]) { $0.labels = .folder }.found.count == 4)
    let numbers = fault { _ = try tar(scratch, ["x.tar"]) { $0.labels = .cls } }
    #expect(numbers?.remedy.contains("classes FILE") == true)
}

@Test func namesWithSeveralDotsAreMatchedUpToTheLastOneIfTheFirstGivesNothing() throws {
    let scratch = try ScratchFolder()
    let versions = (0 ..< 3).flatMap { [("v1.\($0).0 shot.jpg", "x"), ("v1.\($0).0 shot.cls", "c\($0 % 2)")] }
    try scratch.write(archive(versions), "dots.tar")
    let dotted = try tar(scratch, ["dots.tar"])
    #expect(dotted.found.map { $0[1] } == ["c0", "c1", "c0"])
    #expect(!dotted.notes.contains { $0.contains("several images") })
    // The first dot takes precedence, and a file of other data is not a label.
    try scratch.write(
        archive([
            ("a/1.jpg", ""), ("a/1.seg.png", ""), ("a/1.cls", "x"), ("a/1.seg.cls", "y"), ("a/2.jpg", ""),
            ("a/1.meta.json", "[broken"), ("a/2.cls", "z"),
        ]), "first.tar")
    #expect(try tar(scratch, ["first.tar"]).found.map { $0[1] } == ["x", "x", "z"])
    try scratch.write(archive([("a/1.jpg", ""), ("b/2.jpg", ""), ("a/1.meta.json", "{\"label\": 1}")]), "folders.tar")
    #expect(try tar(scratch, ["folders.tar"]).split.classes == ["a", "b"])
    try scratch.write(archive([("1.big.jpg", ""), ("1.big.json", "[broken")]), "broken.tar")
    #expect(fault { _ = try tar(scratch, ["broken.tar"]) }?.status == .badData)
}

@Test func anArchiveMayBeAClassOnRequest() throws {
    let scratch = try ScratchFolder()
    for name in ["n01440764", "n01443537"] {
        try scratch.write(archive([("\(name)_1.JPEG", ""), ("\(name)_2.JPEG", "")]), "train/\(name).tar")
    }
    let names = ["train/n01440764.tar", "train/n01443537.tar"]
    #expect(fault { _ = try tar(scratch, names) }?.remedy.contains("label_from archive") == true)
    let imported = try tar(scratch, names) { $0.labels = .archive }
    #expect(imported.split.classes == ["n01440764", "n01443537"] && imported.split.train.count == 4)
    #expect(imported.split.train[0].path == "n01440764.tar/n01440764_1.JPEG" && imported.split.dataset == "train")
    try scratch.write(archive([("n01440764.tar", "x"), ("n01443537.tar", "y")]), "outer.tar")
    let outer = fault { _ = try tar(scratch, ["outer.tar"]) }
    #expect(outer?.found == "no images but 2 archives (outer.tar/n01440764.tar, outer.tar/n01443537.tar) in 1 archive")
}

@Test func foldersNamedAfterSubsetsInAnArchiveAreTheSubsets() throws {
    let scratch = try ScratchFolder()
    try scratch.write(archive([("photos/train/cat/1.jpg", ""), ("photos/val/cat/2.jpg", "")]), "photos.tar")
    let split = try tar(scratch, ["photos.tar"]).split
    #expect(split.train.count == 1 && split.val.map(\.path) == ["photos.tar/photos/val/cat/2.jpg"])
}

@Test(arguments: ["/etc/passwd.jpg", "../a/1.jpg", "a/../../1.jpg", "a//1.jpg", "a/..", "a/./1.jpg"])
func aMemberThatLeavesTheArchiveIsRefused(name: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write(archive([("a/0.jpg", ""), (name, "")]), "x.tar")
    let refused = fault { _ = try tar(scratch, ["x.tar"]) }
    #expect(refused?.status == .badData && refused?.subject == scratch.file("x.tar"))
    #expect(refused?.found.contains("at member 2: '\(name)'") == true, "\(String(describing: refused))")
}

@Test func linksAndHiddenMembersAreNotItems() throws {
    let scratch = try ScratchFolder()
    let names = ["a/1.jpg", "a/._1.jpg", ".cache/2.jpg", "a/3.jpg", "a/4.jpg", "a/5.jpg", "a/b/"]
    var members = archive(names.map { ($0, "") })
    // A symbolic link, a hard link, a pipe and a folder.
    for (index, kind) in ["2/etc/passwd", "1a/1.jpg", "6", "5"].enumerated() {
        patch(&members, header: 512 * (index + 3), at: 156, kind.utf8)
    }
    try scratch.write(members, "x.tar")
    let imported = try tar(scratch, ["x.tar"])
    #expect(imported.found == [["x.tar/a/1.jpg", "a"]])
    #expect(imported.notes.contains("left out: 3 links and devices (x.tar/a/3.jpg, x.tar/a/4.jpg, x.tar/a/5.jpg)"))
}

@Test func atMostALabelIsReadFromAMember() throws {
    let scratch = try ScratchFolder()
    try scratch.write(archive([("1.jpg", ""), ("1.cls", String(repeating: "a", count: 1 << 20 + 1))]), "large.tar")
    #expect(fault { _ = try tar(scratch, ["large.tar"]) }?.found == "more than 1048576 bytes in member '1.cls'")
    for size in [4 << 30, 1 << 20] {
        var lying = archive([("1.jpg", ""), ("1.cls", "cat")])
        let digits = String(size, radix: 8)
        patch(&lying, header: 512, at: 135 - digits.count, digits.utf8)
        try scratch.write(lying, "lying-\(size).tar")
        let refused = fault { _ = try tar(scratch, ["lying-\(size).tar"]) }
        #expect(
            refused?.found.contains("where member '1.cls' claims \(size)") == true, "\(String(describing: refused))")
    }
}

@Test(arguments: [
    ("1.cls", ""), ("1.cls", "a\nb"), ("1.cls", String(repeating: "a", count: 2000)), ("1.json", "{\"label\": [1]}"),
    ("1.json", "{"), ("1.json", "{\"label\": 1, \"label\": 2}"), ("1.json", "{\"label\": 1.5}"),
])
func anInvalidLabelIsRefused(name: String, content: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write(archive([("1.jpg", ""), (name, content)]), "x.tar")
    let refused = fault { _ = try tar(scratch, ["x.tar"]) }
    #expect(
        refused?.status == .badData && refused?.description.contains(name) == true, "\(String(describing: refused))")
}

@Test func archivesWithoutImagesOrWithoutClassesAreRefused() throws {
    let scratch = try ScratchFolder()
    try scratch.write(archive([("a/1.txt", "")]), "none.tar")
    try scratch.write(archive([("1.jpg", "")]), "loose.tar")
    try scratch.write("This is no archive. " + String(repeating: "x", count: 4096), "text.tar")
    try scratch.write("", "empty.tar")
    for name in ["none.tar", "loose.tar", "text.tar", "empty.tar"] {
        let refused = fault { _ = try tar(scratch, [name]) }
        #expect(refused?.status == .badData, "\(name): \(String(describing: refused))")
    }
}

/// A mutated archive gives a valid split or a fault.
@Test func everyMutationOfAnArchiveIsImportedOrRefused() throws {
    let scratch = try ScratchFolder()
    var dice = Dice(seed: 20_252)
    for name in ["sidecars-pax.tar", "folders-gnu.tar", "json.tar.gz"] {
        let whole = try bytes(of: "\(ImportGoldens.folder)/\(name)")
        for round in 0 ..< 120 {
            var bytes = whole
            let header = dice.below(bytes.count) / 512 * 512
            if round % 4 == 0, header + 512 <= bytes.count {
                patch(&bytes, header: header, at: dice.below(345), [UInt8(dice.below(256))])
            } else {
                dice.damage(&bytes, dense: bytes.count)
            }
            let copy = "\(round)-\(name)"
            try scratch.write(bytes, copy)
            do throws(Fault) {
                let imported = try tar(scratch, [copy])
                #expect(imported.found.allSatisfy { $0[0].hasPrefix("\(copy)/") }, "\(name), round \(round)")
            } catch { #expect(error.status == .badData, "\(name), round \(round): \(error)") }
        }
    }
}
