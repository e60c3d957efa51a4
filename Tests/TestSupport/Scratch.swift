public import Artifacts
public import Foundation

/// A folder of the system's temporary ones, removed with the value.
public struct Scratch: ~Copyable {
    public let folder: URL

    public init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fewshot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    public func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Writes `bytes` and returns their path.
    ///
    /// A file of that name is overwritten in place: removing it or cutting it to nothing may wait for the disk.
    @discardableResult
    public func write(_ bytes: some Collection<UInt8>, _ name: String) throws -> String {
        guard let file = FileHandle(forUpdatingAtPath: path(name)) else {
            let place = URL(filePath: path(name))
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: place)
            return path(name)
        }
        try file.write(contentsOf: Data(bytes))
        try file.truncate(atOffset: UInt64(bytes.count))
        try file.close()
        return path(name)
    }

    /// Writes `text` and returns its path.
    @discardableResult
    public func write(_ text: String, _ name: String) throws -> String { try write(text.utf8, name) }

    public var isEmpty: Bool { (try? FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty) ?? false }
}

/// The bytes of the file at `path`.
public func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

/// Runs `body` and returns the fault it throws.
public func fault(_ body: () throws(Fault) -> Void) -> Fault? {
    do throws(Fault) {
        try body()
        return nil
    } catch { return error }
}

/// A file or folder of the tests' own fixtures.
public func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/\(name)").path
}

/// A file or folder of the real data beside the checkout; nil where there is none.
public func sharedData(_ name: String) -> String? {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let path = checkout.deletingLastPathComponent().appending(path: "shared/data/\(name)").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
}
