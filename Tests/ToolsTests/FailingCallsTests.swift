import Foundation
import TestSupport
import Testing

/// A library to preload that makes calls below a folder fail; `Tests/Faults/faults.c` says how it is told.
private struct FailingCalls: ~Copyable {
    static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/bin/gcc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    let scratch: ScratchFolder
    private let environment: String

    init() throws {
        let scratch = try ScratchFolder()
        let library = scratch.file("faults.so")
        let compiler = Self.compiler ?? ""
        let run = try ToolRun(
            compiler,
            ["-shared", "-fPIC", "-O1", "-w", "-o", library, fixture("../Faults/faults.c"), "-ldl"])
        #expect(run.status == 0, "\(run.messages)")
        environment =
            "LD_PRELOAD='\(library)' FAULTS_BELOW='\(scratch.path)' FAULTS_LOG='\(scratch.file("struck.txt"))'"
        self.scratch = scratch
    }

    /// Runs a tool whose call number `first` of a kind fails with the number `code`; nil where it has no such call.
    func run(_ call: String, _ first: Int, code: Int, count: Int = 1, _ arguments: [String]) throws -> ToolRun? {
        try? FileManager.default.removeItem(atPath: scratch.file("struck.txt"))
        let run = try ToolRun(
            "fewshot-features", arguments,
            shell: "\(environment) FAULTS_CALLS=\(call) FAULTS_KIND=\(code) FAULTS_FIRST=\(first) FAULTS_COUNT=\(count)"
        )
        return FileManager.default.fileExists(atPath: scratch.file("struck.txt")) ? run : nil
    }
}

/// Small values wait inside of HDF5 until a dataset is closed, and closing says nothing by itself.
@Test(
    .enabled(if: FailingCalls.compiler != nil), arguments: [("write", 28), ("ftruncate", 5), ("fsync", 5), ("stat", 5)])
func aCallThatFailsOnceIsSaidOrLosesNothing(call: String, code: Int) throws {
    let calls = try FailingCalls()
    try writeFeatures(to: calls.scratch.file("hot"))
    #expect(
        try ToolRun.features("pack", calls.scratch.file("hot"), "-o", calls.scratch.file("expected")).status == 0)
    let expected = calls.scratch.files(in: "expected")
    var first = 1
    while let run = try calls.run(
        call, first, code: code, ["pack", calls.scratch.file("hot"), "-o", calls.scratch.file("packed")])
    {
        #expect(run.status == 74 || run.status == 0, "\(call) \(first): \(run.messages)")
        let packed = calls.scratch.files(in: "packed")
        if run.status == 0 { #expect(packed == expected, "\(call) \(first)") }
        #expect(packed.allSatisfy { expected[$0.key] == $0.value }, "\(call) \(first)")
        try? FileManager.default.removeItem(atPath: calls.scratch.file("packed"))
        first += 1
    }
    #expect(first > 4)
}

@Test(.enabled(if: FailingCalls.compiler != nil))
func aFolderThatCannotBeLookedAtIsNotTakenForMissing() throws {
    let calls = try FailingCalls()
    try writeFeatures(to: calls.scratch.file("hot"))
    for first in 1 ... 8 {
        guard let run = try calls.run("stat", first, code: 13, ["verify", calls.scratch.file("hot")]) else { break }
        #expect(run.status == 0 || run.messages.contains("no permission"), "\(first): \(run.messages)")
        #expect(!run.output.contains("; no "), "\(first): \(run.output)")
    }
}

/// With --skip-bad a failing disk would leave images out for good.
@Test(.enabled(if: FailingCalls.compiler != nil))
func aDiskThatFailsIsNotTheImagesFault() throws {
    let calls = try FailingCalls()
    for (number, name) in ["rgb.jpg", "gray.jpg", "rgb.png", "gray.png"].enumerated() {
        try calls.scratch.write(
            bytes(of: fixture("images/\(name)")), "photos/\(number < 2 ? "train" : "test")/c\(number % 2)/\(name)")
    }
    let split = calls.scratch.file("own.split.json")
    #expect(try ToolRun("fewshot-split", ["import", "folder", calls.scratch.file("photos"), "-o", split]).status == 0)
    let arguments = [
        "build", "--split", split, "--root", calls.scratch.file("photos"), "--model", fixture("../../Demo/tiny-clip"),
        "--skip-bad", "4", "-o", calls.scratch.file("features"),
    ]
    // The split and the templates are read first.
    let run = try #require(try calls.run("open", 3, code: 24, count: 0, arguments))
    #expect(run.status == 74, "\(run.messages)")
    #expect(!FileManager.default.fileExists(atPath: calls.scratch.file("features/errors.tsv")))
}
