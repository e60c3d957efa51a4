package import Core
internal import Synchronization

/// The images below a folder by the paths of items: files, members of tar archives and rows of parquet files.
///
/// What stands in a folder's place decides: in `shards/07.tar/dog/1.jpg` the member `dog/1.jpg` is meant where
/// `shards/07.tar` is an archive, and a file where it is a folder. An archive is listed once, when it is first needed.
package final class ItemSource: Sendable {
    /// What the paths of a folder are.
    private enum Place {
        case files
        /// In an archive, below `folder` in it, which is empty or ends in a slash.
        case archive(Archive, folder: String)
    }

    private struct Places {
        /// By the paths of folders, which are fewer than the items.
        var known: [String: Place] = [:]
        var archives: [String: Archive] = [:]
    }

    private let folder: String
    private let places = Mutex(Places())
    private let pages: PageCache

    /// The images below `folder`.
    ///
    /// Of parquet files up to `pageBytes` are kept that others may need too, or a single page of them where that is more.
    package init(folder: String, pageBytes: Int = 64 << 20) {
        self.folder = folder
        pages = PageCache(byteLimit: pageBytes)
    }

    /// Makes sure that there is something of this name, whatever it is.
    ///
    /// - Throws: `noInput` if there is nothing, `badData` for an archive that cannot be read.
    package func require(_ item: String) throws(Fault) {
        switch try place(of: item) {
        case .files:
            if try FileKind.found(at: "\(folder)/\(item)") == .absent { throw Self.absent(item) }
        case .archive(let archive, let folder): try archive.require(folder + lastComponent(of: item), item: item)
        }
    }

    /// Finds the bytes of an item.
    ///
    /// - Throws: as ``require(_:)``, and `badData` for what has no bytes.
    package func content(of item: String) throws(Fault) -> ItemContent {
        switch try place(of: item) {
        case .files: return try file(item)
        case .archive(let archive, let folder):
            return try archive.content(of: folder + lastComponent(of: item), item: item, pages)
        }
    }

    /// Where an item is among those whose bytes are found together; nil where any order does as well.
    ///
    /// Rows of a parquet file lie many in a page, which is unpacked as a whole.
    package func order(of item: String) -> (archive: String, row: Int)? {
        guard let place = try? place(of: item), case .archive(let archive, let folder) = place, archive.isTable,
            let row = Int(folder + lastComponent(of: item))
        else { return nil }
        return (archive.path, row)
    }

    private func file(_ item: String) throws(Fault) -> ItemContent {
        switch try FileKind.found(at: "\(folder)/\(item)") {
        case .absent: throw Self.absent(item)
        case .file(size: 0):
            throw .badData(item, found: "an empty file", expected: "an image", remedy: "make or copy it again")
        case .file(let size): return .file("\(folder)/\(item)", byteCount: size)
        case .folder: throw .badData(item, found: "a folder", expected: "an image")
        // Opening a pipe would wait for who writes it.
        case .other: throw .badData(item, found: "a device or pipe", expected: "an image")
        }
    }

    private static func absent(_ item: String) -> Fault { Fault(.noInput, item, found: "no file") }

    private func place(of item: String) throws(Fault) -> Place {
        let slash = item.utf8.lastIndex(of: UInt8(ascii: "/"))
        let above = slash.map { String(item[..<$0]) }
        let isNamed = slash.map { item[$0...] != "/.." } ?? (item != "..")
        if isNamed, let above, let known = places.withLock({ $0.known[above] }) { return known }
        // Splits are checked when they are read; what stands in feature files is not.
        guard isNamed, !item.hasPrefix("/"), !item.split(separator: "/").contains("..") else {
            throw .badData(
                item, found: "a path that leaves its folder", expected: "one below it", remedy: "correct the path")
        }
        guard let above else { return .files }
        return try find(above)
    }

    /// Looks for an archive among the folders of a path.
    private func find(_ above: String) throws(Fault) -> Place {
        var (path, rest) = ("", above[...])
        var place = Place.files
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "/" }
            rest = rest.dropFirst(name.count + 1)
            path += path.isEmpty ? String(name) : "/\(name)"
            let kind = try FileKind.found(at: "\(folder)/\(path)")
            if kind == .folder { continue }
            if case .file = kind, let archive = archive(path) {
                place = .archive(archive, folder: rest.isEmpty ? "" : "\(rest)/")
            }
            break
        }
        places.withLock { $0.known[above] = place }
        return place
    }

    private func archive(_ path: String) -> Archive? {
        if let known = places.withLock({ $0.archives[path] }) { return known }
        guard let kind = ArchiveKind(at: "\(folder)/\(path)") else { return nil }
        return places.withLock { places in
            // Another thread may have been faster.
            if let known = places.archives[path] { return known }
            let archive = Archive(path: "\(folder)/\(path)", kind)
            places.archives[path] = archive
            return archive
        }
    }
}
