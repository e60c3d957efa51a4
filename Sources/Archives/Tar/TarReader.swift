internal import CArchive
package import Core
internal import Glibc

/// A reader of tar archives, compressed or not, member by member.
///
/// Archives are untrusted: their names are never opened as paths, nothing is extracted to disk, and reads are limited
/// regardless of the size that a header claims.
@safe package struct TarReader: ~Copyable {
    /// A member of an archive.
    package struct Member {
        /// The kind of a member; links and devices are `other`.
        package enum Kind { case file, folder, other }

        /// The path in the archive.
        package let name: String
        /// The kind of the member.
        package let kind: Kind
        /// The size in bytes that the header claims.
        package let size: Int
        /// The byte offset of the content; nil in a compressed archive and for a sparse file.
        package let start: Int?
    }

    /// The maximum length of a name in bytes, that of a path.
    private static let nameLimit = 4096

    /// The path of the archive.
    package let path: String
    private let archive: OpaquePointer
    private let byteCount: Int

    /// Opens the archive at `path` and reads its start.
    ///
    /// `block` is the number of bytes per read; a small number is faster if most of the archive is skipped.
    ///
    /// - Throws: `noInput` if the file does not exist, `badData` if it is not a regular file or not a tar archive.
    package init(path: String, block: Int = 1 << 16) throws(Fault) {
        let file = try OpenFile(reading: path)
        try file.requireData()
        let size = try file.byteCount()
        guard let made = unsafe archive_read_new() else {
            throw Fault(.inputOutput, path, found: "a failed allocation in libarchive", remedy: "free some memory")
        }
        unsafe archive_read_support_filter_gzip(made)
        unsafe archive_read_support_filter_zstd(made)
        unsafe archive_read_support_filter_bzip2(made)
        unsafe archive_read_support_filter_xz(made)
        unsafe archive_read_support_format_tar(made)
        guard unsafe archive_read_open_filename(made, path, block) == ARCHIVE_OK else {
            let error = unsafe Self.damaged(made, path)
            unsafe archive_read_free(made)
            throw error
        }
        self.path = path
        unsafe archive = made
        byteCount = size
    }

    deinit { unsafe archive_read_free(archive) }

    /// Returns the next member; nil at the end of the archive.
    ///
    /// The corresponding C function is `archive_read_next_header`.
    package borrowing func next() throws(Fault) -> Member? {
        var found: OpaquePointer?
        let status = unsafe archive_read_next_header(archive, &found)
        if status == ARCHIVE_EOF { return nil }
        // Warnings concern fields that are not used here, such as an owner's name.
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry = unsafe found else {
            throw unsafe Self.damaged(archive, path)
        }
        let isPlain = unsafe archive_filter_count(archive) == 1
        let isContiguous = unsafe archive_entry_sparse_count(entry) == 0
        // The position after the member's headers, whose number varies.
        let start = unsafe Int(archive_filter_bytes(archive, 0))
        let member = try Member(
            name: unsafe name(entry), kind: unsafe Self.kind(entry), size: unsafe Int(archive_entry_size(entry)),
            start: isPlain && isContiguous ? start : nil)
        // A truncated file must be detected here, because skipped members are not read.
        let (end, overflows) = start.addingReportingOverflow(max(0, member.size))
        if member.kind == .file, isPlain, isContiguous, overflows || end > byteCount {
            throw .badData(
                path,
                found: "\(byteCount) bytes, where member '\(member.name.prefix(200))' claims \(member.size) from "
                    + "byte \(start) on", expected: "a complete archive", remedy: "copy or download it again")
        }
        return member
    }

    /// Reads the content of the member that ``next()`` returned last.
    ///
    /// The corresponding C function is `archive_read_data`.
    ///
    /// - Throws: `badData` if it has more than `limit` bytes.
    package borrowing func content(of member: Member, limit: Int) throws(Fault) -> [UInt8] {
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let capacity = piece.count
            let count = unsafe archive_read_data(archive, &piece, capacity)
            guard count >= 0 else { throw unsafe Self.damaged(archive, path) }
            guard count > 0 else { return content }
            content.append(contentsOf: piece[..<count])
            guard content.count <= limit else {
                throw .badData(
                    path, found: "more than \(limit) bytes in member '\(member.name.prefix(200))'",
                    expected: "a label", remedy: "select the member with the labels with \(option: "label_from")")
            }
        }
    }

    private static func kind(_ entry: OpaquePointer) -> Member.Kind {
        // A hard link has the type of a file, but no content.
        guard unsafe archive_entry_hardlink(entry) == nil else { return .other }
        switch unsafe archive_entry_filetype(entry) {
        case 0o100000: return .file
        case 0o040000: return .folder
        default: return .other
        }
    }

    private borrowing func name(_ entry: OpaquePointer) throws(Fault) -> String {
        // Names in extended headers are UTF-8 by definition; those in plain headers are bytes.
        let text = unsafe archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
        func unusable(_ found: String, _ expected: String) -> Fault {
            .badData(
                path, found: found, expected: expected, remedy: "rename the files and create the archive again")
        }
        guard let text = unsafe text, let name = unsafe String(validatingCString: text) else {
            throw unusable("a member whose name is not UTF-8", "names in UTF-8")
        }
        guard name.utf8.count <= Self.nameLimit else {
            throw unusable("a member's name of \(name.utf8.count) bytes", "at most \(Self.nameLimit)")
        }
        return name
    }

    /// The kind of a file that is neither a tar archive nor compressed, in words; nil for any other.
    private static func content(_ path: String) -> String? {
        guard let head = try? OpenFile(reading: path).read(FileContent.headLength, at: 0) else { return nil }
        guard let name = FileContent(head: head)?.name, !name.hasSuffix("-compressed data") else { return nil }
        return name == "a tar archive" ? nil : name
    }

    private static func damaged(_ archive: OpaquePointer, _ path: String) -> Fault {
        let code = unsafe archive_errno(archive)
        // Other codes describe the archive, not the disk.
        if code == EIO || code == ENOMEM { return .system(.read, path, code: code) }
        let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "no tar archive"
        let content = content(path)
        return .badData(
            path, found: content ?? "a damaged archive (\(reason))",
            expected: "a tar archive, uncompressed or in gzip, zstd, bzip2, or xz",
            remedy: content == "a zip archive"
                ? "unpack it, and \(action: .importFolder)" : "copy or download it again")
    }
}
