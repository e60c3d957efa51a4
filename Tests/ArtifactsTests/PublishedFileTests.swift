import Artifacts
import Foundation
import Testing

/// A folder of its own under the system's temporary directory, removed when the value goes.
struct Scratch: ~Copyable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "fewshot-artifacts-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: file(name)) ?? Data(), as: UTF8.self)
    }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}

/// The fault that `body` ends with.
func fault(_ body: () throws -> Void) -> Fault? {
    do { try body() } catch { return error as? Fault }
    return nil
}

@Test func aDroppedFileLeavesTheOldOneWholeAndNothingElse() throws {
    let scratch = try Scratch()
    try PublishedFile.publish("old", to: scratch.file("a"))
    do {
        let file = try PublishedFile(scratch.file("a"))
        try file.reserve(1 << 16)
        let bytes: [UInt8] = [1, 2, 3]
        try unsafe file.write(bytes.span.bytes, at: 7)
        #expect(try scratch.names.count == 2)
        #expect(scratch.text("a") == "old")
    }
    #expect(scratch.text("a") == "old")
    #expect(try scratch.names == ["a"])
}

@Test func aPublishedFileReplacesTheOldOneAndAReaderKeepsIts() throws {
    let scratch = try Scratch()
    try PublishedFile.publish("old", to: scratch.file("a"))
    let mapped = try MappedFile(path: scratch.file("a"))
    try PublishedFile.publish("something new", to: scratch.file("a"))
    #expect(Digest(of: mapped.bytes) == Digest(of: "old"))
    #expect(scratch.text("a") == "something new")
    #expect(try scratch.names == ["a"])
}

@Test func foldersAreMadeForAFile() throws {
    let scratch = try Scratch()
    try PublishedFile.publish("x", to: scratch.file("b/c/d"))
    #expect(scratch.text("b/c/d") == "x")
}

@Test func aPlaceThatIsNoneForAFileIsRefused() throws {
    let scratch = try Scratch()
    try PublishedFile.publish("x", to: scratch.file("file"))
    try PublishedFile.publish("x", to: scratch.file("folder/inside"))
    let folder = fault { try PublishedFile.publish("y", to: scratch.file("folder")) }
    #expect(folder?.status == .cannotCreate && folder?.subject == scratch.file("folder"))
    #expect(fault { try PublishedFile.publish("y", to: scratch.file("file/inside")) }?.status == .cannotCreate)
    #expect(scratch.text("file") == "x" && scratch.text("folder/inside") == "x")
}

@Test func whatCannotBeMappedIsNamed() throws {
    let scratch = try Scratch()
    try Data().write(to: URL(fileURLWithPath: scratch.file("empty")))
    #expect(fault { _ = try MappedFile(path: scratch.file("none")).byteCount }?.status == .noInput)
    #expect(fault { _ = try MappedFile(path: scratch.file("empty")).byteCount }?.found == "an empty file")
    #expect(fault { _ = try MappedFile(path: scratch.path).byteCount }?.status == .badData)
    #expect(fault { _ = try MappedFile(path: "/dev/null").byteCount }?.found == "a folder or device")
}
