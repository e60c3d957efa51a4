import Core
import Foundation
import TestSupport
import Testing

// Swift Testing has an exit status as well.
private typealias Status = Core.ExitStatus

/// The exit statuses of a failed input and of a failed output, by the value of `errno`.
private let classes: [(code: Int32, failure: FileFailure, input: Status, output: Status)] = [
    (ENOENT, .absent, .noInput, .noInput), (ENOTDIR, .absent, .noInput, .noInput),
    (ENAMETOOLONG, .unusableName, .noInput, .cannotCreate), (ELOOP, .unusableName, .noInput, .cannotCreate),
    (EILSEQ, .unusableName, .noInput, .cannotCreate),
    (EACCES, .denied, .noInput, .cannotCreate), (EPERM, .denied, .noInput, .cannotCreate),
    (EROFS, .denied, .noInput, .cannotCreate),
    (ENOSPC, .fullDisk, .inputOutput, .inputOutput), (EDQUOT, .fullDisk, .inputOutput, .inputOutput),
    (EMFILE, .limit, .inputOutput, .inputOutput), (ENFILE, .limit, .inputOutput, .inputOutput),
    (EFBIG, .limit, .inputOutput, .inputOutput), (ENOMEM, .limit, .inputOutput, .inputOutput),
    (EISDIR, .folder, .badData, .cannotCreate), (EEXIST, .exists, .cannotCreate, .cannotCreate),
    (EWOULDBLOCK, .busy, .tryAgain, .tryAgain),
    (ENOLCK, .unsupported, .inputOutput, .inputOutput), (ENOSYS, .unsupported, .inputOutput, .inputOutput),
    (EIO, .device, .inputOutput, .inputOutput), (ENODEV, .device, .inputOutput, .inputOutput),
]

@Test(arguments: classes.indices) func everyErrorCodeHasItsClassAndStatus(row: Int) {
    let (code, failure, input, output) = classes[row]
    for operation in [FileOperation.open, .inspect, .list, .map, .read] {
        let fault = Fault.system(operation, "a", code: code)
        #expect(fault.failure == failure && fault.status == input, "\(fault)")
    }
    for operation in [FileOperation.create, .write, .append, .resize, .reserve, .sync, .rename, .makeFolder, .lock] {
        let fault = Fault.system(operation, "a", code: code)
        #expect(fault.failure == failure && fault.status == output, "\(fault)")
    }
}

@Test func onlyWhatIsMissingOrDamagedIsAboutContent() {
    for code in [ENOENT, ENAMETOOLONG] { #expect(Fault.system(.open, "a", code: code).isAboutContent) }
    for code in [EACCES, EIO, EMFILE, ENOSPC] { #expect(!Fault.system(.open, "a", code: code).isAboutContent) }
    #expect(Fault.badData("a", found: "zeros").isAboutContent)
    #expect(!Fault(.tryAgain, "a", found: "another process").isAboutContent)
}

@Test func aNameThatNoFileCanHaveIsWrongInputAndNoFailingDisk() throws {
    let scratch = try ScratchFolder(["plain"])
    try scratch.link("loop", to: "loop")
    for name in [String(repeating: "x", count: 300), "loop", "plain\0.txt", "missing"] {
        let path = scratch.file(name)
        #expect(fault { _ = try MappedFile(path: path).byteCount }?.status == .noInput, "\(name)")
        #expect(fault { _ = try fileBytes(path) }?.status == .noInput, "\(name)")
    }
    let long = scratch.file(String(repeating: "x", count: 300))
    #expect(try FileKind.found(at: long) == .absent)
    #expect(fault { try PublishedFile.publish("x", to: long) }?.status == .cannotCreate)
    #expect(try scratch.names == ["loop", "plain"])
}

@Test(arguments: [
    ("", ".", ""), ("a", ".", "a"), ("a/b", "a", "b"), ("a/b/", "a", "b"), ("/a", "/", "a"), ("/", "/", ""),
    ("/a//b", "/a", "b"), ("../a", "..", "a"), (".a", ".", ".a"),
])
func aPathHasAFolderAndALastComponent(path: String, folder: String, last: String) {
    #expect(parentFolder(of: path) == folder)
    #expect(lastComponent(of: path) == last)
}
