import Core
import FeatureStore
import Foundation
import TestSupport

/// The exit status and the output of a tool.
struct ToolRun {
    let status: Int32
    let output: String
    let messages: String

    /// Runs a tool of this package, or a command of the system, to its end.
    init(_ tool: String, _ arguments: [String], shell prefix: String = "", redirection: String = "") throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\(prefix) exec \"$0\" \"$@\" \(redirection)", Self.path(of: tool)] + arguments
        let output = Pipe()
        let messages = Pipe()
        process.standardOutput = output
        process.standardError = messages
        try process.run()
        // The outputs are short: no pipe fills up while the other one is read.
        self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        self.messages = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// Runs the tool that makes, checks and converts features.
    static func features(_ arguments: String..., shell prefix: String = "") throws -> ToolRun {
        try ToolRun("fewshot-features", arguments, shell: prefix)
    }

    /// The path of a tool, which is built into the folder of the tests.
    static func path(of tool: String) -> String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let built = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(tool).path
        return FileManager.default.isExecutableFile(atPath: built) ? built : tool
    }
}

/// The means of this machine that some tests need.
enum Machine {
    /// Whether this user may mount a file system of its own.
    static let mayMount: Bool = {
        guard let scratch = try? ScratchFolder() else { return false }
        let isMounted = try? ToolRun("mount", ["-t", "tmpfs", "-o", "size=40k", "tmpfs", scratch.path]).status == 0
        guard isMounted == true else { return false }
        return (try? ToolRun("umount", [scratch.path]).status) == 0
    }()

    /// Whether hdf5-tools is installed.
    static let hasH5dump = (try? ToolRun("h5dump", ["--version"]).status) == 0

    static let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/bin/gcc"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
}

extension ScratchFolder {
    /// Removes a file.
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }
}

/// Writes small feature files of all parts.
func writeFeatures(to folder: String, count: Int = 30, width: Int = 16) throws(Fault) {
    let classes = ["apple", "bee", "cat"]
    let provenance = Provenance(tool: "test", inputs: [], settings: ["model": "tiny"])
    for part in [FeatureFile.Kind.train, .val, .test] {
        var writer = try FeatureWriter(
            path: "\(folder)/\(part.fileName)", part: part, shape: FeatureShape(count: count, width: width))
        let rows = (0 ..< count * width).map { Float($0 % 17) - 8.5 }
        try writer.append(rows.span)
        try writer.commit(
            PartItems(
                labels: (0 ..< count).map { Int32($0 % 3) }, ids: (0 ..< count).map { "\(part)/\($0).jpg" },
                classes: classes),
            provenance: provenance)
    }
    var writer = try FeatureWriter(
        path: "\(folder)/text.h5", part: .text, shape: FeatureShape(count: 3, views: 2, width: width))
    let rows = (0 ..< 6 * width).map { Float($0 % 13) - 6.5 }
    try writer.append(rows.span)
    try writer.commit(
        prompts: classes.map { ["a photo of a \($0).", "\($0)s are good."] }, kinds: [.template, .sentence],
        classes: classes, provenance: provenance)
}
