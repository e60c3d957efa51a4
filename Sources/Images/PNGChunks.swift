internal import Artifacts

/// The chunks that a PNG file is made of.
enum PNGChunks {
    /// What pixels are made of; the others hold texts, times and colour spaces.
    private static let needed = Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"].map { Array($0.utf8) })

    /// The same image without what its colours would be converted by: libpng's simplified interface always does that.
    ///
    /// - Throws: `badData` where a chunk is longer than the file.
    static func withoutColorSpace(_ file: RawSpan, path: String) throws(Fault) -> [UInt8] {
        let bytes = Span<UInt8>(_bytes: file)
        let header = HeaderBytes(file, path: path)
        var kept = header.prefix(8)
        kept.reserveCapacity(bytes.count)
        var place = 8
        var isEnd = false
        while !isEnd {
            // A length, four letters, the content and a checksum.
            let length = try header.big(place, 4)
            let name = try (4 ..< 8).map { (offset) throws(Fault) in UInt8(try header.byte(place + offset)) }
            let next = place + length + 12
            guard next <= bytes.count else {
                throw .badData(
                    path, found: "a PNG that ends in the middle of chunk \(String(decoding: name, as: UTF8.self))",
                    expected: "\(next) bytes or more, and not \(bytes.count)", remedy: "copy or download it again")
            }
            if needed.contains(name) {
                unsafe file.extracting(place ..< next).withUnsafeBytes { unsafe kept.append(contentsOf: $0) }
            }
            isEnd = name == Array("IEND".utf8)
            place = next
        }
        return kept
    }
}
