internal import Foundation
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
