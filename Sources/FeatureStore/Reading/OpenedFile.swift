internal import Artifacts
internal import Glibc

/// A file held open, so that what is checked and what HDF5 opens are the same file even if the path is replaced.
struct OpenedFile: ~Copyable {
    private let descriptor: Int32
    /// Another path to the open file.
    let alias: String

    init(path: String) throws(Fault) {
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .system("open for reading", path) }
        switch FileKind(at: "/proc/self/fd/\(opened)") {
        case .file(size: 1...): alias = "/proc/self/fd/\(opened)"
        // Without /proc the path itself must do; and it is the path that a fault about an odd file has to name.
        default: alias = path
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}
