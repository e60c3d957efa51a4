internal import CArchive
internal import CSnappy
internal import Core

/// The compression of pages.
enum ParquetCodec: Int {
    case none, snappy, gzip
    case zstd = 6

    /// The format's name of a codec, including unsupported ones.
    static func title(_ number: Int) -> String {
        let names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"]
        return names.indices.contains(number) ? names[number] : "number \(number)"
    }

    /// Decompresses `bytes`; nil if they are damaged or do not have `count` bytes afterwards.
    ///
    /// Memory grows with the actual output, regardless of `count`.
    func decompress(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        switch self {
        case .none: return bytes.count == count ? Array(bytes) : nil
        case .snappy: return SnappyBlock.decompress(bytes, count: count)
        case .gzip:
            guard count > 0 else { return [] }
            var result: [UInt8] = []
            let outcome = Inflation.inflate(bytes.span, .gzip) { piece in
                result += piece
                return result.count <= count
            }
            return outcome == .whole && result.count == count ? result : nil
        case .zstd: return count > 0 ? ZstdStream.decompress(bytes, count: count) : []
        }
    }
}

/// Decompression of raw Snappy blocks.
enum SnappyBlock {
    /// Decompresses `bytes`; nil if they are damaged or do not have `count` bytes afterwards.
    ///
    /// The corresponding C functions are `snappy_uncompressed_length` and `snappy_uncompress`.
    static func decompress(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        // An element takes at least three bytes per 64 bytes of output, so a larger count is damage.
        guard count >= 0, count <= 64 * bytes.count else { return nil }
        return unsafe bytes.withUnsafeBytes { compressed in
            let source = unsafe compressed.baseAddress?.assumingMemoryBound(to: CChar.self)
            var length = 0
            guard unsafe snappy_uncompressed_length(source, compressed.count, &length) == SNAPPY_OK, length == count
            else { return nil }
            var result = [UInt8](repeating: 0, count: count)
            let status = unsafe result.withUnsafeMutableBytes { target in
                let target = unsafe target.baseAddress?.assumingMemoryBound(to: CChar.self)
                return unsafe snappy_uncompress(source, compressed.count, target, &length)
            }
            return status == SNAPPY_OK && length == count ? result : nil
        }
    }
}

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
