internal import Core

/// A table as a Parquet file: columns without nulls, in the encoding PLAIN and uncompressed, which every reader reads.
package struct ParquetTable: Sendable {
    /// The values of a column.
    package enum Values: Sendable {
        case texts([String])
        case truths([Bool])
        case floats([Float])

        var count: Int {
            switch self {
            case .texts(let values): values.count
            case .truths(let values): values.count
            case .floats(let values): values.count
            }
        }

        /// The format's numeric code for the type.
        var code: Int {
            switch self {
            case .truths: 0
            case .floats: 4
            case .texts: 6
            }
        }
    }

    private let columns: [(name: String, values: Values)]
    private let rowCount: Int

    /// Creates a table of columns of the same length.
    package init(_ columns: [(name: String, values: Values)]) {
        rowCount = columns.first?.values.count ?? 0
        precondition(columns.allSatisfy { [rowCount] in $0.values.count == rowCount }, "columns of different lengths")
        self.columns = columns
    }

    /// The number of rows per group and page: small enough to be read in pieces.
    private static let groupRows = 1 << 20, pageRows = 1 << 15
    /// The format's numeric codes for encodings and for data pages.
    private static let plain = 0, runLength = 3, dataPage = 0

    /// A row group: its number of rows, and the offset and size of each column.
    private struct Group {
        let rowCount: Int
        var chunks: [(offset: Int, byteCount: Int)] = []
    }

    /// The content of the file.
    package var bytes: [UInt8] {
        let mark = Array("PAR1".utf8)
        var bytes = mark
        var groups: [Group] = []
        for start in stride(from: 0, to: rowCount, by: Self.groupRows) {
            let rows = start ..< min(rowCount, start + Self.groupRows)
            var group = Group(rowCount: rows.count)
            for column in columns {
                let pages = Self.pages(of: column.values, rows)
                group.chunks.append((bytes.count, pages.count))
                bytes += pages
            }
            groups.append(group)
        }
        let footer = footer(groups)
        return bytes + footer + littleEndian(UInt32(footer.count)) + mark
    }
}

extension ParquetTable {
    /// The pages of some rows, each after its header.
    private static func pages(of values: Values, _ rows: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: pageRows) {
            let page = start ..< min(rows.upperBound, start + pageRows)
            let body = plainBytes(values, page)
            var header = ThriftWriter()
            header.structure { header in
                header.field(1, dataPage)
                header.field(2, body.count)
                header.field(3, body.count)
                header.field(5) { header in
                    header.field(1, page.count)
                    header.field(2, plain)
                    // Columns without nulls have no levels; the fields are required all the same.
                    header.field(3, runLength)
                    header.field(4, runLength)
                }
            }
            bytes += header.bytes + body
        }
        return bytes
    }

    /// Some values in the encoding PLAIN.
    private static func plainBytes(_ values: Values, _ rows: Range<Int>) -> [UInt8] {
        switch values {
        case .texts(let texts): texts[rows].flatMap { littleEndian(UInt32($0.utf8.count)) + $0.utf8 }
        case .floats(let floats): floats[rows].flatMap { littleEndian($0.bitPattern) }
        case .truths(let truths):
            stride(from: rows.lowerBound, to: rows.upperBound, by: 8).map { start in
                truths[start ..< min(rows.upperBound, start + 8)].enumerated().reduce(0) { byte, truth in
                    byte | (truth.element ? 1 : 0) << UInt8(truth.offset)
                }
            }
        }
    }

    private func footer(_ groups: [Group]) -> [UInt8] {
        var footer = ThriftWriter()
        footer.structure { footer in
            footer.field(1, 1)
            footer.list(2, [nil] + columns.map(Optional.some), describe)
            footer.field(3, rowCount, is64Bit: true)
            footer.list(4, groups, describe)
            footer.field(6, "fewshot \(fewshotVersion)")
        }
        return footer.bytes
    }

    /// Writes the schema's element for a column; nil is the root.
    private func describe(_ element: inout ThriftWriter, _ column: (name: String, values: Values)?) {
        guard let column else {
            element.field(4, "schema")
            element.field(5, columns.count)
            return
        }
        element.field(1, column.values.code)
        element.field(3, 0)
        element.field(4, column.name)
        guard case .texts = column.values else { return }
        // UTF8, and its successor STRING.
        element.field(6, 0)
        element.field(10) { $0.field(1) { _ in } }
    }

    private func describe(_ writer: inout ThriftWriter, _ group: Group) {
        writer.list(1, Array(zip(columns, group.chunks))) { writer, part in
            let (column, chunk) = part
            writer.field(2, chunk.offset, is64Bit: true)
            writer.field(3) { writer in
                writer.field(1, column.values.code)
                writer.list(2, [Self.plain, Self.runLength])
                writer.list(3, [column.name])
                writer.field(4, 0)
                writer.field(5, group.rowCount, is64Bit: true)
                writer.field(6, chunk.byteCount, is64Bit: true)
                writer.field(7, chunk.byteCount, is64Bit: true)
                writer.field(9, chunk.offset, is64Bit: true)
            }
        }
        writer.field(2, group.chunks.reduce(0) { $0 + $1.byteCount }, is64Bit: true)
        writer.field(3, group.rowCount, is64Bit: true)
    }
}
