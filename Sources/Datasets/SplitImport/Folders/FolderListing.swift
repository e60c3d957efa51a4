internal import Archives
internal import Core
internal import Glibc

/// An open folder to which paths are relative, so that renaming folders above does not affect a walk.
struct RootFolder: ~Copyable {
    let path: String
    fileprivate let descriptor: Int32

    init(path: String) throws(Fault) {
        if case .file = FileKind(at: path) { throw Self.file(path) }
        let opened = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .system(.open, path) }
        descriptor = opened
        self.path = path
    }

    deinit { close(descriptor) }

    /// The error that `path` is a file.
    private static func file(_ path: String) -> Fault {
        let start = (try? OpenFile(reading: path).read(4, at: 0)) ?? []
        let isZip = start.elementsEqual([0x50, 0x4B, 3, 4])
        let isArchive = ArchiveKind(at: path) != nil
        return .badData(
            path, found: isZip ? "a ZIP archive" : isArchive ? "an archive" : "a file", expected: "a folder",
            remedy: isZip
                ? "unpack it, and give the folder"
                : isArchive ? "import it as an archive" : "give the folder that contains it")
    }

    /// The first bytes of the file `name` below the folder; empty if it is not a regular file or cannot be read.
    borrowing func firstBytes(of name: String, count: Int) -> [UInt8] {
        let file = unsafe openat(descriptor, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe read(file, &bytes, count)
        return Array(bytes.prefix(max(0, got)))
    }
}

/// The identity of a folder, independent of its path.
struct FolderIdentity: Hashable, Sendable {
    let device: UInt64
    let number: UInt64
}

/// The entries of a folder, sorted by bytes.
struct FolderListing: Sendable {
    let identity: FolderIdentity
    private(set) var files: [String] = []
    private(set) var folders: [String] = []
    /// Links to folders.
    private(set) var links: [String] = []
    /// Broken links and special files, each with its kind.
    private(set) var leftOut: [(name: String, reason: String)] = []

    /// Lists the folder at `path` below `root`; an empty path is the root itself.
    ///
    /// The corresponding C functions are `openat`, `fdopendir`, `readdir` and, if that gives no type, `fstatat`.
    init(_ path: String, below root: borrowing RootFolder) throws(Fault) {
        let folder = try OpenedFolder(path, below: root)
        identity = try folder.identity()
        while let entry = try folder.next() {
            switch entry.kind {
            case .file: files.append(entry.name)
            case .folder: if !SystemFolders.contains(entry.name) { folders.append(entry.name) }
            case .linkedFolder: links.append(entry.name)
            case .none(let reason): leftOut.append((entry.name, reason))
            }
        }
        files.sortByBytes(\.self)
        folders.sortByBytes(\.self)
        links.sortByBytes(\.self)
        leftOut.sortByBytes(\.name)
    }
}

/// An open directory stream, closed when the value is destroyed.
@safe private struct OpenedFolder: ~Copyable {
    enum Kind {
        case file, folder, linkedFolder
        case none(String)
    }

    private let stream: OpaquePointer
    private let path: String

    init(_ path: String, below root: borrowing RootFolder) throws(Fault) {
        self.path = path.isEmpty ? root.path : root.path.appending(path: path)
        let descriptor = unsafe openat(root.descriptor, path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.open, self.path) }
        guard let opened = unsafe fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw .system(.list, self.path, code: code)
        }
        unsafe stream = opened
    }

    deinit { unsafe closedir(stream) }

    borrowing func identity() throws(Fault) -> FolderIdentity {
        var status = stat()
        guard unsafe fstat(dirfd(stream), &status) == 0 else { throw .system(.inspect, path) }
        return FolderIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    /// The next entry that is not hidden.
    borrowing func next() throws(Fault) -> (name: String, kind: Kind)? {
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                let code = errno
                guard code == 0 else { throw .system(.list, path, code: code) }
                return nil
            }
            // The record has a variable length because of the name at its end, so it cannot be copied.
            let record = UnsafeRawPointer(entry)
            guard let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name),
                let typeOffset = MemoryLayout<dirent>.offset(of: \.d_type)
            else { preconditionFailure("unexpected layout of dirent") }
            let first = unsafe record.advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
            guard unsafe first[0] != CChar(46) else { continue }
            let bytes = unsafe UnsafeRawBufferPointer(start: first, count: strlen(first))
            guard let name = unsafe String(validating: bytes, as: UTF8.self) else {
                throw .badData(
                    path, found: "the name '\(Self.escaped(unsafe Array(bytes)))', which is invalid UTF-8",
                    expected: "names in UTF-8", remedy: "rename the file, for example with convmv")
            }
            let type = unsafe record.load(fromByteOffset: typeOffset, as: UInt8.self)
            if let kind = try unsafe kind(Int32(type), first) { return (name, kind) }
        }
    }

    /// The kind of an entry; nil if it has been removed.
    private borrowing func kind(_ type: Int32, _ name: UnsafePointer<CChar>) throws(Fault) -> Kind? {
        if type == Int32(DT_REG) { return .file }
        if type == Int32(DT_DIR) { return .folder }
        var status = stat()
        if type != Int32(DT_LNK) {
            guard unsafe fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                guard errno == ENOENT else { throw .system(.inspect, unsafe "\(path)/\(String(cString: name))") }
                return nil
            }
            guard status.st_mode & S_IFMT == S_IFLNK else { return Self.kind(status.st_mode, folder: .folder) }
        }
        guard unsafe fstatat(dirfd(stream), name, &status, 0) == 0 else {
            return .none(errno == ELOOP ? "a link to itself" : "a broken link")
        }
        return Self.kind(status.st_mode, folder: .linkedFolder)
    }

    private static func kind(_ mode: mode_t, folder: Kind) -> Kind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: folder
        case S_IFIFO: .none("a pipe")
        case S_IFSOCK: .none("a socket")
        default: .none("a device")
        }
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            if (32 ..< 127).contains(byte) { return String(Unicode.Scalar(byte)) }
            return "\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
        }.joined()
    }
}
