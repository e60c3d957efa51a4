import Foundation

/// A folder of its own under the system's temporary directory, removed when the value goes.
struct ImportScratch: ~Copyable {
    let path: String

    /// Makes the folder with empty files at `files`, or folders where a path ends in `/`.
    init(_ files: [String] = []) throws {
        path = NSTemporaryDirectory() + "fewshot-datasets-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in files { try make(file) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func make(_ name: String, _ content: String = "") throws { try make(name, Array(content.utf8)) }

    func make(_ name: String, _ bytes: [UInt8]) throws {
        let url = URL(filePath: file(name))
        let folder = name.hasSuffix("/") ? url : url.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if !name.hasSuffix("/") { try Data(bytes).write(to: url) }
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
    }
}
