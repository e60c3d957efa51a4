import Core
import Foundation
import TestSupport
import Testing

@Test func aDroppedFileLeavesTheOldOneWholeAndNothingElse() throws {
    let scratch = try ScratchFolder()
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
    let scratch = try ScratchFolder()
    try PublishedFile.publish("old", to: scratch.file("a"))
    let mapped = try MappedFile(path: scratch.file("a"))
    try PublishedFile.publish("something new", to: scratch.file("a"))
    #expect(Digest(of: mapped.bytes) == Digest(of: "old"))
    #expect(scratch.text("a") == "something new")
    #expect(try scratch.names == ["a"])
}

@Test func foldersAreMadeForAFile() throws {
    let scratch = try ScratchFolder()
    try PublishedFile.publish("x", to: scratch.file("b/c/d"))
    #expect(scratch.text("b/c/d") == "x")
}

@Test func aPlaceThatIsNoneForAFileIsRefused() throws {
    let scratch = try ScratchFolder()
    try PublishedFile.publish("x", to: scratch.file("file"))
    try PublishedFile.publish("x", to: scratch.file("folder/inside"))
    let folder = fault { try PublishedFile.publish("y", to: scratch.file("folder")) }
    #expect(folder?.status == .cannotCreate && folder?.subject == scratch.file("folder"))
    #expect(fault { try PublishedFile.publish("y", to: scratch.file("file/inside")) }?.status == .cannotCreate)
    #expect(scratch.text("file") == "x" && scratch.text("folder/inside") == "x")
}

@Test func whatAKilledWriterHasLeftIsRemovedByTheNext() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("result.json")
    try scratch.write("half", "result.json.abandoned.partial")
    try scratch.write("other", "other.json.abandoned.partial")
    try PublishedFile.publish("whole", to: path)
    #expect(scratch.files(in: "").keys.sorted() == ["other.json.abandoned.partial", "result.json"])
}

@Test func aWriterAtWorkIsNotTakenForAKilledOne() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("result.json")
    let first = try PublishedFile(path)
    try unsafe first.write(Array("first".utf8).span.bytes, at: 0)
    try PublishedFile.publish("second", to: path)
    #expect(scratch.text("result.json") == "second")
    try first.publish()
    #expect(scratch.text("result.json") == "first")
}
