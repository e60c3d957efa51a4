/// The decoded footer of a Parquet file.
struct ParquetFooter {
    /// The metadata of a column's values in a row group.
    struct Chunk: Sendable {
        var externalPath: String?
        var isEncrypted = false
        var codec = 0
        var valueCount = 0
        var compressedBytes = 0
        var dataStart = 0
        var dictionaryStart: Int?
        var nullCount: Int?
        var hasMetadata = false
    }

    /// The metadata of a row group.
    struct Group: Sendable {
        var rowCount = 0
        var chunks: [Chunk] = []
    }

    var schema: [SchemaElement] = []
    var rowCount = 0
    var groups: [Group] = []
    var metadata: [String: String] = [:]

    init(_ bytes: ArraySlice<UInt8>) throws(ThriftFailure) {
        var reader = ThriftReader(bytes)
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 2: schema = try reader.structures(kind, SchemaElement.init)
            case 3: rowCount = try reader.integer(kind)
            case 4: groups = try reader.structures(kind, Group.init)
            case 5: _ = try reader.structures(kind) { reader throws(ThriftFailure) in try readPair(&reader) }
            default: break
            }
        }
    }

    private mutating func readPair(_ reader: inout ThriftReader) throws(ThriftFailure) {
        var key = ""
        var value = ""
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1: key = try reader.text(kind)
            case 2: value = String(decoding: try reader.binary(kind), as: UTF8.self)
            default: break
            }
        }
        metadata[key] = value
    }
}

extension ParquetFooter.Group {
    init(_ reader: inout ThriftReader) throws(ThriftFailure) {
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1: chunks = try reader.structures(kind, ParquetFooter.Chunk.init)
            case 3: rowCount = try reader.integer(kind)
            default: break
            }
        }
    }
}

extension ParquetFooter.Chunk {
    init(_ reader: inout ThriftReader) throws(ThriftFailure) {
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1: externalPath = try reader.text(kind)
            case 3: try readMetadata(&reader, kind)
            case 8, 9: isEncrypted = true
            default: break
            }
        }
    }

    private mutating func readMetadata(
        _ reader: inout ThriftReader, _ kind: ThriftReader.Kind
    ) throws(ThriftFailure) {
        hasMetadata = true
        try reader.structure(kind) { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 4: codec = try reader.integer(kind)
            case 5: valueCount = try reader.integer(kind)
            case 7: compressedBytes = try reader.integer(kind)
            case 9: dataStart = try reader.integer(kind)
            case 11: dictionaryStart = try reader.integer(kind)
            case 12:
                try reader.structure(kind) { reader, field, kind throws(ThriftFailure) in
                    if field == 3 { nullCount = try reader.integer(kind) }
                }
            default: break
            }
        }
    }
}
