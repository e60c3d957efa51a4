/// A page of a column: values that are compressed together, as described by the page's header.
struct ParquetPage: Sendable {
    /// The kind of a page.
    enum Kind: Sendable, Equatable {
        case dictionary
        /// Version 1: levels and values are compressed together.
        case first
        /// Version 2: `repetitionBytes` and `levelBytes` bytes of uncompressed levels precede the values.
        case second(repetitionBytes: Int, levelBytes: Int, isCompressed: Bool)
    }

    /// The format's numeric code for an encoding of values.
    enum Encoding: Int, Sendable {
        case plain = 0
        case plainDictionary = 2
        case runLength, bitPacked, deltaPacked, deltaLengths, deltaBytes, dictionary, splitStreams

        private static let titles = [
            "PLAIN", "GROUP_VAR_INT", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED",
            "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT",
        ]

        var title: String { Self.titles[rawValue] }
    }

    let kind: Kind
    let encoding: Encoding
    let levelEncoding: Encoding
    let valueCount: Int
    /// The byte range in the file, without the header.
    let range: Range<Int>
    /// The claimed size after decompression.
    let uncompressedBytes: Int
    /// The index of its first value within the row group: its first row, unless rows are lists.
    var firstRow = 0

    /// Whether the values are indices into a dictionary.
    var usesDictionary: Bool { kind != .dictionary && [.plainDictionary, .dictionary].contains(encoding) }

    /// The maximum number of values and decompressed size; a page that exceeds them is considered an attack.
    static let valueLimit = 1 << 22, byteLimit = 1 << 30
}

/// The decoded header of a page.
struct PageHeader {
    enum Kind: Int { case first, index, dictionary, second }

    private(set) var kind: Kind?
    private(set) var uncompressedBytes = 0
    private(set) var compressedBytes = 0
    private(set) var valueCount = 0
    private(set) var encoding = 0
    private(set) var levelEncoding = 3
    private(set) var definitionBytes = 0
    private(set) var repetitionBytes = 0
    private(set) var isCompressed = true

    init(_ reader: inout ThriftReader) throws(ThriftFailure) {
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1: self.kind = Kind(rawValue: try reader.integer(kind))
            case 2: uncompressedBytes = try reader.integer(kind)
            case 3: compressedBytes = try reader.integer(kind)
            case 5, 7:
                try reader.structure(kind) { reader, field, kind throws(ThriftFailure) in
                    switch field {
                    case 1: valueCount = try reader.integer(kind)
                    case 2: encoding = try reader.integer(kind)
                    case 3 where kind == .int: levelEncoding = try reader.integer(kind)
                    default: break
                    }
                }
            case 8: try readSecond(&reader, kind)
            default: break
            }
        }
    }

    /// Reads the fields of a page of version 2.
    private mutating func readSecond(_ reader: inout ThriftReader, _ kind: ThriftReader.Kind) throws(ThriftFailure) {
        try reader.structure(kind) { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1: valueCount = try reader.integer(kind)
            case 4: encoding = try reader.integer(kind)
            case 5: definitionBytes = try reader.integer(kind)
            case 6: repetitionBytes = try reader.integer(kind)
            case 7: isCompressed = try reader.truth(kind)
            default: break
            }
        }
    }

    /// Returns the page whose content starts at byte `start` and ends by `end`; nil if the header is inconsistent.
    func page(at start: Int, end: Int) -> ParquetPage? {
        guard compressedBytes >= 0, compressedBytes <= end - start,
            (0 ... ParquetPage.byteLimit).contains(uncompressedBytes),
            (0 ... ParquetPage.valueLimit).contains(valueCount),
            let encoding = ParquetPage.Encoding(rawValue: encoding),
            let levelEncoding = ParquetPage.Encoding(rawValue: levelEncoding)
        else { return nil }
        let kind: ParquetPage.Kind
        switch self.kind {
        case .dictionary: kind = .dictionary
        case .first: kind = .first
        case .second:
            let limit = min(compressedBytes, uncompressedBytes)
            guard (0 ... limit).contains(repetitionBytes), (0 ... limit - repetitionBytes).contains(definitionBytes)
            else { return nil }
            kind = .second(
                repetitionBytes: repetitionBytes, levelBytes: definitionBytes, isCompressed: isCompressed)
        case .index, nil: return nil
        }
        return ParquetPage(
            kind: kind, encoding: encoding, levelEncoding: levelEncoding, valueCount: valueCount,
            range: start ..< start + compressedBytes, uncompressedBytes: uncompressedBytes)
    }
}
