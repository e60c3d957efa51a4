public import Core
internal import Splits

extension SplitImport {
    /// Imports a list: a CSV or TSV table with one path and label per row, and optionally the subset.
    ///
    /// - Parameters:
    ///   - path: the list.
    ///   - columns: the names of its columns.
    ///   - settings: the user's settings.
    ///   - progress: called with the KiB read and the total; an error that it throws ends the import.
    /// - Returns: the split; its paths are relative to a root that the list does not name.
    /// - Throws: `badData` with the invalid line.
    public static func list(
        _ path: String, columns: ColumnNames = ColumnNames(), _ settings: Settings = Settings(),
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> ImportedSplit {
        let file = try MappedFile(path: path)
        var items = try LabeledItems(path: path, settings)
        var table = TableReader(path: path, columns: columns)
        try table.read(file.bytes, progress: progress) { row, columns, subset throws(Fault) in
            try items.add(row[columns.path], label: row[columns.label], subset: subset, at: "line \(row.line)")
        }
        let input = Input(role: "list", name: lastComponent(of: path), digest: Digest(of: file.bytes))
        return try items.split(settings, dataset: datasetName(file: path), inputs: [input], record: ["source": "list"])
    }

    /// The data set's name for the list or archive at `path`.
    static func datasetName(file path: String) -> String {
        let name = lastComponent(of: path).prefix { $0 != "." }
        return name.isEmpty ? "images" : String(name)
    }
}

/// The reader of a list's rows.
struct TableReader {
    let path: String
    let names: ColumnNames
    private var columns: ListColumns?
    private var lastSubset = (text: [UInt8](), subset: Subset?.none)

    init(path: String, columns: ColumnNames) {
        self.path = path
        names = columns
    }

    /// Passes the rows of `table` to `take`, each with its subset, or nil if there is no such column.
    mutating func read(
        _ table: RawSpan, progress: (Int, Int) throws(Fault) -> Void,
        _ take: (borrowing CSVRow, ListColumns, Subset?) throws(Fault) -> Void
    ) throws(Fault) {
        let text = Span<UInt8>(_bytes: table)
        let delimiter = CSVRows.delimiter(of: text, path: path)
        var bytes = 0
        var reported = 0
        try CSVRows.read(text, delimiter: delimiter, path: path) { row throws(Fault) in
            for field in 0 ..< row.count { bytes += row[field].count + 1 }
            if bytes - reported > 1 << 20 {
                reported = bytes
                try progress(min(bytes, table.byteCount) >> 10, table.byteCount >> 10)
            }
            guard let columns = try columns(row) else { return }
            var subset: Subset?
            if let column = columns.subset { subset = try self.subset(row[column], row.line) }
            try take(row, columns, subset)
        }
        try progress(table.byteCount >> 10, table.byteCount >> 10)
    }

    /// The columns, after a check of the number of fields; nil for the header.
    private mutating func columns(_ row: borrowing CSVRow) throws(Fault) -> ListColumns? {
        guard let columns else {
            let columns = try ListColumns(row, names, file: path)
            self.columns = columns
            return columns.hasHeader ? nil : columns
        }
        guard row.count == columns.count else {
            throw .badData(
                path, found: "\(row.count) \(row.count == 1 ? "field" : "fields") on line \(row.line)",
                expected: "\(columns.count), as in the first line",
                remedy: "correct the line; a field that contains the separator needs quotation marks")
        }
        return columns
    }

    private mutating func subset(_ text: ArraySlice<UInt8>, _ line: Int) throws(Fault) -> Subset {
        if let subset = lastSubset.subset, lastSubset.text.elementsEqual(text) { return subset }
        let name = String(decoding: text, as: UTF8.self).trimmed
        guard let subset = Subset(commonName: name) else {
            throw .badData(
                path, found: "the subset '\(name.prefix(80))' on line \(line)",
                expected: "one of \(Subset.listOfCommonNames)", remedy: "correct the line")
        }
        lastSubset = (Array(text), subset)
        return subset
    }
}
