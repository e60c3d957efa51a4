internal import Glibc

/// A file that a stage writes to while it works, and finds again after it was killed.
///
/// Its lock is the process's: a second one that opens it is told to wait, and a killed one holds nothing.
package struct WorkFile: ~Copyable {
    package let path: String
    private let descriptor: Int32

    /// Opens the file at `path`, or makes it.
    ///
    /// - Throws: `tryAgain` where another process has it open, `cannotCreate` where the folder cannot be written.
    package init(path: String) throws(Fault) {
        var opened = try Self.opened(path)
        // Whoever had the file before may have removed it between the two calls: then a third process locks another one.
        while !Self.isNamed(opened, path) {
            close(opened)
            opened = try Self.opened(path)
        }
        self.path = path
        descriptor = opened
    }

    /// The file at `path`, locked.
    private static func opened(_ path: String) throws(Fault) -> Int32 {
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw .system("create", path) }
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(opened)
            if [ENOSYS, ENOLCK, EOPNOTSUPP].contains(code) {
                throw Fault(
                    .inputOutput, path, found: "a file system without locks", expected: "one with them",
                    remedy: "mount it with locks (Lustre: -o flock), or work on another one")
            }
            guard code == EWOULDBLOCK else { throw .system("lock", path, code: code) }
            throw Fault(
                .tryAgain, path, found: "another process at the same work", expected: "none",
                remedy: "wait for it, or stop it; what it has done is kept")
        }
        return opened
    }

    /// Whether `path` still names the open file.
    private static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
        var (mine, named) = (stat(), stat())
        guard unsafe fstat(descriptor, &mine) == 0, unsafe stat(path, &named) == 0 else { return errno != ENOENT }
        return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
    }

    deinit { close(descriptor) }

    /// How long the file is.
    ///
    /// The corresponding C function is `lseek`.
    package borrowing func byteCount() -> Int { max(0, Int(lseek(descriptor, 0, SEEK_END))) }

    /// Makes the file `byteCount` bytes long: cut, or with zeros behind what is there, and with room for all of it on disk.
    package borrowing func resize(_ byteCount: Int) throws(Fault) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw .system("resize", path) }
        guard byteCount > 0 else { return }
        try reserveBytes(byteCount, in: descriptor, path)
    }

    /// Writes all of `bytes` at `offset`.
    package borrowing func write(_ bytes: RawSpan, at offset: Int) throws(Fault) {
        try writeBytes(bytes, to: descriptor, at: offset, path)
    }

    /// The bytes from `offset` on, `count` of them or as many as there are.
    ///
    /// The corresponding C function is `pread`.
    package borrowing func read(_ count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system("read", path) }
            if got == 0 { break }
            done += got
        }
        bytes.removeLast(count - done)
        return bytes
    }
}
