internal import CArchive

/// Bytes that zstd has compressed, unpacked by libarchive's filter.
enum ZstdStream {
    /// Unpacks `bytes`; nil where they are damaged or are not `count` bytes then.
    ///
    /// The corresponding C function is `archive_read_data`.
    static func unpack(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        guard let archive = unsafe archive_read_new() else { return nil }
        defer { unsafe archive_read_free(archive) }
        return unsafe bytes.withUnsafeBytes { packed in
            var entry: OpaquePointer?
            guard unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_ZSTD) == ARCHIVE_OK,
                unsafe archive_read_set_format(archive, ARCHIVE_FORMAT_RAW) == ARCHIVE_OK,
                unsafe archive_read_open_memory(archive, packed.baseAddress, packed.count) == ARCHIVE_OK,
                unsafe archive_read_next_header(archive, &entry) == ARCHIVE_OK
            else { return nil }
            var made: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 1 << 17)
            while true {
                let got = unsafe piece.withUnsafeMutableBytes {
                    unsafe archive_read_data(archive, $0.baseAddress, $0.count)
                }
                guard got >= 0, made.count + got <= count else { return nil }
                guard got > 0 else { return made.count == count ? made : nil }
                made += piece[..<got]
            }
        }
    }
}
