/// A page of a column as its header describes it: values that were compressed together.
struct ParquetPage: Sendable {
    enum Kind: Sendable, Equatable {
        case dictionary
        /// Levels and values compressed together.
        case first
        /// Levels as they are, in this many bytes, before the values.
        case second(levelBytes: Int, isCompressed: Bool)
    }

    /// How values are written, as the format numbers it.
    enum Encoding: Int, Sendable {
        case plain = 0
        case plainDictionary = 2
        case runLength, bitPacked, deltaPacked, deltaLengths, deltaBytes
        case dictionary
        case splitStreams

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
    /// Where it lies in the file, behind its header.
    let range: Range<Int>
    /// How many bytes that claims to unpack to.
    let unpackedBytes: Int
    /// The row of its first value, in the row group.
    var firstRow = 0

    /// Whether its values are places in a dictionary.
    var isNumbered: Bool { kind != .dictionary && [.plainDictionary, .dictionary].contains(encoding) }

    /// More values, or bytes, are an attack rather than a page.
    static let valueLimit = 1 << 22
    static let byteLimit = 1 << 30
}

/// The fields of a page's header that are of interest.
struct PageHeader {
    enum Kind: Int { case first, index, dictionary, second }

    private(set) var kind: Kind?
    private(set) var unpackedBytes = 0
    private(set) var packedBytes = 0
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
            case 2: unpackedBytes = try reader.integer(kind)
            case 3: packedBytes = try reader.integer(kind)
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

    /// The page whose bytes start at `start` of the file and end at `end` or before; nil where the header contradicts itself.
    func page(at start: Int, end: Int) -> ParquetPage? {
        guard packedBytes >= 0, packedBytes <= end - start, (0 ... ParquetPage.byteLimit).contains(unpackedBytes),
            (0 ... ParquetPage.valueLimit).contains(valueCount),
            let encoding = ParquetPage.Encoding(rawValue: encoding),
            let levelEncoding = ParquetPage.Encoding(rawValue: levelEncoding)
        else { return nil }
        let kind: ParquetPage.Kind
        switch self.kind {
        case .dictionary: kind = .dictionary
        case .first: kind = .first
        case .second:
            guard repetitionBytes == 0, definitionBytes >= 0, definitionBytes <= min(packedBytes, unpackedBytes) else {
                return nil
            }
            kind = .second(levelBytes: definitionBytes, isCompressed: isCompressed)
        case .index, nil: return nil
        }
        return ParquetPage(
            kind: kind, encoding: encoding, levelEncoding: levelEncoding, valueCount: valueCount,
            range: start ..< start + packedBytes, unpackedBytes: unpackedBytes)
    }
}
