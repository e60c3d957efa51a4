internal import Core
internal import Glibc

/// An open file whose byte ranges are read in any order.
struct ArchiveFile: ~Copyable {
    let path: String
    let byteCount: Int
    private let descriptor: Int32

    /// Opens the regular file at `path`.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is not a regular file or not of the `expected` size.
    init(path: String, expected: Int? = nil) throws(Fault) {
        // Opening a pipe must not wait for its writer.
        let opened = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { throw .system("open for reading", path) }
        var status = Glibc.stat()
        guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw .badData(
                path, found: "a folder or device", expected: "a regular file", remedy: "give the path of the file")
        }
        if let expected, expected != Int(status.st_size) {
            close(opened)
            throw .badData(
                path, found: "\(status.st_size) bytes where there were \(expected)",
                expected: "an archive that does not change while it is read", remedy: "start again")
        }
        self.path = path
        byteCount = Int(status.st_size)
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Reads the bytes of `range`, which must be within the file.
    ///
    /// The corresponding C function is `pread`.
    ///
    /// - Throws: `inputOutput` if reading fails or the file shrinks.
    borrowing func bytes(_ range: Range<Int>) throws(Fault) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "\(range) of \(byteCount) bytes")
        var done = 0
        var failure: Int32?
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
