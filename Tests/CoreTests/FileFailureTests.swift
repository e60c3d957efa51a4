import Core
import Foundation
import TestSupport
import Testing

// Swift Testing has an exit status as well.
private typealias Status = Core.ExitStatus

/// The exit statuses of a failed input and of a failed output, by the value of `errno`.
private let classes: [(codes: [Int32], failure: FileFailure, input: Status, output: Status)] = [
    ([ENOENT, ENOTDIR], .absent, .noInput, .noInput),
    ([ENAMETOOLONG, ELOOP, EILSEQ], .unusableName, .noInput, .cannotCreate),
    ([EACCES, EPERM, EROFS], .denied, .noInput, .cannotCreate),
    ([ENOSPC, EDQUOT], .fullDisk, .inputOutput, .inputOutput),
    ([EMFILE, ENFILE, EFBIG, ENOMEM], .limit, .inputOutput, .inputOutput),
    ([EISDIR], .folder, .badData, .cannotCreate), ([EEXIST], .exists, .cannotCreate, .cannotCreate),
    ([EWOULDBLOCK], .busy, .tryAgain, .tryAgain),
    ([ENOLCK, ENOSYS], .unsupported, .inputOutput, .inputOutput),
    ([EIO, ENODEV], .device, .inputOutput, .inputOutput),
]

private let inputs: [FileOperation] = [.open, .inspect, .list, .map, .read]
private let outputs: [FileOperation] = [
    .create, .write, .append, .resize, .reserve, .sync, .rename, .makeFolder, .lock,
]

@Test(arguments: classes.indices) func everyErrorCodeHasItsClassAndStatus(row: Int) {
    let (codes, failure, input, output) = classes[row]
    for code in codes {
        for operation in inputs + outputs {
            let fault = Fault.system(operation, "a", code: code)
            #expect(
                fault.failure == failure && fault.status == (inputs.contains(operation) ? input : output), "\(fault)")
        }
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
        #expect(fault { try MappedFile(path: path) }?.status == .noInput, "\(name)")
        #expect(fault { try fileBytes(path) }?.status == .noInput, "\(name)")
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

@Test(.timeLimit(.minutes(5))) func aFileThatCannotBeMappedIsRefusedAndAPipeNotWaitedFor() throws {
    let scratch = try ScratchFolder(["empty"])
    let made = unsafe mkfifo(scratch.file("pipe"), 0o600)
    #expect(made == 0)
    for path in [scratch.file("pipe"), scratch.path, "/dev/null"] {
        let refused = fault { try MappedFile(path: path) }
        #expect(refused?.status == .badData && refused?.found == "a folder, device or pipe", "\(path)")
    }
    #expect(fault { try MappedFile(path: scratch.file("empty")) }?.found == "an empty file")
}
