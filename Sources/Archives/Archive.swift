internal import Artifacts
internal import Synchronization

/// A file that holds images; its list of them is read when one is first asked for.
///
/// A class, as everyone who asks for its images shares the list.
final class Archive: Sendable {
    let path: String
    private let kind: ArchiveKind
    private let index = Mutex<Result<TarIndex, Fault>?>(nil)

    init(path: String, _ kind: ArchiveKind) { (self.path, self.kind) = (path, kind) }

    /// Makes sure that there is a member `name`; `item` is what errors call it.
    func require(_ name: String, item: String) throws(Fault) { try opened().require(name, item: item) }

    /// Finds the bytes of the member `name`.
    func content(of name: String, item: String) throws(Fault) -> ItemContent {
        try opened().content(of: name, item: item)
    }

    /// The list of members, which one thread reads while the others that need it wait.
    private func opened() throws(Fault) -> TarIndex {
        try index.withLock { known throws(Fault) in
            if let known { return try known.get() }
            do throws(Fault) {
                let made = try open()
                known = .success(made)
                return made
            } catch {
                known = .failure(error)
                throw error
            }
        }
    }

    private func open() throws(Fault) -> TarIndex {
        switch kind {
        case .tar: return try TarIndex(path: path)
        case .compressedTar(let compression):
            throw .badData(
                path, found: "a tar archive in \(compression)",
                expected: "a plain one, whose images can be read in any order",
                remedy: "decompress it and import it again")
        }
    }
}
