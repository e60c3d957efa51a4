internal import Glibc
internal import SystemPackage

/// An open file; its descriptor is closed when the value is destroyed.
///
/// All file access of the project goes through this type: interrupted calls are repeated, partial reads and writes are
/// continued, and a failure becomes a fault that names the path.
package struct OpenFile: ~Copyable {
    package let path: String
    private let descriptor: FileDescriptor

    /// Opens the regular file at `path` for reading; `followsLink` permits a symbolic link.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is not a regular file.
    package init(reading path: String, followsLink: Bool = true) throws(Fault) {
        // Without waiting for the writer of a pipe.
        let opened = try Self.open(path, .open, .readOnly, followsLink ? .nonBlocking : [.nonBlocking, .noFollow])
        do throws(Fault) {
            guard try Self.status(of: opened, path).st_mode & S_IFMT == S_IFREG else {
                throw .badData(
                    path, found: "a folder, device or pipe", expected: "a regular file", remedy: "name the file itself")
            }
        } catch {
            try? opened.close()
            throw error
        }
        self.path = path
        descriptor = opened
    }

    /// Opens the file at `path` for reading and writing, and creates it if it is missing.
    package init(creating path: String) throws(Fault) {
        descriptor = try Self.open(path, .create, .readWrite, .create)
        self.path = path
    }

    /// Creates the file at `path`.
    ///
    /// - Throws: a fault whose failure is `exists` if the path exists.
    init(creatingNew path: String) throws(Fault) {
        descriptor = try Self.open(path, .create, .readWrite, [.create, .exclusiveCreate])
        self.path = path
    }

    /// Opens the file at `path`, or creates it, and takes its lock, which a killed process does not keep.
    ///
    /// - Throws: `tryAgain` if another process holds the lock, `cannotCreate` if the folder cannot be written.
    package init(locking path: String) throws(Fault) {
        while true {
            let file = try OpenFile(creating: path)
            guard try file.lockIfFree() else {
                throw Fault(
                    .tryAgain, path, found: "another process doing the same work", expected: "none",
                    remedy: "wait for it, or stop it; completed work is kept")
            }
            // The previous owner may have removed the file between the two calls; a third process would lock another.
            if try file.isNamed() {
                self = file
                return
            }
        }
    }

    /// Opens and locks the file `name` in `folder`, and creates both if they are missing.
    ///
    /// - Throws: `tryAgain` if another process holds the lock, `cannotCreate` if the folder cannot be written.
    package init(locking name: String, in folder: String) throws(Fault) {
        var attempts = 0
        while true {
            try makeFolder(folder)
            let file: OpenFile
            do throws(Fault) { file = try OpenFile(locking: folder.appending(path: name)) } catch {
                attempts += 1
                // A process that has finished may remove the folder between the two calls.
                if error.failure == .absent, attempts < 100 { continue }
                throw error
            }
            self = file
            return
        }
    }

    /// Opens the existing file at `path` for reading and writing.
    init(existing path: String) throws(Fault) {
        descriptor = try Self.open(path, .create, .readWrite, [])
        self.path = path
    }

    private static func open(
        _ path: String, _ operation: FileOperation, _ mode: FileDescriptor.AccessMode,
        _ options: FileDescriptor.OpenOptions
    ) throws(Fault) -> FileDescriptor {
        // C would take the part before a zero byte for the path.
        guard !path.utf8.contains(0) else { throw .system(operation, path, code: EILSEQ) }
        return try call(operation, path) {
            try FileDescriptor.open(
                FilePath(path), mode, options: options.union(.closeOnExec),
                permissions: FilePermissions(rawValue: 0o666))
        }
    }

    deinit { try? descriptor.close() }

    /// Runs one call of swift-system; its error becomes a fault.
    private static func call<Value>(
        _ operation: FileOperation, _ path: String, _ body: () throws -> Value
    ) throws(Fault) -> Value {
        do { return try body() } catch {
            throw .system(operation, path, code: (error as? Errno)?.rawValue ?? EIO)
        }
    }

    /// Runs one C function that returns 0 or sets `errno`, again while a signal interrupts it.
    private static func call(_ operation: FileOperation, _ path: String, _ body: () -> Int32) throws(Fault) {
        while body() != 0 {
            guard errno == EINTR else { throw .system(operation, path) }
        }
    }
}

extension OpenFile {
    /// The size, kind and identity of an open file, with `fstat`.
    private static func status(of descriptor: FileDescriptor, _ path: String) throws(Fault) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else { throw .system(.inspect, path) }
        return status
    }

    private borrowing func status() throws(Fault) -> stat { try Self.status(of: descriptor, path) }

    /// The size of the file in bytes.
    package borrowing func byteCount() throws(Fault) -> Int { Int(try status().st_size) }

    /// Whether another process has removed the file from all folders.
    borrowing func isRemoved() throws(Fault) -> Bool { try status().st_nlink == 0 }

    /// Whether the path still names this file, which another process may have removed or replaced.
    borrowing func isNamed() throws(Fault) -> Bool {
        let mine = try status()
        var named = stat()
        guard unsafe stat(path, &named) == 0 else { return errno != ENOENT }
        return mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
    }

    /// Reads up to `count` bytes from `offset` on; fewer at the end of the file.
    package borrowing func read(_ count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        try Self.call(.read, path) {
            try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
                let buffer = UnsafeMutableRawBufferPointer(buffer)
                while used < count {
                    let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[used ..< count])
                    let got = unsafe try descriptor.read(fromAbsoluteOffset: Int64(offset + used), into: rest)
                    if got == 0 { break }
                    used += got
                }
            }
        }
    }

    /// Reads the bytes of `range`.
    ///
    /// - Throws: `inputOutput` if the disk fails or the file ends before.
    package borrowing func bytes(_ range: Range<Int>) throws(Fault) -> [UInt8] {
        let bytes = try read(range.count, at: range.lowerBound)
        guard bytes.count == range.count else { throw .system(.read, path, code: EIO) }
        return bytes
    }

    /// Writes all of `bytes` at `offset`.
    package borrowing func write(_ bytes: RawSpan, at offset: Int) throws(Fault) {
        try Self.call(.write, path) {
            _ = try unsafe bytes.withUnsafeBytes {
                unsafe try descriptor.writeAll(toAbsoluteOffset: Int64(offset), $0)
            }
        }
    }

    /// Makes the file `byteCount` bytes long: truncates it or adds zeros.
    package borrowing func resize(_ byteCount: Int) throws(Fault) {
        try Self.call(.resize, path) { try descriptor.resize(to: Int64(byteCount)) }
    }

    /// Reserves disk space for `byteCount` bytes, where the file system can.
    package borrowing func reserve(_ byteCount: Int) throws(Fault) {
        let code = posix_fallocate(descriptor.rawValue, 0, off_t(byteCount))
        guard code == 0 || code == EOPNOTSUPP || code == EINVAL else { throw .system(.reserve, path, code: code) }
    }

    /// Writes what the system still buffers to the disk.
    package borrowing func sync() throws(Fault) {
        try Self.call(.sync, path) { fsync(descriptor.rawValue) }
    }

    borrowing func lock() throws(Fault) {
        try Self.call(.lock, path) { flock(descriptor.rawValue, LOCK_EX) }
    }

    /// Takes the exclusive lock, unless another process has it.
    ///
    /// - Throws: `inputOutput` where the file system has no locks.
    borrowing func lockIfFree() throws(Fault) -> Bool {
        do throws(Fault) {
            try Self.call(.lock, path) { flock(descriptor.rawValue, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            guard error.failure == .busy else { throw error }
            return false
        }
    }

    borrowing func map(_ byteCount: Int) throws(Fault) -> UnsafeRawPointer {
        let address = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor.rawValue, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { throw .system(.map, path) }
        return UnsafeRawPointer(address)
    }
}

/// Reads a whole file into memory, for work that must not wait for a disk later.
///
/// Content that stands in the place of data, such as a web page, is refused unless `anyContent`.
///
/// - Throws: `noInput` if it does not exist, `badData` if it is empty, no regular file, or not data, `inputOutput` if
///   it shrinks.
package func fileBytes(_ path: String, anyContent: Bool = false) throws(Fault) -> [UInt8] {
    let file = try OpenFile(reading: path)
    let count = try file.byteCount()
    guard count > 0 else { throw .emptyFile(path) }
    let bytes = try file.bytes(0 ..< count)
    if !anyContent { try FileContent.requireData(bytes.span, path: path) }
    return bytes
}

/// Writes all of `bytes` to a descriptor such as standard output, unless its reader is gone.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    _ = try? FileDescriptor(rawValue: descriptor).writeAll(bytes)
}

extension Fault {
    static func emptyFile(_ path: String) -> Fault {
        .badData(path, found: "an empty file", expected: "data", remedy: "make or copy it again")
    }
}
