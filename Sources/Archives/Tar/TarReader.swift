internal import CArchive
package import Core
internal import Glibc

/// A tar archive that is read member by member, compressed or not.
///
/// The archive may be anyone's: no name in it is opened, nothing is written, and of a member no more is read than was
/// asked for, whatever size it claims.
@safe package struct TarReader: ~Copyable {
    /// A member that is a file or a folder, a link or a device.
    package struct Member {
        package enum Kind { case file, folder, other }

        package let name: String
        package let kind: Kind
        /// What the header claims.
        package let size: Int
        /// Where the content starts in the file; nil in a compressed archive, and for a file with holes in it.
        package let start: Int?
    }

    /// Longer names could be no paths.
    private static let nameLimit = 4096

    package let path: String
    private let archive: OpaquePointer
    private let byteCount: Int

    /// Opens the archive at `path`; nothing is read but its beginning.
    ///
    /// `block` is how many bytes are read at a time: few, where most of the archive is skipped.
    ///
    /// - Throws: `noInput` if there is none, `badData` if it is no file, or no archive.
    package init(path: String, block: Int = 1 << 16) throws(Fault) {
        let size = try ArchiveFile(path: path).byteCount
        guard let made = unsafe archive_read_new() else {
            throw Fault(.inputOutput, path, found: "no memory for libarchive", remedy: "free some memory")
        }
        unsafe archive_read_support_filter_gzip(made)
        unsafe archive_read_support_filter_zstd(made)
        unsafe archive_read_support_filter_bzip2(made)
        unsafe archive_read_support_filter_xz(made)
        unsafe archive_read_support_format_tar(made)
        guard unsafe archive_read_open_filename(made, path, block) == ARCHIVE_OK else {
            let fault = unsafe Self.fault(made, path)
            unsafe archive_read_free(made)
            throw fault
        }
        self.path = path
        unsafe archive = made
        byteCount = size
    }

    deinit { unsafe archive_read_free(archive) }

    /// The next member; nil at the archive's end.
    ///
    /// The corresponding C function is `archive_read_next_header`.
    package borrowing func next() throws(Fault) -> Member? {
        var found: OpaquePointer?
        let status = unsafe archive_read_next_header(archive, &found)
        if status == ARCHIVE_EOF { return nil }
        // A warning is about what is not of interest here, as an owner's name.
        guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry = unsafe found else {
            throw unsafe Self.fault(archive, path)
        }
        let isPlain = unsafe archive_filter_count(archive) == 1
        let isWhole = unsafe archive_entry_sparse_count(entry) == 0
        // Behind the headers, whose number differs.
        let start = unsafe Int(archive_filter_bytes(archive, 0))
        let member = try Member(
            name: unsafe name(entry), kind: unsafe Self.kind(entry), size: unsafe Int(archive_entry_size(entry)),
            start: isPlain && isWhole ? start : nil)
        // Skipped members are not read, so that a file which was cut short would not be noticed.
        let (end, overflows) = start.addingReportingOverflow(max(0, member.size))
        if member.kind == .file, isPlain, isWhole, overflows || end > byteCount {
            throw .badData(
                path,
                found: "\(byteCount) bytes, where member '\(member.name.prefix(200))' claims \(member.size) from "
                    + "byte \(start) on", expected: "a whole archive", remedy: "copy or download it again")
        }
        return member
    }

    /// The content of the member that ``next()`` gave last.
    ///
    /// The corresponding C function is `archive_read_data`.
    ///
    /// - Throws: `badData` where it has more than `limit` bytes.
    package borrowing func content(of member: Member, limit: Int) throws(Fault) -> [UInt8] {
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let capacity = piece.count
            let count = unsafe archive_read_data(archive, &piece, capacity)
            guard count >= 0 else { throw unsafe Self.fault(archive, path) }
            guard count > 0 else { return content }
            content.append(contentsOf: piece[..<count])
            guard content.count <= limit else {
                throw .badData(
                    path, found: "more than \(limit) bytes in member '\(member.name.prefix(200))'",
                    expected: "a label", remedy: "say where the labels are with --label-from")
            }
        }
    }

    private static func kind(_ entry: OpaquePointer) -> Member.Kind {
        // A hard link has a file's type and no content.
        guard unsafe archive_entry_hardlink(entry) == nil else { return .other }
        switch unsafe archive_entry_filetype(entry) {
        case 0o100000: return .file
        case 0o040000: return .folder
        default: return .other
        }
    }

    private borrowing func name(_ entry: OpaquePointer) throws(Fault) -> String {
        // Names in extended headers are UTF-8 by definition, those in plain ones are bytes.
        let text = unsafe archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
        guard let text = unsafe text, let name = unsafe String(validatingCString: text) else {
            throw .badData(
                path, found: "a member whose name is no UTF-8", expected: "names in UTF-8",
                remedy: "make the archive again from renamed files")
        }
        guard name.utf8.count <= Self.nameLimit else {
            throw .badData(
                path, found: "a member's name of \(name.utf8.count) bytes", expected: "at most \(Self.nameLimit)",
                remedy: "make the archive again")
        }
        return name
    }

    private static func fault(_ archive: OpaquePointer, _ path: String) -> Fault {
        let code = unsafe archive_errno(archive)
        // Other codes describe the archive, not the disk.
        if code == EIO || code == ENOMEM { return .system(.read, path, code: code) }
        let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "no tar archive"
        return .badData(
            path, found: "a broken archive (\(reason))",
            expected: "a tar archive, as it is or in gzip, zstd, bzip2 or xz",
            remedy: "copy or download it again")
    }
}
