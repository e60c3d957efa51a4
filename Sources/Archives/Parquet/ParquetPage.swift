/// A page of a column: values that are compressed together, as described by the page's header.
struct ParquetPage: Sendable {
    /// The kind of a page.
    enum Kind: Sendable, Equatable {
        case dictionary
        /// Version 1: levels and values are compressed together.
        case first
        /// Version 2: `levelBytes` bytes of uncompressed levels precede the values.
        case second(levelBytes: Int, isCompressed: Bool)
    }

    /// The format's numeric code for an encoding of values.
    enum Encoding: Int, Sendable {
        case plain = 0
        case plainDictionary = 2
        case runLength, bitPacked, deltaPacked, deltaLengths, deltaBytes
        case dictionary
        case splitStreams

        /// The format's name.
        var title: String {
            switch self {
            case .plain: "PLAIN"
            case .plainDictionary: "PLAIN_DICTIONARY"
            case .runLength: "RLE"
            case .bitPacked: "BIT_PACKED"
            case .deltaPacked: "DELTA_BINARY_PACKED"
            case .deltaLengths: "DELTA_LENGTH_BYTE_ARRAY"
            case .deltaBytes: "DELTA_BYTE_ARRAY"
            case .dictionary: "RLE_DICTIONARY"
            case .splitStreams: "BYTE_STREAM_SPLIT"
            }
        }
    }

    let kind: Kind
    let encoding: Encoding
    let levelEncoding: Encoding
    let valueCount: Int
    /// The byte range in the file, without the header.
    let range: Range<Int>
    /// The claimed size after decompression.
    let uncompressedBytes: Int
    /// The row of its first value within the row group.
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
            case 5, 7, 8:
                guard kind == .structure else { throw .damaged }
                try readPage(&reader, isSecond: field == 8)
            default: return false
            }
            return true
        }
    }

    private mutating func readPage(_ reader: inout ThriftReader, isSecond: Bool) throws(ThriftFailure) {
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch (field, isSecond) {
            case (1, _): valueCount = try reader.integer(kind)
            case (2, false), (4, true): encoding = try reader.integer(kind)
            case (3, false) where kind == .int: levelEncoding = try reader.integer(kind)
            case (5, true): definitionBytes = try reader.integer(kind)
            case (6, true): repetitionBytes = try reader.integer(kind)
            case (7, true): isCompressed = try reader.truth(kind)
            default: return false
            }
            return true
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
            guard repetitionBytes == 0, definitionBytes >= 0, definitionBytes <= min(compressedBytes, uncompressedBytes)
            else {
                return nil
            }
            kind = .second(levelBytes: definitionBytes, isCompressed: isCompressed)
        case .index, nil: return nil
        }
        return ParquetPage(
            kind: kind, encoding: encoding, levelEncoding: levelEncoding, valueCount: valueCount,
            range: start ..< start + compressedBytes, uncompressedBytes: uncompressedBytes)
    }
}
