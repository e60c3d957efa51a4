import Foundation
import TestSupport
import Testing

/// A preloaded library that makes system calls below a folder fail; see `Tests/Faults/faults.c`.
private struct FailingCalls: ~Copyable {
    let scratch: ScratchFolder
    let environment: String

    init() throws {
        let scratch = try ScratchFolder()
        let library = scratch.file("faults.so")
        let run = try ToolRun(
            Machine.compiler ?? "",
            ["-shared", "-fPIC", "-O1", "-w", "-o", library, fixture("../Faults/faults.c"), "-ldl"])
        #expect(run.status == 0, "\(run.messages)")
        environment =
            "LD_PRELOAD='\(library)' FAULTS_BELOW='\(scratch.path)' FAULTS_LOG='\(scratch.file("struck.txt"))'"
        self.scratch = scratch
    }

    /// Runs a tool and makes its `first`th call of a kind fail with `code`; nil if it makes fewer calls.
    func run(_ call: String, _ first: Int, code: Int32, count: Int = 1, _ arguments: [String]) throws -> ToolRun? {
        try? FileManager.default.removeItem(atPath: scratch.file("struck.txt"))
        let run = try ToolRun(
            "fewshot-features", arguments,
            shell: "\(environment) FAULTS_CALLS=\(call) FAULTS_KIND=\(code) FAULTS_FIRST=\(first) FAULTS_COUNT=\(count)"
        )
        return FileManager.default.fileExists(atPath: scratch.file("struck.txt")) ? run : nil
    }
}

/// HDF5 buffers small values until a dataset is closed, and closing reports no error by itself.
@Test(
    .enabled(if: Machine.compiler != nil),
    arguments: [
        ("write", ENOSPC, [0, 74]), ("ftruncate", EIO, [0, 74]), ("fsync", EIO, [0, 74]), ("stat", EIO, [0, 74]),
        ("stat", EACCES, [0, 66, 73]), ("create", EACCES, [0, 66, 73]),
    ])
func aCallThatFailsOnceIsSaidOrLosesNothing(call: String, code: Int32, statuses: [Int32]) throws {
    let calls = try FailingCalls()
    try writeFeatures(to: calls.scratch.file("hot"))
    #expect(
        try ToolRun.features("pack", calls.scratch.file("hot"), "-o", calls.scratch.file("expected")).status == 0)
    let expected = calls.scratch.files(in: "expected")
    var first = 1
    while let run = try calls.run(
        call, first, code: code, ["pack", calls.scratch.file("hot"), "-o", calls.scratch.file("packed")])
    {
        #expect(statuses.contains(run.status), "\(call) \(first): \(run.status) \(run.messages)")
        let packed = calls.scratch.files(in: "packed")
        if run.status == 0 { #expect(packed == expected, "\(call) \(first)") }
        #expect(packed.allSatisfy { expected[$0.key] == $0.value }, "\(call) \(first)")
        try? FileManager.default.removeItem(atPath: calls.scratch.file("packed"))
        first += 1
    }
    #expect(first > 4, "there were only \(first - 1) such calls")
}

@Test(.enabled(if: Machine.compiler != nil))
func aFolderThatCannotBeLookedAtIsNotTakenForMissing() throws {
    let calls = try FailingCalls()
    try writeFeatures(to: calls.scratch.file("hot"))
    var first = 1
    while let run = try calls.run("stat", first, code: EACCES, ["verify", calls.scratch.file("hot")]) {
        #expect(run.status == 0 || run.messages.contains("no permission"), "\(first): \(run.messages)")
        #expect(!run.output.contains("; no "), "\(first): \(run.output)")
        first += 1
    }
    // The folder, and each of its files.
    #expect(first > 5, "there were only \(first - 1) such calls")
}

/// A part that is taken for missing would be made again.
@Test(.enabled(if: Machine.compiler != nil))
func aPartThatMayNotBeReadIsNotTakenForMissing() throws {
    let calls = try FailingCalls()
    let photographs = try Photographs()
    let folder = calls.scratch.file("shards")
    #expect(try photographs.build("--shards", "2", verb: "plan", to: folder).status == 0)
    #expect(try ToolRun.features("worker", folder, "--shard", "0,1").status == 0)
    var first = 1
    while let run = try calls.run("open", first, code: EACCES, ["merge", folder]) {
        if run.status == 0 {
            // A folder that cannot be synced or tidied stops nothing.
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".h5") {
                try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
        } else {
            let isRefused = run.status == 66 && run.messages.contains("no permission")
            #expect(isRefused, "\(first): \(run.status) \(run.messages)")
        }
        first += 1
    }
    #expect(first > 6, "there were only \(first - 1) such calls")
}

/// The process stops itself before it opens the file, or after it has mapped the file.
@Test(.enabled(if: Machine.compiler != nil), arguments: [("open", Int32(65)), ("close", 74)])
func aFileThatIsCutUnderItsReaderIsASentenceAndNoCrash(call: String, status: Int32) async throws {
    let calls = try FailingCalls()
    try writeFeatures(to: calls.scratch.path, count: 4000, width: 512)
    let file = calls.scratch.file("train.h5")
    let environment = calls.environment
    async let running = onThread {
        try ToolRun(
            "fewshot-features", ["verify", file],
            shell: "echo $$ > '\(file).process'; "
                + "\(environment) FAULTS_CALLS=\(call) FAULTS_KIND=-\(SIGSTOP) FAULTS_FIRST=1")
    }
    let process = try await stoppedProcess(named: "\(file).process")
    try FileHandle(forWritingTo: URL(filePath: file)).truncate(atOffset: 8192)
    kill(process, SIGCONT)
    let run = try await running
    #expect(run.status == status, "\(run.status) \(run.messages) \(run.output)")
}

/// Runs `body` on a thread of its own, since the threads of tasks must not wait for other tasks.
private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}

/// Waits until the process whose number is in a file has stopped, and returns its number.
private func stoppedProcess(named path: String) async throws -> pid_t {
    while true {
        await Task.yield()
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let process = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { continue }
        let status = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        if status.split(separator: " ").dropFirst(2).first == "T" { return process }
    }
}

/// With --skip-bad, a failing disk would omit images forever.
@Test(.enabled(if: Machine.compiler != nil))
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
    let run = try #require(try calls.run("open", 3, code: EMFILE, count: 0, arguments))
    #expect(run.status == 74, "\(run.messages)")
    #expect(!FileManager.default.fileExists(atPath: calls.scratch.file("features/errors.tsv")))
}
