internal import Glibc

extension Fault {
    /// The failure that `errno` describes after `call` on `path`.
    package static func system(_ call: StaticString, _ path: String, code: Int32 = errno) -> Fault {
        let reason = unsafe String(cString: strerror(code))
        switch code {
        case ENOENT, ENOTDIR:
            return Fault(
                .noInput, path, found: "nothing there (\(reason))", expected: "a file or folder",
                remedy: "check the path")
        case EACCES, EPERM, EROFS:
            let isInput = call == "open for reading" || call == "look at"
            return Fault(
                isInput ? .noInput : .cannotCreate, path, found: "no permission (\(reason))",
                expected: "access for '\(call)'", remedy: "check the owner and mode, or choose another folder")
        case ENOSPC, EDQUOT:
            return Fault(
                .inputOutput, path, found: "a full disk (\(reason))", expected: "room to write",
                remedy: "free some space and run the same command again; what existed is unchanged")
        default:
            return Fault(
                .inputOutput, path, found: "\(reason) from '\(call)'", remedy: "check the disk and try again")
        }
    }
}

extension StaticString {
    static func == (a: StaticString, b: StaticString) -> Bool { "\(a)" == "\(b)" }
}

/// What a path names.
package enum FileKind: Equatable, Sendable {
    case absent
    case file(size: Int)
    case folder
    case other

    /// Looks at `path`, following links; what cannot be looked at counts as absent.
    ///
    /// That will do for words and hints. What makes, replaces or leaves out something asks ``found(at:)``.
    package init(at path: String) { self = (try? Self.found(at: path)) ?? .absent }

    /// Looks at `path`, following links.
    ///
    /// The corresponding C function is `stat`.
    ///
    /// - Throws: `noInput` or `inputOutput` where it cannot be known what is there, so that it is not taken for nothing.
    package static func found(at path: String) throws(Fault) -> FileKind {
        var status = Glibc.stat()
        guard unsafe stat(path, &status) == 0 else {
            // No file has a name that is too long, nor links that lead nowhere.
            guard [ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP].contains(errno) else { throw .system("look at", path) }
            return .absent
        }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file(size: Int(status.st_size))
        case S_IFDIR: .folder
        default: .other
        }
    }
}

/// Makes a folder and the folders above it.
package func makeFolder(_ path: String) throws(Fault) {
    switch FileKind(at: path) {
    case .folder: return
    case .absent: break
    case .file, .other:
        throw Fault(.cannotCreate, path, found: "a file", expected: "a folder", remedy: "choose another output")
    }
    let parent = parentFolder(of: path)
    if parent != path { try makeFolder(parent) }
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .system("mkdir", path) }
}

/// The folder that holds `path`.
package func parentFolder(of path: String) -> String {
    var trimmed = Substring(path)
    while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
}

/// The last component of `path`.
package func lastComponent(of path: String) -> String {
    String(path.split(separator: "/").last ?? "")
}

/// Removes a file, if there is one.
///
/// The corresponding C function is `unlink`.
package func removeFile(_ path: String) {
    _ = unsafe unlink(path)
}

/// `path` as a shell takes it: in quotes where it needs them, as the empty word does.
package func shellWord(_ path: String) -> String {
    path.isEmpty
        ? "''"
        : path.contains { !$0.isLetter && !$0.isNumber && !"/._-+=:,@%".contains($0) }
            ? "'\(path.replacing("'", with: "'\\''"))'" : path
}

/// Moves a file to its place in one step, and syncs the folder.
///
/// The corresponding C function is `rename`.
package func moveFile(_ path: String, to place: String) throws(Fault) {
    guard unsafe rename(path, place) == 0 else { throw .system("rename", place) }
    let folder = unsafe open(parentFolder(of: place), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
}

/// Removes a folder, if it is there and empty.
///
/// The corresponding C function is `rmdir`.
package func removeEmptyFolder(_ path: String) {
    _ = unsafe rmdir(path)
}

/// Writes all of `bytes` at `offset` of an open file; `path` is what a fault names.
///
/// The corresponding C function is `pwrite`.
func writeBytes(_ bytes: RawSpan, to descriptor: Int32, at offset: Int, _ path: String) throws(Fault) {
    var done = 0
    while done < bytes.byteCount {
        let rest = bytes.extracting(done ..< bytes.byteCount)
        let written = unsafe rest.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + done))
        }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw .system("write", path) }
        done += written
    }
}

/// Reserves room on disk for `byteCount` bytes of an open file, where the file system can.
///
/// The corresponding C function is `posix_fallocate`.
func reserveBytes(_ byteCount: Int, in descriptor: Int32, _ path: String) throws(Fault) {
    let code = posix_fallocate(descriptor, 0, off_t(byteCount))
    guard code == 0 || code == EOPNOTSUPP || code == EINVAL else { throw .system("reserve", path, code: code) }
}
