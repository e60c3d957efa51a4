public import Core
public import Foundation

/// A new temporary folder, removed when the value is destroyed.
public struct ScratchFolder: ~Copyable {
    public let path: String

    /// Creates the folder with empty files at `files`, or folders where a path ends in `/`.
    public init(_ files: [String] = []) throws {
        path = NSTemporaryDirectory() + "fewshot-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in files { try write([UInt8](), file) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes `bytes` to `name` and returns its path; creates a folder where `name` ends in `/`.
    ///
    /// An existing file is overwritten in place: to remove or to empty it may wait for the disk.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, _ name: String) throws -> String {
        let place = URL(filePath: file(name))
        let isFolder = name.hasSuffix("/")
        if isFolder || !FileManager.default.fileExists(atPath: place.path) {
            try FileManager.default.createDirectory(
                at: isFolder ? place : place.deletingLastPathComponent(), withIntermediateDirectories: true)
            if !isFolder { try Data(bytes).write(to: place) }
            return file(name)
        }
        let handle = try FileHandle(forUpdating: place)
        try handle.write(contentsOf: Data(bytes))
        try handle.truncate(atOffset: UInt64(bytes.count))
        try handle.close()
        return file(name)
    }

    /// Writes `text` to `name` and returns its path.
    @discardableResult
    public func write(_ text: String, _ name: String) throws -> String { try write(Array(text.utf8), name) }

    /// Creates a symbolic link.
    public func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
    }

    /// The bytes of a file; empty if it does not exist.
    public func bytes(_ name: String) -> Data { FileManager.default.contents(atPath: file(name)) ?? Data() }

    /// The text of a file; empty if it does not exist.
    public func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }

    /// The names in the folder, sorted.
    public var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    /// Whether the folder is empty.
    public var isEmpty: Bool { (try? names.isEmpty) ?? false }

    /// The content of every file below the folder `name`, by relative path.
    public func files(in name: String) -> [String: Data] {
        let root = file(name)
        let paths = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        // A folder has no contents.
        return Dictionary(
            paths.compactMap { place in FileManager.default.contents(atPath: "\(root)/\(place)").map { (place, $0) } },
            uniquingKeysWith: { $1 })
    }
}

/// Returns the fault that `body` throws; nil if it throws none.
public func fault<Value: ~Copyable, Failure: Error>(_ body: () throws(Failure) -> Value) -> Fault? {
    do throws(Failure) { _ = try body() } catch { return error as? Fault }
    return nil
}

/// The bytes of the file at `path`.
public func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

private let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

/// The path of a file or folder in `Tests/Fixtures`.
public func fixture(_ name: String) -> String { tests.appending(path: "Fixtures/\(name)").path }

/// The path of real data beside the checkout; nil if there is none.
public func sharedData(_ name: String) -> String? {
    let around = tests.deletingLastPathComponent().deletingLastPathComponent()
    let path = around.appending(path: "shared/data/\(name)").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
}
