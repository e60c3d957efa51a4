import Archives
import Core
import Foundation
import TestSupport
import Testing

private struct Member: Decodable {
    let start: Int
    let size: Int
    let sha256: Digest
}

@Test func membersLieWhereCPythonFindsThem() throws {
    let source = ItemSource(folder: fixture("archives"))
    let archives = try JSONDocument.read(
        [String: [String: Member]].self, from: fixture("archives/tars.json"), expected: "members")
    #expect(archives.count == 6)
    for (item, member) in archives.flatMap({ archive, members in members.map { ("\(archive)/\($0)", $1) } }) {
        let content = try source.content(of: item)
        guard case .piece(_, _, let range) = content else {
            Issue.record("\(item) is no piece of a file")
            continue
        }
        #expect(range == member.start ..< member.start + member.size, "\(item)")
        let bytes = try content.bytes()
        #expect(unsafe Digest(of: bytes.span.bytes) == member.sha256, "\(item)")
        #expect(try content.withBytes { bytes throws(Fault) in Digest(of: bytes) } == member.sha256)
        try source.require(item)
    }
}

@Test(arguments: [
    ("odd.tar/twice.jpg", "2 members of this name"), ("odd.tar/empty.jpg", "an empty file"),
    ("odd.tar/soft.jpg", "a link or device"), ("odd.tar/hard.jpg", "a link or device"),
    ("odd.tar/none.jpg", "no such member in the archive"), ("sparse-gnu.tar/holes.jpg", "a file with holes"),
    ("sparse-pax.tar/holes.jpg", "a file with holes"), ("none.tar/1.jpg", "no file"),
    ("../archives/gnu.tar/flat.webp", "a path that leads outside of the root folder"),
    ("/etc/passwd", "a path that leads outside of the root folder"),
])
func whatHasNoBytesOfItsOwnIsRefusedByName(item: String, found: String) {
    let source = ItemSource(folder: fixture("archives"))
    let refused = fault { _ = try source.content(of: item) }
    #expect(refused?.subject == item && refused?.found == found, "\(String(describing: refused))")
    // Of what is there and no image, all is listed in the end.
    let absent = fault { try source.require(item) }
    #expect(absent == (["odd", "spa"].contains { item.hasPrefix($0) } && !item.contains("none") ? nil : refused))
}

@Test func aFolderOfAnArchivesNameIsAFolder() throws {
    let scratch = try ScratchFolder()
    try scratch.write("an image", "a.tar/b/1.jpg")
    try scratch.write("no archive", "notes")
    let source = ItemSource(folder: scratch.path)
    #expect(try source.content(of: "a.tar/b/1.jpg").bytes() == Array("an image".utf8))
    #expect(fault { try source.require("notes/1.jpg") }?.found == "no file")
}

@Test(
    arguments: [
        ("gzip", [0x1F, 0x8B]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("bzip2", [0x42, 0x5A, 0x68]),
    ] as [(String, [UInt8])])
func aCompressedArchiveIsRefusedWithItsWayOut(name: String, magic: [UInt8]) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(magic + [UInt8](repeating: 0, count: 64), "a.tar")
    let refused = fault { try ItemSource(folder: scratch.path).require("a.tar/1.jpg") }
    #expect(refused?.found == "a tar archive in \(name)" && refused?.subject == path)
    #expect(refused?.remedy == "decompress it and import it again")
}

@Test func aTruncatedArchiveHasTheMembersBeforeItsEnd() throws {
    let scratch = try ScratchFolder()
    let whole = try bytes(of: fixture("archives/gnu.tar"))
    try scratch.write(whole[..<4700], "cut.tar")
    let source = ItemSource(folder: scratch.path)
    #expect(try source.content(of: "cut.tar/dog/1.jpg").bytes() == Array("first".utf8))
    let refused = fault { try source.require("cut.tar/cat/1.jpg") }
    #expect(refused?.found.hasPrefix("4700 bytes, where member 'cat/übergröße.png' claims 768") == true)
}

@Test func anArchiveThatHasChangedIsNotRead() throws {
    let scratch = try ScratchFolder()
    let whole = try bytes(of: fixture("archives/gnu.tar"))
    try scratch.write(whole, "a.tar")
    let content = try ItemSource(folder: scratch.path).content(of: "a.tar/flat.webp")
    try scratch.write(whole + whole, "a.tar")
    #expect(fault { _ = try content.bytes() }?.found == "20480 bytes where there were 10240")
    #expect(fault { _ = try content.withBytes { _ throws(Fault) in 0 } }?.status == .badData)
}

@Test func noMutationOfAnArchiveCrashesOrIsReadBeyondIt() throws {
    let scratch = try ScratchFolder()
    let plan = MutationPlan()
    var dice = Dice(seed: plan.seed)
    let originals = try ["ustar", "gnu", "pax", "odd", "sparse-gnu", "sparse-pax"].map {
        try bytes(of: fixture("archives/\($0).tar"))
    }
    let names = ["dog/1.jpg", "cat/1.jpg", "flat.webp", "cat/übergröße.png", "last.jpg", "holes.jpg", "whole.jpg"]
    var read = 0
    var refused = 0
    for round in plan.rounds(10_000) {
        var mutated = originals[round % originals.count]
        dice.damage(&mutated, dense: mutated.count)
        if dice.below(2) == 0 {
            // A header whose sum is right again, so that what it says is looked at.
            let header = dice.below(max(1, mutated.count / 512)) * 512
            if header + 512 <= mutated.count {
                mutated[header + dice.below(345)] = UInt8(dice.below(256))
                for place in 148 ..< 156 { mutated[header + place] = 32 }
                let sum = mutated[header ..< header + 512].reduce(0) { $0 + Int($1) }
                for (place, digit) in String(sum, radix: 8).utf8.enumerated() { mutated[header + 148 + place] = digit }
            }
        }
        try scratch.write(mutated, "a.tar")
        let source = ItemSource(folder: scratch.path)
        for name in names {
            let found = fault {
                let content = try source.content(of: "a.tar/\(name)")
                let bytes = try content.bytes()
                #expect(bytes.count == content.byteCount && bytes.count <= mutated.count)
                read += 1
            }
            guard let found else { continue }
            #expect([.badData, .noInput].contains(found.status), "seed \(plan.seed), round \(round): \(found)")
            refused += 1
        }
    }
    #expect(read > 0 && refused > 0)
}
