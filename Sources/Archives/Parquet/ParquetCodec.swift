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
