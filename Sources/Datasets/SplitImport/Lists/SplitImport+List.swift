public import Core
internal import Splits

extension SplitImport {
    /// Imports a list: a CSV or TSV table with one path and label per row, and optionally the subset.
    ///
    /// `progress` receives the KiB read and the total.
    ///
    /// - Throws: `badData` with the invalid line.
    public static func list(
        _ path: String, _ settings: Settings = Settings(), progress: Progress = { _, _ in }
    ) throws(Fault) -> ImportedSplit {
        let file = try MappedFile(path: path)
        var items = try LabeledItems(path: path, root: settings.root, settings)
        var table = TableReader(path: path, names: settings.columns)
        try table.read(file.bytes, progress: progress) { row, columns, subset throws(Fault) in
            try items.add(row[columns.path], label: row[columns.label], subset: subset, at: "line \(row.line)")
        }
        let input = Input(role: "list", name: lastComponent(of: path), digest: Digest(of: file.bytes))
        let name = lastComponent(of: path).prefix { $0 != "." }
        return try items.split(
            dataset: name.isEmpty ? "images" : String(name), inputs: [input], record: ["source": "list"])
    }
}

/// The reader of a list's rows.
struct TableReader {
    let path: String
    let names: ColumnNames
    private(set) var columns: ListColumns?
    private(set) var lastSubset = (text: [UInt8](), subset: Subset?.none)

    /// Passes the rows of `table` to `take`, each with its subset, or nil if there is no such column.
    mutating func read(
        _ table: RawSpan, progress: SplitImport.Progress,
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
        let subset = try Subset(text, in: path, "on line \(line)", remedy: "correct the line")
        lastSubset = (Array(text), subset)
        return subset
    }
}

/// The positions of path, label and subset in the rows of a list.
struct ListColumns {
    let path: Int
    let label: Int
    let subset: Int?
    let count: Int
    /// Whether the first row has the column names rather than an item.
    let hasHeader: Bool

    /// Reads the first row: a header if it contains a name of the path column or cannot be an item.
    ///
    /// - Throws: `badData` with the columns if one is missing or ambiguous.
    init(_ row: borrowing CSVRow, _ names: ColumnNames, file: String) throws(Fault) {
        let columns = (0 ..< row.count).map { row.text($0).trimmed }
        count = row.count
        let isNamed = names.path != nil || names.label != nil || names.subset != nil
        // A first field without a dot or slash is not an image path, so the row is a header with unknown names.
        let isItem = (columns.first ?? "").contains { $0 == "." || $0 == "/" }
        hasHeader =
            isNamed || columns.contains(where: ColumnRole.path.isCommon) || count > 1 && !isItem
        guard hasHeader else {
            guard (2 ... 3).contains(count) else {
                throw .badData(
                    file, found: "\(count) \(count == 1 ? "column" : "columns") and no header",
                    expected: "a header with 'path' and 'label', or the columns path,label or path,label,split",
                    remedy:
                        "add a header, or name the columns with \(option: "path_column") and \(option: "label_column")")
            }
            path = 0
            label = 1
            subset = count == 3 ? 2 : nil
            return
        }
        path = try Self.column(.path, columns, names.path, file)
        label = try Self.column(.label, columns, names.label, file)
        let hasSubset = names.subset != nil || columns.contains(where: ColumnRole.subset.isCommon)
        subset = hasSubset ? try Self.column(.subset, columns, names.subset, file) : nil
    }

    private static func column(
        _ role: ColumnRole, _ columns: [String], _ name: String?, _ file: String
    ) throws(Fault) -> Int {
        let matches = role.matches(in: columns, named: name)
        if let index = matches.first, matches.count == 1 { return index }
        throw role.fault(file, named: name, matches: matches.map { columns[$0] }, among: columns)
    }
}
