internal import Core
internal import Glibc

/// A folder that small files are written to, each in its place whole or not at all.
struct PictureFolder: ~Copyable {
    /// How a file compares with what it should hold.
    enum Comparison {
        case absent, equal, different
    }

    let path: String
    private let descriptor: Int32

    /// Opens the folder at `path`, making it if need be.
    init(_ path: String) throws(Fault) {
        try makeFolder(path)
        let opened = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .system("open", path) }
        (self.path, descriptor) = (path, opened)
    }

    deinit { close(descriptor) }

    /// Whether the file `name` holds `bytes`.
    borrowing func compare(_ name: String, with bytes: [UInt8]) throws(Fault) -> Comparison {
        let file = unsafe openat(descriptor, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return .absent }
            if errno == ELOOP { return .different }
            throw .system("open for reading", "\(path)/\(name)")
        }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == bytes.count
        else { return .different }
        var found = [UInt8](repeating: 0, count: bytes.count)
        let count = unsafe read(file, &found, found.count)
        guard count >= 0 else { throw .system("read", "\(path)/\(name)") }
        return count == bytes.count && found == bytes ? .equal : .different
    }

    /// Writes `bytes` beside the file `name` and renames.
    ///
    /// The corresponding C functions are `openat`, `write`, `fsync` and `renameat`.
    borrowing func write(_ bytes: [UInt8], to name: String) throws(Fault) {
        let temporary = "\(name).\(getpid()).partial"
        let file = unsafe openat(descriptor, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw .system("create", "\(path)/\(name)") }
        do throws(Fault) {
            try writeAll(bytes, to: file, name)
            guard unsafe renameat(descriptor, temporary, descriptor, name) == 0 else {
                throw .system("rename", "\(path)/\(name)")
            }
        } catch {
            _ = unsafe unlinkat(descriptor, temporary, 0)
            throw error
        }
    }

    private borrowing func writeAll(_ bytes: [UInt8], to file: Int32, _ name: String) throws(Fault) {
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("write", "\(path)/\(name)") }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw .system("sync", "\(path)/\(name)") }
    }
}
