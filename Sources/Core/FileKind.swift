internal import Glibc

/// The kind of a file system entry.
package enum FileKind: Equatable, Sendable {
    case absent
    case file(size: Int)
    case folder
    case other

    /// Inspects `path` for messages and hints, following links; a failure counts as absent.
    package init(at path: String) { self = (try? Self.found(at: path)) ?? .absent }

    /// Inspects `path`, following links, with `stat`.
    ///
    /// - Throws: `noInput` or `inputOutput` where the kind cannot be found out, so that it is not taken for absent.
    package static func found(at path: String) throws(Fault) -> FileKind {
        var status = Glibc.stat()
        guard unsafe stat(path, &status) == 0 else {
            let fault = Fault.system(.inspect, path)
            // No file has a name that the file system does not accept.
            guard fault.failure == .absent || fault.failure == .unusableName else { throw fault }
            return .absent
        }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file(size: Int(status.st_size))
        case S_IFDIR: .folder
        default: .other
        }
    }
}
