/// The decoded footer of a Parquet file.
struct ParquetFooter {
    /// The metadata of a column's values in a row group.
    struct Chunk {
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
    struct Group {
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
            case 2:
                try reader.structures(kind) { reader throws(ThriftFailure) in
                    schema.append(try SchemaElement(&reader))
                }
            case 3: rowCount = try reader.integer(kind)
            case 4:
                try reader.structures(kind) { reader throws(ThriftFailure) in
                    groups.append(try Group(&reader))
                }
            case 5:
                try reader.structures(kind) { reader throws(ThriftFailure) in
                    try readPair(&reader)
                }
            default: return false
            }
            return true
        }
    }

    private mutating func readPair(_ reader: inout ThriftReader) throws(ThriftFailure) {
        var key = ""
        var value = ""
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1: key = try reader.text(kind)
            case 2: value = String(decoding: try reader.binary(kind), as: UTF8.self)
            default: return false
            }
            return true
        }
        metadata[key] = value
    }
}

extension ParquetFooter.Group {
    init(_ reader: inout ThriftReader) throws(ThriftFailure) {
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1:
                try reader.structures(kind) { reader throws(ThriftFailure) in
                    chunks.append(try ParquetFooter.Chunk(&reader))
                }
            case 3: rowCount = try reader.integer(kind)
            default: return false
            }
            return true
        }
    }
}

extension ParquetFooter.Chunk {
    init(_ reader: inout ThriftReader) throws(ThriftFailure) {
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1: externalPath = try reader.text(kind)
            case 3:
                guard kind == .structure else { throw .damaged }
                try readMetadata(&reader)
            case 8, 9:
                isEncrypted = true
                return false
            default: return false
            }
            return true
        }
    }

    private mutating func readMetadata(_ reader: inout ThriftReader) throws(ThriftFailure) {
        hasMetadata = true
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 4: codec = try reader.integer(kind)
            case 5: valueCount = try reader.integer(kind)
            case 7: compressedBytes = try reader.integer(kind)
            case 9: dataStart = try reader.integer(kind)
            case 11: dictionaryStart = try reader.integer(kind)
            case 12:
                guard kind == .structure else { throw .damaged }
                try reader.structure { reader, field, kind throws(ThriftFailure) in
                    guard field == 3 else { return false }
                    nullCount = try reader.integer(kind)
                    return true
                }
            default: return false
            }
            return true
        }
    }
}
