internal import Core
internal import Synchronization

/// The members of a tar archive or the rows of a table, by name.
protocol ArchiveIndex: Sendable {
    /// Checks that a member or row `name` exists; `item` names it in errors.
    func require(_ name: String, item: String) throws(Fault)

    /// Locates the bytes of the member or row `name`; `cache` holds the pages of rows.
    ///
    /// - Throws: `noInput` if there is none, `badData` if there are several or it has no contiguous bytes.
    func content(of name: String, item: String, _ cache: PageCache) throws(Fault) -> ItemContent
}

/// An archive of images, whose index is read on first use.
///
/// A class, because all readers of its images share the index.
final class Archive: Sendable {
    let path: String
    private let kind: ArchiveKind
    private let opened = Mutex<Result<any ArchiveIndex, Fault>?>(nil)

    init(path: String, _ kind: ArchiveKind) {
        self.path = path
        self.kind = kind
    }

    /// Whether reading images in the order of their rows is fastest.
    var isTable: Bool { kind == .parquet }

    /// Returns the index, which the first thread reads while the others wait.
    func index() throws(Fault) -> any ArchiveIndex {
        try opened.withLock { opened in
            let index = opened ?? Result { () throws(Fault) in try open() }
            opened = index
            return index
        }.get()
    }

    private func open() throws(Fault) -> any ArchiveIndex {
        switch kind {
        case .tar: return try TarIndex(path: path)
        case .parquet: return try ImageTable(path: path)
        case .compressedTar(let compression):
            throw .badData(
                path, found: "a tar archive in \(compression)",
                expected: "an uncompressed tar archive, whose images can be read in any order",
                remedy: "decompress it and import it again")
        }
    }
}

/// The kind of archive found where a path expects a directory.
package enum ArchiveKind: Equatable, Sendable {
    case tar
    /// A compressed tar archive and the name of its compression.
    case compressedTar(String)
    case parquet

    private static let compressions: [(bytes: [UInt8], name: String)] = [
        ([0x1F, 0x8B], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), (Array("BZh".utf8), "bzip2"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"),
    ]
    private static let tarSuffixes = [".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.zst", ".tar.bz2", ".tar.xz"]

    /// Detects the kind by the first bytes of the file at `path`, or else by its suffix; nil if it is not an archive.
    package init?(at path: String) {
        guard let head = Self.head(path) else { return nil }
        if head.starts(with: "PAR1".utf8) {
            self = .parquet
        } else if let compression = Self.compressions.first(where: { head.starts(with: $0.bytes) }) {
            self = .compressedTar(compression.name)
        } else if head.dropFirst(257).starts(with: "ustar".utf8) || Self.tarSuffixes.contains(where: path.hasSuffix) {
            self = .tar
        } else if path.hasSuffix(".parquet") {
            self = .parquet
        } else {
            return nil
        }
    }

    /// Reads the first block of a file; nil if that fails.
    private static func head(_ path: String) -> [UInt8]? {
        do throws(Fault) { return try OpenFile(reading: path).read(512, at: 0) } catch { return nil }
    }
}

/// Opens an archive.
///
/// - Throws: `noInput` if it does not exist, `badData` if it is not a regular file, or no longer has `expected` bytes.
func openArchive(_ path: String, expected: Int) throws(Fault) -> OpenFile {
    let file = try OpenFile(reading: path)
    let count = try file.byteCount()
    guard count == expected else {
        throw .badData(
            path, found: "\(count) bytes where there were \(expected)",
            expected: "an archive that does not change while it is read", remedy: "start again")
    }
    return file
}
