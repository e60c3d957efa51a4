internal import Core
internal import Synchronization

/// A file that holds images; its list of them is read when one is first asked for.
///
/// A class, as everyone who asks for its images shares the list.
final class Archive: Sendable {
    let path: String
    private let kind: ArchiveKind
    private let index = Mutex<Result<Index, Fault>?>(nil)

    private enum Index {
        case members(TarIndex)
        case rows(ImageTable)
    }

    init(path: String, _ kind: ArchiveKind) { (self.path, self.kind) = (path, kind) }

    /// Whether images are found in the order of their rows faster than in another.
    var isTable: Bool { kind == .parquet }

    /// Makes sure that there is a member or row `name`; `item` is what errors call it.
    func require(_ name: String, item: String) throws(Fault) {
        switch try opened() {
        case .members(let members): try members.require(name, item: item)
        case .rows(let rows): try rows.require(name, item: item)
        }
    }

    /// Finds the bytes of the member or row `name`, of rows in pages that `cache` may hold.
    func content(of name: String, item: String, _ cache: PageCache) throws(Fault) -> ItemContent {
        switch try opened() {
        case .members(let members): try members.content(of: name, item: item)
        case .rows(let rows): try rows.content(of: name, item: item, cache)
        }
    }

    /// The list of what is in it, which one thread reads while the others that need it wait.
    private func opened() throws(Fault) -> Index {
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

    private func open() throws(Fault) -> Index {
        switch kind {
        case .tar: return .members(try TarIndex(path: path))
        case .parquet: return .rows(try ImageTable(path: path))
        case .compressedTar(let compression):
            throw .badData(
                path, found: "a tar archive in \(compression)",
                expected: "a plain one, whose images can be read in any order",
                remedy: "decompress it and import it again")
        }
    }
}
