package import Core
internal import Synchronization

/// The images below a folder by item path: files, members of tar archives, and rows of Parquet files.
///
/// The path `shards/07.tar/dog/1.jpg` means the member `dog/1.jpg` if `shards/07.tar` is an archive, and a file if it
/// is a folder. The index of an archive is read once, on first use.
package final class ItemSource: Sendable {
    /// The storage of the items below a directory path.
    private enum Location {
        case files
        /// In an archive, below the path `folder`, which is empty or ends in a slash.
        case archive(Archive, folder: String)
    }

    private struct Locations {
        /// The location of each directory path seen so far.
        var known: [String: Location] = [:]
        var archives: [String: Archive] = [:]
    }

    private let folder: String
    private let locations = Mutex(Locations())
    private let pages: PageCache

    /// Creates a source of the images below `folder`.
    ///
    /// Keeps up to `pageBytes` of decompressed Parquet pages for other images, or a single page if that is larger.
    package init(folder: String, pageBytes: Int = 64 << 20) {
        self.folder = folder
        pages = PageCache(byteLimit: pageBytes)
    }

    /// Checks that an item exists, without reading it.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if its archive cannot be read.
    package func require(_ item: String) throws(Fault) {
        switch try location(of: item) {
        case .files:
            if try FileKind.found(at: folder.appending(path: item)) == .absent {
                throw Fault(.noInput, item, found: "no file")
            }
        case .archive(let archive, let folder):
            try archive.index().require(folder + lastComponent(of: item), item: item)
        }
    }

    /// Locates the bytes of an item.
    ///
    /// - Throws: the errors of ``require(_:)``, and `badData` for an item without bytes.
    package func content(of item: String) throws(Fault) -> ItemContent {
        switch try location(of: item) {
        case .files: return try file(item)
        case .archive(let archive, let folder):
            return try archive.index().content(of: folder + lastComponent(of: item), item: item, pages)
        }
    }

    /// Returns the table and row of an item, by which sorted reading is fastest; nil if the order does not matter.
    ///
    /// A page of a Parquet file holds many rows and is decompressed as a whole.
    package func order(of item: String) -> (archive: String, row: Int)? {
        guard case .archive(let archive, let folder) = try? location(of: item), archive.isTable,
            let row = Int(folder + lastComponent(of: item))
        else { return nil }
        return (archive.path, row)
    }

    private func file(_ item: String) throws(Fault) -> ItemContent {
        switch try FileKind.found(at: folder.appending(path: item)) {
        case .absent: throw Fault(.noInput, item, found: "no file")
        case .file(size: 0):
            throw .badData(item, found: "an empty file", expected: "an image", remedy: "make or copy it again")
        case .file(let size): return .file(folder.appending(path: item), byteCount: size)
        case .folder: throw .badData(item, found: "a folder", expected: "an image")
        // Opening a pipe would wait for its writer.
        case .other: throw .badData(item, found: "a device or pipe", expected: "an image")
        }
    }

    private func location(of item: String) throws(Fault) -> Location {
        let above = item.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(item[..<$0]) }
        let isNamed = item != ".." && !item.hasSuffix("/..")
        if isNamed, let above, let known = locations.withLock({ $0.known[above] }) { return known }
        // The paths of splits are checked when they are read, but not those of feature files.
        guard isNamed, !item.hasPrefix("/"), !item.split(separator: "/").contains("..") else {
            throw .badData(
                item, found: "a path that leads outside of the root folder", expected: "a relative path without '..'",
                remedy: "correct the path")
        }
        guard let above else { return .files }
        return try find(above)
    }

    /// Searches the directories of a path for an archive.
    private func find(_ above: String) throws(Fault) -> Location {
        var path = ""
        var rest = above[...]
        var location = Location.files
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "/" }
            rest = rest.dropFirst(name.count + 1)
            path += path.isEmpty ? String(name) : "/\(name)"
            let kind = try FileKind.found(at: folder.appending(path: path))
            if kind == .folder { continue }
            if case .file = kind, let archive = archive(path) {
                location = .archive(archive, folder: rest.isEmpty ? "" : "\(rest)/")
            }
            break
        }
        locations.withLock { $0.known[above] = location }
        return location
    }

    private func archive(_ path: String) -> Archive? {
        if let known = locations.withLock({ $0.archives[path] }) { return known }
        guard let kind = ArchiveKind(at: folder.appending(path: path)) else { return nil }
        let archive = Archive(path: folder.appending(path: path), kind)
        return locations.withLock { locations in
            // Another thread may have added it meanwhile.
            locations.archives.merge([path: archive]) { known, _ in known }
            return locations.archives[path]
        }
    }
}
