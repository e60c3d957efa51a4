internal import Foundation
internal import Glibc

/// A file that appears at its place whole or not at all.
///
/// It is written beside its destination, synced and renamed by ``publish()``. Dropped before that, it removes what it
/// wrote. A reader that has mapped an older file at the path keeps that file: a rename never truncates it.
public struct PublishedFile: ~Copyable {
    public let path: String
    /// Where the bytes are until they are published.
    public let temporaryPath: String
    private let descriptor: Int32
    private var isPublished = false

    /// Creates the temporary file beside `path`, making the folder if need be.
    ///
    /// Its name is drawn, as several machines may write the same path, and it is locked while its writer lives: what a killed
    /// one has left is removed.
    ///
    /// - Throws: `cannotCreate` where the folder cannot be written.
    public init(_ path: String) throws(Fault) {
        try makeFolder(parentFolder(of: path))
        if case .folder = try FileKind.found(at: path) {
            throw Fault(
                .cannotCreate, path, found: "a folder", expected: "a file's name", remedy: "choose another output")
        }
        removeAbandoned(beside: path)
        while true {
            let temporary = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
            let opened = unsafe open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if opened < 0, errno == EEXIST { continue }
            guard opened >= 0 else { throw .system("create", path) }
            // Where a file system has no locks, nothing is ever taken for abandoned.
            flock(opened, LOCK_EX | LOCK_NB)
            var status = Glibc.stat()
            if unsafe fstat(opened, &status) == 0, status.st_nlink == 0 {
                // Another writer has taken it for abandoned before it was locked.
                close(opened)
                continue
            }
            (self.path, temporaryPath, descriptor) = (path, temporary, opened)
            return
        }
    }

    deinit {
        close(descriptor)
        if !isPublished { unsafe unlink(temporaryPath) }
    }

    /// Reserves room for `byteCount` bytes, so that a full disk is met before any work is done.
    public borrowing func reserve(_ byteCount: Int) throws(Fault) {
        try reserveBytes(byteCount, in: descriptor, path)
    }

    /// Writes all of `bytes` at `offset`.
    public borrowing func write(_ bytes: RawSpan, at offset: Int) throws(Fault) {
        try writeBytes(bytes, to: descriptor, at: offset, path)
    }

    /// Syncs the bytes, puts them at ``path`` and syncs the folder.
    public consuming func publish() throws(Fault) {
        guard fsync(descriptor) == 0 else { throw .system("sync", path) }
        try moveFile(temporaryPath, to: path)
        isPublished = true
    }

    /// Publishes a small file in one go.
    public static func publish(_ bytes: RawSpan, to path: String) throws(Fault) {
        let file = try PublishedFile(path)
        try file.write(bytes, at: 0)
        try file.publish()
    }

    /// Publishes UTF-8 text in one go.
    public static func publish(_ text: String, to path: String) throws(Fault) {
        unsafe try publish(Array(text.utf8).span.bytes, to: path)
    }
}

/// Removes the temporary files of `path` whose writers are gone.
private func removeAbandoned(beside path: String) {
    let (folder, prefix) = (parentFolder(of: path), "\(lastComponent(of: path)).")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(prefix) && name.hasSuffix(".partial") {
        let abandoned = "\(folder)/\(name)"
        let opened = unsafe open(abandoned, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { continue }
        if flock(opened, LOCK_EX | LOCK_NB) == 0 { removeFile(abandoned) }
        close(opened)
    }
}
