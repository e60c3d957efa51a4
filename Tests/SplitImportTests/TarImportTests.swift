import Core
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

/// A tar archive as bytes, with freely chosen header fields.
private struct Tar {
    var bytes: [UInt8] = []

    init(_ members: [(name: String, content: String)] = []) {
        for member in members { add(member.name, member.content) }
    }

    mutating func add(
        _ name: String, _ content: String = "x", kind: Character = "0", size: Int? = nil, link: String = ""
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) { for (k, byte) in text.utf8.enumerated() { header[place + k] = byte } }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(name, at: 0)
        put("0000644\0" + "0000000\0" + "0000000\0", at: 100)
        put(octal(size ?? content.utf8.count, 11), at: 124)
        put(octal(0, 11), at: 136)
        put("        ", at: 148)
        put(String(kind), at: 156)
        put(link, at: 157)
        put("ustar\u{0}00", at: 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
        bytes += header + Array(content.utf8)
        bytes += [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }

    var whole: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}

private func tar(
    _ scratch: borrowing ScratchFolder, _ names: [String], classes: String? = nil,
    _ choose: (inout SplitImport.Shards) -> Void = { _ in }
) throws(Fault) -> (imported: ImportedSplit, root: String) {
    var shards = SplitImport.Shards(paths: names.map { "\(scratch.path)/\($0)" })
    choose(&shards)
    var settings = SplitImport.Settings()
    settings.classes = classes
    return try SplitImport.tar(shards, settings)
}

@Test func membersAreThoseThatCPythonWrote() throws {
    let goldens = try ImportGoldens.read().archives
    #expect(goldens.count == 5)
    for (name, items) in goldens {
        let (imported, root) = try SplitImport.tar(SplitImport.Shards(paths: ["\(ImportGoldens.folder)/\(name)"]))
        #expect(imported.found == items.sorted { $0[0] < $1[0] }, "\(name)")
        #expect(root == ImportGoldens.folder)
        #expect(imported.notes.contains { $0.hasPrefix("compressed: 1 archive (\(name))") } == name.hasSuffix(".gz"))
    }
}

@Test func shardsNamedAfterSubsetsAreTheseSubsets() throws {
    let scratch = try ScratchFolder()
    for (name, label) in [
        ("b/set-train-001", "cat"), ("b/set-train-000", "dog"), ("a/set_val", "cat"), ("a/settest.test.0", "dog"),
    ] {
        try scratch.write(Tar([("1.jpg", "x"), ("1.cls", label)]).whole, "\(name).tar")
    }
    let names = ["b/set-train-001.tar", "a/set_val.tar", "a/settest.test.0.tar", "b/set-train-000.tar"]
    let (imported, root) = try tar(scratch, names)
    #expect(root == scratch.path)
    #expect(imported.split.dataset == "set")
    #expect(imported.split.train.map(\.path) == ["b/set-train-000.tar/1.jpg", "b/set-train-001.tar/1.jpg"])
    #expect(imported.split.val.map(\.path) == ["a/set_val.tar/1.jpg"])
    #expect(imported.split.test.map(\.path) == ["a/settest.test.0.tar/1.jpg"])
    #expect(try tar(scratch, names.reversed()).imported.split == imported.split)
    #expect(try tar(scratch, ["b/set-train-001.tar"]).root == scratch.file("b"))
    let folder = scratch.path
    let rooted = try tar(scratch, ["b/set-train-001.tar"]) { $0.root = "\(folder)/./" }
    #expect(rooted.root == folder && rooted.imported.split.train.map(\.path) == ["b/set-train-001.tar/1.jpg"])
}

@Test func inconsistentShardsAreRefused() throws {
    let scratch = try ScratchFolder()
    for name in ["train.tar", "more.tar"] { try scratch.write(Tar([("a/1.jpg", "x")]).whole, name) }
    let mixed = fault { () throws(Fault) in _ = try tar(scratch, ["train.tar", "more.tar"]) }
    #expect(mixed?.status == .usage && mixed?.subject == scratch.file("more.tar"))
    #expect(fault { () throws(Fault) in _ = try tar(scratch, ["more.tar", "./more.tar"]) }?.status == .usage)
    #expect(
        fault { () throws(Fault) in _ = try tar(scratch, ["more.tar"]) { $0.root = "/elsewhere" } }?.status == .usage)
    #expect(fault { () throws(Fault) in _ = try tar(scratch, ["none.tar"]) }?.status == .noInput)
}

@Test func labelsComeFromTheRequestedSource() throws {
    let scratch = try ScratchFolder()
    try scratch.write(
        Tar([
            ("d/1.json", "{\"label\": \"j1\", \"kind\": 1}"), ("d/1.cls", "0"), ("d/1.jpg", ""),
            ("d/1.txt", "a caption\n"),
            ("d/1.seg.png", ""), ("d/2.jpg", ""), ("d/2.cls", "1\n"), ("d/2.json", "{\"kind\": 0}"), ("d/3.jpg", ""),
        ]).whole, "x.tar")
    try scratch.write("[\"zero\", \"one\"]", "names.json")
    let names = scratch.file("names.json")
    let usual = try tar(scratch, ["x.tar"], classes: names).imported
    #expect(usual.found == [["x.tar/d/1.jpg", "zero"], ["x.tar/d/1.seg.png", "zero"], ["x.tar/d/2.jpg", "one"]])
    #expect(usual.notes.contains("left out: 1 image (x.tar/d/3.jpg) without a label beside it"))
    #expect(usual.notes.contains("1 sample (x.tar/d/1) with several images, all of which are items"))
    let json = try tar(scratch, ["x.tar"], classes: names) {
        $0.labels = .json
        $0.labelKey = "kind"
    }.imported
    #expect(json.found.map { $0[1] } == ["one", "one", "zero"])
    #expect(try tar(scratch, ["x.tar"]) { $0.labels = .txt }.imported.split.classes == ["a caption"])
    #expect(try tar(scratch, ["x.tar"]) { $0.labels = .folder }.imported.found.count == 4)
    let numbers = fault { () throws(Fault) in _ = try tar(scratch, ["x.tar"]) { $0.labels = .cls } }
    #expect(numbers?.remedy.contains("--classes") == true)
}

@Test func foldersNamedAfterSubsetsInAnArchiveAreTheSubsets() throws {
    let scratch = try ScratchFolder()
    try scratch.write(Tar([("photos/train/cat/1.jpg", ""), ("photos/val/cat/2.jpg", "")]).whole, "photos.tar")
    let split = try tar(scratch, ["photos.tar"]).imported.split
    #expect(split.train.count == 1 && split.val.map(\.path) == ["photos.tar/photos/val/cat/2.jpg"])
}

@Test(arguments: ["/etc/passwd.jpg", "../a/1.jpg", "a/../../1.jpg", "a//1.jpg", "a/..", "a/./1.jpg"])
func aMemberThatLeavesTheArchiveIsRefused(name: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write(Tar([("a/0.jpg", ""), (name, "")]).whole, "x.tar")
    let refused = fault { () throws(Fault) in _ = try tar(scratch, ["x.tar"]) }
    #expect(refused?.status == .badData && refused?.subject == scratch.file("x.tar"))
    #expect(refused?.found.contains("at member 2: '\(name)'") == true, "\(String(describing: refused))")
}

@Test func linksAndHiddenMembersAreNotItems() throws {
    let scratch = try ScratchFolder()
    var archive = Tar([("a/1.jpg", ""), ("a/._1.jpg", ""), (".cache/2.jpg", "")])
    archive.add("a/3.jpg", "", kind: "2", link: "/etc/passwd")
    archive.add("a/4.jpg", "", kind: "1", link: "a/1.jpg")
    archive.add("a/5.jpg", "", kind: "6")
    archive.add("a/b/", "", kind: "5")
    try scratch.write(archive.whole, "x.tar")
    let imported = try tar(scratch, ["x.tar"]).imported
    #expect(imported.found == [["x.tar/a/1.jpg", "a"]])
    #expect(imported.notes.contains("left out: 3 links and devices (x.tar/a/3.jpg, x.tar/a/4.jpg, x.tar/a/5.jpg)"))
}

@Test func atMostALabelIsReadFromAMember() throws {
    let scratch = try ScratchFolder()
    try scratch.write(Tar([("1.jpg", ""), ("1.cls", String(repeating: "a", count: 1 << 20 + 1))]).whole, "large.tar")
    let large = fault { () throws(Fault) in _ = try tar(scratch, ["large.tar"]) }
    #expect(large?.found == "more than 1048576 bytes in member '1.cls'")
    for size in [4 << 30, 1 << 20] {
        var lying = Tar([("1.jpg", "")])
        lying.add("1.cls", "cat", size: size)
        try scratch.write(lying.whole, "lying-\(size).tar")
        let refused = fault { () throws(Fault) in _ = try tar(scratch, ["lying-\(size).tar"]) }
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
    try scratch.write(Tar([("1.jpg", ""), (name, content)]).whole, "x.tar")
    let refused = fault { () throws(Fault) in _ = try tar(scratch, ["x.tar"]) }
    #expect(
        refused?.status == .badData && refused?.description.contains(name) == true, "\(String(describing: refused))")
}

@Test func archivesWithoutImagesOrWithoutClassesAreRefused() throws {
    let scratch = try ScratchFolder()
    try scratch.write(Tar([("a/1.txt", "")]).whole, "none.tar")
    try scratch.write(Tar([("1.jpg", "")]).whole, "loose.tar")
    try scratch.write("This is no archive. " + String(repeating: "x", count: 4096), "text.tar")
    try scratch.write("", "empty.tar")
    for name in ["none.tar", "loose.tar", "text.tar", "empty.tar"] {
        let refused = fault { () throws(Fault) in _ = try tar(scratch, [name]) }
        #expect(refused?.status == .badData, "\(name): \(String(describing: refused))")
    }
}

/// A mutated archive gives a valid split or a fault.
@Test func everyMutationOfAnArchiveIsImportedOrRefused() throws {
    let scratch = try ScratchFolder()
    var random = PythonRandom(seed: 20_252)
    for name in ["sidecars-pax.tar", "folders-gnu.tar", "json.tar.gz"] {
        let whole = try Array(Data(contentsOf: URL(filePath: "\(ImportGoldens.folder)/\(name)")))
        for round in 0 ..< 120 {
            var bytes = whole
            let place = random.randbelow(bytes.count)
            switch random.randbelow(4) {
            case 0: bytes[place] ^= 1 << UInt8(random.randbelow(8))
            case 1: bytes = Array(bytes[..<place])
            case 2: for k in place ..< min(bytes.count, place + 64) { bytes[k] = UInt8(random.randbelow(256)) }
            default:
                // In a header, with a corrected checksum.
                let header = place / 512 * 512
                guard header + 512 <= bytes.count else { continue }
                bytes[header + random.randbelow(345)] = UInt8(random.randbelow(256))
                for k in 148 ..< 156 { bytes[header + k] = 32 }
                let sum = bytes[header ..< header + 512].reduce(0) { $0 + Int($1) }
                for (k, digit) in String(sum, radix: 8).utf8.enumerated() { bytes[header + 148 + k] = digit }
            }
            let copy = "\(round)-\(name)"
            try scratch.write(bytes, copy)
            do throws(Fault) {
                let imported = try tar(scratch, [copy]).imported
                #expect(imported.found.allSatisfy { $0[0].hasPrefix("\(copy)/") }, "\(name), round \(round)")
            } catch { #expect(error.status == .badData, "\(name), round \(round): \(error)") }
        }
    }
}
