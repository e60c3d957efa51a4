internal import Core

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
        do throws(Fault) {
            let file = try ArchiveFile(path: path)
            return try file.bytes(0 ..< min(512, file.byteCount))
        } catch { return nil }
    }
}
