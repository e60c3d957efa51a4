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
    /// - Throws: `cannotCreate` where the folder cannot be written.
    public init(_ path: String) throws(Fault) {
        try makeFolder(parentFolder(of: path))
        if case .folder = FileKind(at: path) {
            throw Fault(
                .cannotCreate, path, found: "a folder", expected: "a file's name", remedy: "choose another output")
        }
        let temporary = "\(path).\(getpid()).partial"
        let opened = unsafe open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw .system("create", path) }
        self.path = path
        self.temporaryPath = temporary
        self.descriptor = opened
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
