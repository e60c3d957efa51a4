internal import Core

/// How pages are compressed.
enum ParquetCodec: Int {
    case none, snappy, gzip
    case zstd = 6

    /// What the format calls those that are not read.
    static func title(_ number: Int) -> String {
        let names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"]
        return names.indices.contains(number) ? names[number] : "number \(number)"
    }

    /// Unpacks `bytes`; nil where they are damaged or are not `count` bytes then.
    ///
    /// Memory grows with what is really made, whatever `count` claims.
    func unpack(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        switch self {
        case .none: return bytes.count == count ? Array(bytes) : nil
        case .snappy: return SnappyBlock.unpack(bytes, count: count)
        case .gzip:
            guard count > 0 else { return [] }
            var made: [UInt8] = []
            let outcome = Inflation.inflate(bytes.span, .gzip) { piece in
                made += piece
                return made.count <= count
            }
            return outcome == .whole && made.count == count ? made : nil
        case .zstd: return count > 0 ? ZstdStream.unpack(bytes, count: count) : []
        }
    }
}
