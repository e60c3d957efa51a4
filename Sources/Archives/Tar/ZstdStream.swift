internal import CArchive

/// Decompression of zstd streams by libarchive's filter.
enum ZstdStream {
    /// Decompresses `bytes`; nil if they are damaged or do not have `count` bytes afterwards.
    ///
    /// The corresponding C function is `archive_read_data`.
    static func decompress(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        guard let archive = unsafe archive_read_new() else { return nil }
        defer { unsafe archive_read_free(archive) }
        return unsafe bytes.withUnsafeBytes { compressed in
            var entry: OpaquePointer?
            guard unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_ZSTD) == ARCHIVE_OK,
                unsafe archive_read_set_format(archive, ARCHIVE_FORMAT_RAW) == ARCHIVE_OK,
                unsafe archive_read_open_memory(archive, compressed.baseAddress, compressed.count) == ARCHIVE_OK,
                unsafe archive_read_next_header(archive, &entry) == ARCHIVE_OK
            else { return nil }
            var result: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 1 << 17)
            while true {
                let got = unsafe piece.withUnsafeMutableBytes {
                    unsafe archive_read_data(archive, $0.baseAddress, $0.count)
                }
                guard got >= 0, result.count + got <= count else { return nil }
                guard got > 0 else { return result.count == count ? result : nil }
                result += piece[..<got]
            }
        }
    }
}
