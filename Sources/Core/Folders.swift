internal import FoundationEssentials
internal import Glibc
internal import SystemPackage

/// The folder that contains `path`.
package func parentFolder(of path: String) -> String {
    let folder = FilePath(path).removingLastComponent().string
    return folder.isEmpty ? "." : folder
}

/// The last component of `path`.
package func lastComponent(of path: String) -> String { FilePath(path).lastComponent?.string ?? "" }

extension String {
    /// The path of `name` in the folder at this path.
    package func appending(path name: String) -> String { "\(self)/\(name)" }
}

/// Returns the names in the folder at `path`, sorted.
///
/// The corresponding C functions are `opendir` and `readdir`.
package func listFolder(_ path: String) throws(Fault) -> [String] {
    guard let folder = unsafe opendir(path) else { throw .system(.list, path) }
    defer { unsafe closedir(folder) }
    guard let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else {
        preconditionFailure("unexpected layout of dirent")
    }
    var names: [String] = []
    errno = 0
    while let entry = unsafe readdir(folder) {
        // The record has a variable length because of the name at its end, so it cannot be copied.
        let name = unsafe UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
        unsafe names.append(String(cString: name))
        errno = 0
    }
    guard errno == 0 else { throw .system(.list, path) }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
}

/// Creates a folder and the folders above it.
package func makeFolder(_ path: String) throws(Fault) {
    switch FileKind(at: path) {
    case .folder: return
    case .absent: break
    case .file, .other:
        throw Fault(.cannotCreate, path, found: "a file", expected: "a folder", remedy: "choose another output")
    }
    let parent = parentFolder(of: path)
    if parent != path { try makeFolder(parent) }
    guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .system(.makeFolder, path) }
}

/// Removes a file, if it exists, with `unlink`.
package func removeFile(_ path: String) { _ = unsafe unlink(path) }

/// Removes a folder, if it exists and is empty, with `rmdir`.
package func removeEmptyFolder(_ path: String) { _ = unsafe rmdir(path) }

/// Removes a folder with everything in it, as far as possible.
package func removeFolder(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

/// Moves a file to its place in one step, with `rename`.
func renameFile(_ path: String, to place: String) throws(Fault) {
    guard unsafe rename(path, place) == 0 else { throw .system(.rename, place) }
}

/// Moves a file to its place in one step, and syncs the folder.
package func moveFile(_ path: String, to place: String) throws(Fault) {
    try renameFile(path, to: place)
    let folder = unsafe open(parentFolder(of: place), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
}

/// A random name that no other process or machine chooses.
func randomName() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }
