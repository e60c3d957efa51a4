/// A file that appears at its place whole or not at all.
///
/// It is written beside its destination, synced and renamed by ``publish()``. Dropped before that, it removes what it
/// wrote. A reader that has mapped an older file at the path keeps that file: a rename never truncates it.
public struct PublishedFile: ~Copyable {
    /// The path of the published file.
    public let path: String
    private let file: OpenFile
    private var isPublished = false

    /// The path of the bytes until they are published.
    public var temporaryPath: String { file.path }

    /// Creates the temporary file beside `path`, and the folder if it is missing.
    ///
    /// The name is random, as several machines may write the same path. The file is locked while its writer lives, so
    /// that the next writer can remove the file of a killed one.
    ///
    /// - Throws: `cannotCreate` where the folder cannot be written.
    public init(_ path: String) throws(Fault) {
        try makeFolder(parentFolder(of: path))
        if case .folder = try FileKind.found(at: path) {
            throw Fault(
                .cannotCreate, path, found: "a folder", expected: "a file's name", remedy: "choose another output")
        }
        Abandoned.remove(in: parentFolder(of: path), prefix: lastComponent(of: path))
        do throws(Fault) {
            file = try Self.temporary(beside: path)
        } catch {
            throw error.with(subject: path)
        }
        self.path = path
    }

    private static func temporary(beside path: String) throws(Fault) -> OpenFile {
        while true {
            let file: OpenFile
            do throws(Fault) { file = try OpenFile(creatingNew: "\(path).\(randomName())\(Abandoned.suffix)") } catch {
                if error.failure == .exists { continue }
                throw error
            }
            // Where a file system has no locks, nothing is ever taken for abandoned.
            _ = try? file.lockIfFree()
            // Another writer may have taken it for abandoned before it was locked.
            guard try !file.isRemoved() else { continue }
            return file
        }
    }

    deinit { if !isPublished { removeFile(temporaryPath) } }

    /// Reserves disk space for `byteCount` bytes, so that a full disk is met before any work is done.
    public borrowing func reserve(_ byteCount: Int) throws(Fault) {
        try naming { () throws(Fault) in try file.reserve(byteCount) }
    }

    /// Writes all of `bytes` at `offset`.
    public borrowing func write(_ bytes: RawSpan, at offset: Int) throws(Fault) {
        try naming { () throws(Fault) in try file.write(bytes, at: offset) }
    }

    /// Syncs the bytes, moves them to ``path`` and syncs the folder.
    public consuming func publish() throws(Fault) {
        try naming { () throws(Fault) in try file.sync() }
        try moveFile(temporaryPath, to: path)
        isPublished = true
    }

    /// Runs `body` with faults that name the destination.
    private borrowing func naming(_ body: () throws(Fault) -> Void) throws(Fault) {
        do throws(Fault) { try body() } catch { throw error.with(subject: path) }
    }

    /// Publishes a small file in one call.
    public static func publish(_ bytes: RawSpan, to path: String) throws(Fault) {
        let file = try PublishedFile(path)
        try file.write(bytes, at: 0)
        try file.publish()
    }

    /// Publishes UTF-8 text in one call.
    public static func publish(_ text: String, to path: String) throws(Fault) {
        unsafe try publish(Array(text.utf8).span.bytes, to: path)
    }
}

/// The temporary files and folders of writers that were killed.
enum Abandoned {
    static let suffix = ".partial"

    /// Removes those in `folder` whose name has the form `PREFIX.RANDOM.partial`, unless their writer still lives.
    static func remove(in folder: String, prefix: String) {
        let names = (try? listFolder(folder)) ?? []
        for name in names where name.hasPrefix("\(prefix).") && name.hasSuffix(suffix) {
            let path = folder.appending(path: name)
            if FileKind(at: path) == .folder {
                // A folder has its lock inside. Its writer may not have created the lock yet: then it finds this one.
                guard let lock = try? OpenFile(creating: path.appending(path: StagedFolder.lockName)) else { continue }
                if (try? lock.lockIfFree()) == true { removeFolder(path) }
            } else {
                guard let file = try? OpenFile(existing: path) else { continue }
                if (try? file.lockIfFree()) == true { removeFile(path) }
            }
        }
    }
}
