internal import Core
internal import Glibc

/// A file of which pieces are read, wherever they are; closed when the value goes.
struct ArchiveFile: ~Copyable {
    let path: String
    let byteCount: Int
    private let descriptor: Int32

    /// Opens the regular file at `path`.
    ///
    /// - Throws: `noInput` if there is none, `badData` if it is no regular file, or no longer has `expected` bytes.
    init(path: String, expected: Int? = nil) throws(Fault) {
        // A pipe is not waited for.
        let opened = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { throw .system("open for reading", path) }
        var status = Glibc.stat()
        guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw .badData(
                path, found: "a folder or device", expected: "a regular file", remedy: "name the file itself")
        }
        if let expected, expected != Int(status.st_size) {
            close(opened)
            throw .badData(
                path, found: "\(status.st_size) bytes where there were \(expected)",
                expected: "an archive that stays as it is while it is read", remedy: "start again")
        }
        (self.path, byteCount, descriptor) = (path, Int(status.st_size), opened)
    }

    deinit { close(descriptor) }

    /// The bytes of `range`, which must lie in the file.
    ///
    /// The corresponding C function is `pread`.
    ///
    /// - Throws: `inputOutput` if the disk fails or the file shrinks.
    borrowing func bytes(_ range: Range<Int>) throws(Fault) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "\(range) of \(byteCount) bytes")
        var (done, failure): (Int, Int32?) = (0, nil)
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, used in
            while done < range.count, failure == nil {
                let got = unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: done), range.count - done,
                    off_t(range.lowerBound + done))
                if got < 0, errno == EINTR { continue }
                if got <= 0 { failure = got < 0 ? errno : EIO } else { done += got }
            }
            used = done
        }
        if let failure { throw .system("read", path, code: failure) }
        return bytes
    }
}
