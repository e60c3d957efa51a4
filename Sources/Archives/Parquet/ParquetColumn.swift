/// A leaf of a Parquet file's schema, which holds values.
package struct ParquetColumn: Sendable, Equatable {
    /// The format's numeric code for a value type.
    package enum Storage: Int, Sendable {
        case boolean, int32, int64, int96, float, double, bytes, fixedBytes
    }

    /// The names from the top of the schema to the leaf.
    package let path: [String]
    /// The type of the values.
    package let storage: Storage
    /// Whether the bytes are UTF-8 text.
    package let isText: Bool
    /// Whether the column or a group around it may have several values per row.
    package var isRepeated: Bool { repetitionLimit > 0 }
    /// The number of names in `path` that may have several values.
    let repetitionLimit: Int
    /// Whether values of two bytes are float16 numbers.
    let isHalf: Bool
    /// The number of names in `path` that may be absent in a row.
    let definitionLimit: Int
    /// The size in bytes of a fixed-length value.
    let width: Int
    /// The index of the column among the leaves and in a row group.
    let number: Int

    /// The path joined by dots, such as `image.bytes`.
    package var name: String { path.joined(separator: ".") }

    /// Whether the values may be labels: text, Booleans, or numbers, which pandas writes as 0.0 if one is missing.
    package var isLabel: Bool {
        [.boolean, .int32, .int64, .float, .double, .bytes].contains(storage) && !isRepeated
    }
}

/// A stored element of a schema: a group or a leaf.
struct SchemaElement {
    var storage: Int?
    var width = 0
    var repetition = 0
    var name = ""
    var childCount = 0
    var isText = false
    var isHalf = false

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
                // A union: STRING, ENUM and JSON; FLOAT16.
                try reader.structure(kind) { _, field, _ in
                    isText = isText || [1, 4, 12].contains(field)
                    isHalf = isHalf || field == 15
                }
            default: break
            }
        }
    }

    /// Returns the leaves of a schema in the order of a row group's columns; nil if the elements do not form a tree.
    static func leaves(_ elements: [SchemaElement]) -> [ParquetColumn]? {
        /// A group whose children follow.
        struct Group {
            var left: Int
            let path: [String]
            let definitions: Int
            let repetitions: Int
        }
        guard let root = elements.first, root.childCount >= 0 else { return nil }
        var open = [Group(left: root.childCount, path: [], definitions: 0, repetitions: 0)]
        var leaves: [ParquetColumn] = []
        for element in elements.dropFirst() {
            while let last = open.last, last.left == 0 { open.removeLast() }
            guard let group = open.last, open.count < 100, (0 ... 2).contains(element.repetition) else { return nil }
            open[open.count - 1].left -= 1
            let path = group.path + [element.name]
            let definitions = group.definitions + (element.repetition == 0 ? 0 : 1)
            let repetitions = group.repetitions + (element.repetition == 2 ? 1 : 0)
            guard let number = element.storage else {
                guard element.childCount > 0 else { return nil }
                open.append(
                    Group(left: element.childCount, path: path, definitions: definitions, repetitions: repetitions))
                continue
            }
            guard let storage = ParquetColumn.Storage(rawValue: number), element.childCount == 0,
                storage != .fixedBytes || element.width > 0
            else { return nil }
            leaves.append(
                ParquetColumn(
                    path: path, storage: storage, isText: element.isText, repetitionLimit: repetitions,
                    isHalf: element.isHalf && element.width == 2, definitionLimit: definitions, width: element.width,
                    number: leaves.count))
        }
        return open.allSatisfy { $0.left == 0 } ? leaves : nil
    }
}
