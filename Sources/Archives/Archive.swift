internal import Core
internal import Synchronization

/// An archive of images, whose index is read on first use.
///
/// A class, because all readers of its images share the index.
final class Archive: Sendable {
    let path: String
    private let kind: ArchiveKind
    private let index = Mutex<Result<Index, Fault>?>(nil)

    private enum Index {
        case members(TarIndex)
        case rows(ImageTable)
    }

    init(path: String, _ kind: ArchiveKind) {
        self.path = path
        self.kind = kind
    }

    /// Whether reading images in the order of their rows is fastest.
    var isTable: Bool { kind == .parquet }

    /// Checks that a member or row `name` exists; `item` names it in errors.
    func require(_ name: String, item: String) throws(Fault) {
        switch try opened() {
        case .members(let members): try members.require(name, item: item)
        case .rows(let rows): try rows.require(name, item: item)
        }
    }

    /// Locates the bytes of the member or row `name`; `cache` holds the pages of rows.
    func content(of name: String, item: String, _ cache: PageCache) throws(Fault) -> ItemContent {
        switch try opened() {
        case .members(let members): try members.content(of: name, item: item)
        case .rows(let rows): try rows.content(of: name, item: item, cache)
        }
    }

    /// The index, which the first thread reads while the others wait.
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
                expected: "an uncompressed tar archive, whose images can be read in any order",
                remedy: "decompress it and import it again")
        }
    }
}
