/// A leaf of a parquet file's schema: where values are.
package struct ParquetColumn: Sendable, Equatable {
    /// How a value is stored, as the format numbers it.
    package enum Storage: Int, Sendable {
        case boolean, int32, int64, int96, float, double, bytes, fixedBytes
    }

    /// The names from the top of the schema to the leaf.
    package let path: [String]
    package let storage: Storage
    /// Whether bytes are text in UTF-8.
    package let isText: Bool
    /// Whether it, or what it lies in, comes more often than once in a row.
    package let isRepeated: Bool
    /// How many of the names may be absent in a row.
    let definitionLimit: Int
    /// Bytes of a value of fixed length.
    let width: Int
    /// Its place among the leaves, and among a row group's columns.
    let number: Int

    /// The path with dots in it, as `image.bytes`.
    package var name: String { path.joined(separator: ".") }

    /// Whether it holds whole numbers, text or truth values: what a label may be.
    package var isLabel: Bool { [.boolean, .int32, .int64, .bytes].contains(storage) && !isRepeated }
    /// Whether its values are bytes that are no text.
    package var isBinary: Bool { (storage == .bytes || storage == .fixedBytes) && !isText }
}

/// An element of a schema as it is stored: a group or a leaf.
struct SchemaElement {
    var storage: Int?
    var width = 0
    var repetition = 0
    var name = ""
    var childCount = 0
    var isText = false

    init(_ reader: inout ThriftReader) throws(ThriftFailure) {
        try reader.structure { reader, field, kind throws(ThriftFailure) in
            switch field {
            case 1: storage = try reader.integer(kind)
            case 2: width = try reader.integer(kind)
            case 3: repetition = try reader.integer(kind)
            case 4: name = try reader.text(kind)
            case 5: childCount = try reader.integer(kind)
            // UTF8, ENUM and JSON.
            case 6: isText = try [0, 4, 19].contains(reader.integer(kind)) || isText
            case 10:
                guard kind == .structure else { throw .damaged }
                // A union: STRING, ENUM and JSON.
                try reader.structure { _, field, _ in
                    if [1, 4, 12].contains(field) { isText = true }
                    return false
                }
            default: return false
            }
            return true
        }
    }

    /// The leaves of a schema, in the order of a row group's columns; nil where it is no tree.
    static func leaves(_ elements: [SchemaElement]) -> [ParquetColumn]? {
        /// A group whose children come next.
        struct Group {
            var left: Int
            let path: [String]
            let definitions: Int
            let isRepeated: Bool
        }
        guard let root = elements.first, root.childCount >= 0 else { return nil }
        var open = [Group(left: root.childCount, path: [], definitions: 0, isRepeated: false)]
        var leaves: [ParquetColumn] = []
        for element in elements.dropFirst() {
            while let last = open.last, last.left == 0 { open.removeLast() }
            guard let group = open.last, open.count < 100, (0 ... 2).contains(element.repetition) else { return nil }
            open[open.count - 1].left -= 1
            let path = group.path + [element.name]
            let definitions = group.definitions + (element.repetition == 0 ? 0 : 1)
            let isRepeated = group.isRepeated || element.repetition == 2
            guard let number = element.storage else {
                guard element.childCount > 0 else { return nil }
                open.append(
                    Group(left: element.childCount, path: path, definitions: definitions, isRepeated: isRepeated))
                continue
            }
            guard let storage = ParquetColumn.Storage(rawValue: number), element.childCount == 0,
                storage != .fixedBytes || element.width > 0
            else { return nil }
            leaves.append(
                ParquetColumn(
                    path: path, storage: storage, isText: element.isText, isRepeated: isRepeated,
                    definitionLimit: definitions, width: element.width, number: leaves.count))
        }
        return open.allSatisfy { $0.left == 0 } ? leaves : nil
    }
}
