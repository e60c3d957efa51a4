internal import CZip
internal import Core

/// A zip archive in memory, read through libzip.
@safe struct ZipArchive: ~Copyable, ~Escapable {
    private let archive: OpaquePointer
    private let path: String
    /// The maximum decompressed size of an entry in bytes, a protection against zip bombs.
    private let entryLimit: Int

    /// Opens the archive in `bytes`; `path` names it in errors.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, path: String, entryLimit: Int) throws(Fault) {
        try Self.checkDirectory(bytes, path: path)
        var error = unsafe zip_error_t()
        unsafe zip_error_init(&error)
        defer { unsafe zip_error_fini(&error) }
        // The lifetime above keeps `bytes`, and with it the pointer, valid.
        let opened: OpaquePointer? = unsafe bytes.withUnsafeBytes { buffer in
            guard
                let source = unsafe zip_source_buffer_create(buffer.baseAddress, UInt64(buffer.count), 0, &error)
            else { return nil }
            if let archive = unsafe zip_open_from_source(source, ZIP_RDONLY, &error) { return unsafe archive }
            unsafe zip_source_free(source)
            return nil
        }
        guard let opened = unsafe opened else {
            let reason = unsafe String(cString: zip_error_strerror(&error))
            throw .damagedArchive(path, "a damaged zip archive (\(reason))")
        }
        unsafe self.archive = opened
        self.path = path
        self.entryLimit = entryLimit
    }

    deinit { unsafe zip_discard(archive) }

    borrowing func names() -> [String] {
        let count = unsafe zip_get_num_entries(archive, 0)
        guard count > 0 else { return [] }
        return (0 ..< UInt64(count)).compactMap { index in
            unsafe zip_get_name(archive, index, ZIP_FL_ENC_RAW).flatMap { unsafe String(validatingCString: $0) }
        }
    }

    /// Returns the decompressed size of the entry called `name`; nil if there is none.
    borrowing func size(of name: String) -> Int? {
        guard let index = index(of: name) else { return nil }
        var status = unsafe zip_stat_t()
        guard unsafe zip_stat_index(archive, index, 0, &status) == 0 else { return nil }
        return unsafe Int(exactly: status.size)
    }

    /// Decompresses the entry called `name` and compares its checksum.
    ///
    /// - Throws: `badData` if the entry does not exist, is encrypted, is compressed by a method other than deflate,
    ///   exceeds the limit, or is damaged.
    borrowing func read(_ name: String) throws(Fault) -> [UInt8] {
        let (index, size) = try locate(name)
        return try decompress(index, size: size, name: name)
    }

    /// Decompresses up to `count` bytes from the start of the entry called `name`, which are not compared with its
    /// checksum.
    ///
    /// - Throws: errors like those of ``read(_:)``.
    borrowing func read(_ name: String, upTo count: Int) throws(Fault) -> [UInt8] {
        let (index, size) = try locate(name)
        return try decompress(index, size: min(size, count), isWhole: size <= count, name: name)
    }

    /// Returns the index and the decompressed size of the entry called `name`.
    private borrowing func locate(_ name: String) throws(Fault) -> (index: UInt64, size: Int) {
        guard let index = index(of: name) else {
            throw .damagedArchive(path, "no entry '\(name)'", remedy: "")
        }
        var status = unsafe zip_stat_t()
        let code = unsafe zip_stat_index(archive, index, 0, &status)
        let needed = UInt64(ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD)
        guard code == 0, unsafe status.valid & needed == needed else {
            throw .damagedArchive(path, "no size for entry '\(name)'", remedy: "")
        }
        let method = unsafe Int32(status.comp_method)
        guard unsafe status.encryption_method == ZIP_EM_NONE, method == ZIP_CM_STORE || method == ZIP_CM_DEFLATE else {
            throw .badData(
                path, found: "entry '\(name)' with encryption or compression method \(method)",
                expected: "stored or deflated entries", remedy: "save it again")
        }
        guard let size = unsafe Int(exactly: status.size), size <= entryLimit else {
            throw .badData(
                path, found: "entry '\(name)' of \(unsafe status.size) bytes after decompression",
                expected: "at most \(grouped(entryLimit)) in an archive of this size", remedy: "save it again")
        }
        return (index, size)
    }

    private borrowing func decompress(
        _ index: UInt64, size: Int, isWhole: Bool = true, name: String
    ) throws(Fault) -> [UInt8] {
        guard let entry = unsafe zip_fopen_index(archive, index, 0) else { throw damaged(name) }
        defer { unsafe _ = zip_fclose(entry) }
        var used = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while used < size, let start = buffer.baseAddress {
                let got = unsafe zip_fread(entry, start + used, UInt64(size - used))
                guard got > 0 else { break }
                used += Int(got)
            }
            count = used
        }
        // libzip compares the checksum when a read reaches the end.
        var extra: UInt8 = 0
        guard used == size, unsafe !isWhole || zip_fread(entry, &extra, 1) == 0 else { throw damaged(name) }
        return bytes
    }

    private borrowing func damaged(_ name: String) -> Fault {
        .badData(
            path, found: "damaged bytes in entry '\(name)'", expected: "bytes that match its checksum",
            remedy: "copy the file again")
    }

    private borrowing func index(of name: String) -> UInt64? {
        let index = unsafe zip_name_locate(archive, name, zip_flags_t(ZIP_FL_ENC_RAW))
        return index < 0 ? nil : UInt64(index)
    }

    /// Rejects an archive that declares more entries than fit in the file, because libzip allocates memory for all.
    private static func checkDirectory(_ file: RawSpan, path: String) throws(Fault) {
        let bytes = Span<UInt8>(_bytes: file)
        let entryHeader = 46
        for signature: [UInt8] in [[0x50, 0x4B, 5, 6], [0x50, 0x4B, 6, 6]] {
            let isLong = signature[2] == 6
            let countOffset = isLong ? 24 : 8
            let countWidth = isLong ? 16 : 4
            var offset = max(0, bytes.count - 70_000)
            while offset + countOffset + countWidth <= bytes.count {
                defer { offset += 1 }
                guard (0 ..< 4).allSatisfy({ bytes[offset + $0] == signature[$0] }) else { continue }
                for half in 0 ..< 2 {
                    let width = countWidth / 2
                    let start = offset + countOffset + half * width
                    let count = (start ..< start + width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
                    // The maximum value means that the count is in the longer record.
                    if !isLong, count == 0xFFFF { continue }
                    guard count <= UInt64(bytes.count / entryHeader) else {
                        throw .damagedArchive(
                            path, "a zip directory of \(count) entries in a file of \(bytes.count) bytes")
                    }
                }
            }
        }
    }
}

extension Fault {
    /// The error for a damaged zip archive.
    static func damagedArchive(
        _ path: String, _ found: String, remedy: Remedy = "copy or save it again"
    ) -> Fault {
        .badData(path, found: found, expected: "a complete archive", remedy: remedy)
    }
}
