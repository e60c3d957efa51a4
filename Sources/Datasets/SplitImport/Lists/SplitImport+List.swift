public import Core
internal import Splits

extension SplitImport {
    /// The split of a list: a table in CSV or TSV with a path and a label a row, and the part if it has such a column.
    ///
    /// - Parameters:
    ///   - path: the list.
    ///   - columns: the names of its columns, where they are none of the usual ones.
    ///   - settings: what the user chose.
    ///   - progress: told how many bytes are read, of how many.
    /// - Returns: the split, with notes; paths are below a root that the list does not name.
    /// - Throws: `badData` with the line that cannot be used.
    public static func list(
        _ path: String, columns: ColumnNames = ColumnNames(), _ settings: Settings = Settings(),
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> ImportedSplit {
        let file = try MappedFile(path: path)
        var items = try LabelledItems(path: path, settings)
        var table = TableReader(path: path, columns: columns)
        try table.read(file.bytes, progress: progress) { row, columns, part throws(Fault) in
            try items.add(row[columns.path], label: row[columns.label], part: part, at: "line \(row.line)")
        }
        let input = Input(role: "list", name: lastComponent(of: path), digest: Digest(of: file.bytes))
        return try items.split(settings, dataset: datasetName(file: path), inputs: [input], record: ["source": "list"])
    }

    /// What a data set is called whose list or archive is the file at `path`.
    static func datasetName(file path: String) -> String {
        let name = lastComponent(of: path).prefix { $0 != "." }
        return name.isEmpty ? "images" : String(name)
    }
}

/// Items out of the rows of a table.
struct TableReader {
    let path: String
    let names: ColumnNames
    private var columns: ListColumns?
    private var lastPart = (text: [UInt8](), part: Subset?.none)

    init(path: String, columns: ColumnNames) { (self.path, names) = (path, columns) }

    /// Hands the rows of `table` to `take`, with the part that each says it is in.
    mutating func read(
        _ table: RawSpan, progress: (Int, Int) throws(Fault) -> Void,
        _ take: (borrowing CSVRow, ListColumns, Subset?) throws(Fault) -> Void
    ) throws(Fault) {
        let text = Span<UInt8>(_bytes: table)
        let delimiter = CSVRows.delimiter(of: text, path: path)
        var (bytes, reported) = (0, 0)
        try CSVRows.read(text, delimiter: delimiter, path: path) { row throws(Fault) in
            for field in 0 ..< row.count { bytes += row[field].count + 1 }
            if bytes - reported > 1 << 20 {
                reported = bytes
                try progress(min(bytes, table.byteCount) >> 10, table.byteCount >> 10)
            }
            guard let columns = try columns(row) else { return }
            var part: Subset?
            if let column = columns.part { part = try self.part(row[column], row.line) }
            try take(row, columns, part)
        }
        try progress(table.byteCount >> 10, table.byteCount >> 10)
    }

    /// The columns, once `row` has as many; nil for the header.
    private mutating func columns(_ row: borrowing CSVRow) throws(Fault) -> ListColumns? {
        guard let columns else {
            let columns = try ListColumns(row, names, file: path)
            self.columns = columns
            return columns.hasHeader ? nil : columns
        }
        guard row.count == columns.count else {
            throw .badData(
                path, found: "\(row.count) \(row.count == 1 ? "field" : "fields") on line \(row.line)",
                expected: "\(columns.count) as in the first line",
                remedy: "correct the line; a field with a delimiter in it needs quotation marks around it")
        }
        return columns
    }

    private mutating func part(_ text: ArraySlice<UInt8>, _ line: Int) throws(Fault) -> Subset {
        if let part = lastPart.part, lastPart.text.elementsEqual(text) { return part }
        let name = String(decoding: text, as: UTF8.self).trimmed
        guard let part = Subset(usualName: name) else {
            throw .badData(
                path, found: "the part '\(name.prefix(80))' on line \(line)",
                expected: "one of \(Subset.listOfUsualNames)", remedy: "correct the line")
        }
        lastPart = (Array(text), part)
        return part
    }
}
