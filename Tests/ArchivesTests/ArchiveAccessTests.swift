import Archives
import Core
import Foundation
import TestSupport
import Testing

private let members: [(name: String, bytes: [UInt8])] = [
    ("dog/1.jpg", Array("first".utf8)), ("dog/2.jpg", Array("second".utf8)), ("label.txt", Array("7".utf8)),
]

/// The names and contents of all members.
private func contents(_ path: String) throws(Fault) -> [String: [UInt8]] {
    let archive = try TarReader(path: path)
    var found: [String: [UInt8]] = [:]
    while let member = try archive.next() { found[member.name] = try archive.content(of: member, limit: 100) }
    return found
}

/// Compresses a file beside it with a program of the system; nil where it is not installed.
private func compressed(_ path: String, by program: String) throws -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program, "-k", "-q", path]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    let suffixes = ["gz", "bz2", "xz", "zst"]
    return suffixes.map { "\(path).\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
}

@Test(arguments: ["gzip", "bzip2", "xz", "zstd"])
func aCompressedArchiveIsReadMemberByMember(program: String) throws {
    let scratch = try ScratchFolder()
    let plain = try scratch.write(storedTar(members), "a.tar")
    let expected = Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.bytes) })
    #expect(try contents(plain) == expected)
    guard let path = try compressed(plain, by: program) else {
        #expect(program != "gzip", "gzip is on every machine")
        return
    }
    #expect(try contents(path) == expected)
    #expect(ArchiveKind(at: path) == .compressedTar(program))
    #expect(ArchiveKind(at: plain) == .tar)
}

@Test func onlyAPlainMemberHasAPlaceInItsArchive() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(storedTar(members), "a.tar")
    let whole = try bytes(of: path)
    let archive = try TarReader(path: path)
    for (name, content) in members {
        let member = try #require(try archive.next())
        #expect(member.name == name && member.size == content.count)
        let start = try #require(member.start)
        #expect(Array(whole[start ..< start + member.size]) == content)
    }
    #expect(try archive.next() == nil)
}

@Test func aMemberLongerThanALabelIsRefused() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(storedTar([("label.txt", [UInt8](repeating: 55, count: 101))]), "a.tar")
    let refused = fault { _ = try contents(path) }
    #expect(refused?.status == .badData && refused?.found.hasPrefix("more than 100 bytes") == true)
}

@Test func whatIsNoArchiveIsNamed() throws {
    let scratch = try ScratchFolder(["folder.tar/"])
    try scratch.write("no archive at all", "text.tar")
    #expect(fault { _ = try contents(scratch.file("missing.tar")) }?.status == .noInput)
    #expect(fault { _ = try contents(scratch.file("folder.tar")) }?.status == .badData)
    #expect(fault { _ = try contents(scratch.file("text.tar")) }?.status == .badData)
}

@Test(arguments: [
    ("table.parquet", "text", ArchiveKind.parquet), ("table", "PAR1", .parquet), ("text.tar", "text", .tar),
    ("text.jpg", "text", nil), ("folder.tar/", "", nil),
])
func anArchiveIsKnownByItsFirstBytesAndThenByItsName(name: String, content: String, kind: ArchiveKind?) throws {
    let scratch = try ScratchFolder()
    try scratch.write(content, name)
    #expect(ArchiveKind(at: scratch.file(name.hasSuffix("/") ? String(name.dropLast()) : name)) == kind)
}

@Test(arguments: ["1.jpg", "a.tar/dog/1.jpg"]) func bytesAreTheSameReadOrMapped(item: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write("first", "1.jpg")
    try scratch.write(storedTar(members), "a.tar")
    let content = try ItemSource(folder: scratch.path).content(of: item)
    #expect(content.byteCount == 5)
    #expect(try content.bytes() == Array("first".utf8))
    #expect(try content.withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } } == Array("first".utf8))
}

@Test func onlyRowsOfTablesHaveAnOrder() throws {
    let source = ItemSource(folder: fixture("archives"))
    #expect(source.order(of: "gnu.tar/dog/1.jpg") == nil)
    #expect(source.order(of: "nowhere/1.jpg") == nil)
    let found = try #require(source.order(of: "hf-test.parquet/2"))
    #expect(found.archive == fixture("archives/hf-test.parquet") && found.row == 2)
}

@Test(arguments: [
    ("/etc/hostname", Core.ExitStatus.badData),
    ("../a.jpg", .badData), ("a/../../b.jpg", .badData), ("..", .badData),
    ("missing.jpg", .noInput), ("folder", .badData), ("empty.jpg", .badData), ("pipe", .badData),
    (String(repeating: "x", count: 300), .noInput),
])
func anItemThatIsNoImageBelowTheFolderIsRefused(item: String, status: Core.ExitStatus) throws {
    let scratch = try ScratchFolder(["folder/", "empty.jpg"])
    let made = unsafe mkfifo(scratch.file("pipe"), 0o600)
    #expect(made == 0)
    let source = ItemSource(folder: scratch.path)
    let refused = fault { _ = try source.content(of: item) }
    #expect(refused?.status == status && refused?.subject == item, "\(String(describing: refused))")
}
