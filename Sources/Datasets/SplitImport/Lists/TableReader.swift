internal import Core
internal import Images
internal import Splits

/// The reader of a list's rows.
struct TableReader {
    private let path: String
    private let names: ColumnNames
    /// Whether labels are taken from a column of names rather than from one of numbers.
    private let prefersNames: Bool
    /// The column names; nil before the first row, empty for a table without a header.
    private var header: [String]?
    private(set) var columns: ListColumns?
    /// Whether the table must have a column of labels.
    var needsLabels = true
    private var lastSubset = (text: [UInt8](), subset: Subset?.none)

    init(path: String, names: ColumnNames, prefersNames: Bool = false) {
        self.path = path
        self.names = names
        self.prefersNames = prefersNames
    }

    /// Passes the rows of `table` to `take`, each with its subset, or nil if there is no such column.
    ///
    /// - Throws: `badData` for an invalid row or missing columns, errors of `progress` and `take`.
    mutating func read(
        _ table: borrowing TextFile, progress: SplitImport.Progress,
        _ take: (borrowing CSVRow, ListColumns, Subset?) throws(Fault) -> Void
    ) throws(Fault) {
        try table.validate()
        let text = table.utf8
        var bytes = 0
        var reported = 0
        try rows(of: text) { row throws(Fault) in
            for field in 0 ..< row.count { bytes += row[field].count + 1 }
            if bytes - reported > 1 << 20 {
                reported = bytes
                try progress(min(bytes, text.count) >> 10, text.count >> 10)
            }
            guard let columns = try columns(row) else { return }
            var subset: Subset?
            if let column = columns.subset { subset = try self.subset(row[column], row.line) }
            try take(row, columns, subset)
        }
        // A header without rows may lack a column, too.
        if columns == nil, let header { columns = try columns(header: header, row: []) }
        try progress(text.count >> 10, text.count >> 10)
    }

    private func rows(
        of text: Span<UInt8>, _ visit: (borrowing CSVRow) throws(Fault) -> Void
    ) throws(Fault) {
        switch ListLayout(of: text, path: path) {
        case .spaced: try SpacedRows.read(text, path: path, visit)
        case .separated(let delimiter, let skipped):
            var start = 0
            if skipped > 0 {
                while start < text.count, text[start] != 10, text[start] != 13 { start += 1 }
            }
            try CSVRows.read(
                text.extracting(start ..< text.count), firstLine: 1, delimiter: delimiter, path: path, visit)
        }
    }

    /// The columns, after a check of the number of fields; nil for the header and for rows without content.
    private mutating func columns(_ row: borrowing CSVRow) throws(Fault) -> ListColumns? {
        if let columns {
            try check(row, columns.count)
            return Self.isBlank(row) ? nil : columns
        }
        // Spreadsheets write separators for empty columns and rows.
        var texts = row.texts.map(\.trimmed)
        guard !texts.allSatisfy(\.isEmpty) else { return nil }
        if let header {
            try check(row, header.count)
            texts += [String](repeating: "", count: max(0, header.count - texts.count))
            columns = try columns(header: header, row: texts)
            return columns
        }
        while texts.count > 1, texts.last == "" { texts.removeLast() }
        guard !isHeader(texts) else {
            header = texts
            return nil
        }
        columns = needsLabels ? ListColumns(texts) : ListColumns(paths: texts)
        guard let columns else { throw noColumns(texts) }
        return columns
    }

    /// Whether the first row has column names rather than an item.
    private func isHeader(_ row: [String]) -> Bool {
        if !names.areCommon || row.contains(where: ColumnRole.path.isCommon) { return true }
        // An image path has a dot or a slash; a row without one is a header with rare or unknown names.
        let isItem = row[0].contains { $0 == "." || $0 == "/" } || row.contains { ImageFormat(fileName: $0) != nil }
        return row.count > 1 && !isItem
    }

    private func columns(header: [String], row: [String]) throws(Fault) -> ListColumns {
        needsLabels
            ? try ListColumns(header: header, row: row, names, prefersNames: prefersNames, file: path)
            : try ListColumns(paths: header, names, file: path)
    }

    /// Checks that a row has `count` fields, besides empty ones at its end.
    private func check(_ row: borrowing CSVRow, _ count: Int) throws(Fault) {
        let isFull = row.count >= count && (count ..< row.count).allSatisfy { row.text($0).trimmed.isEmpty }
        guard !isFull else { return }
        throw .badData(
            path, found: "\(row.count) \(row.count == 1 ? "field" : "fields") on line \(row.line)",
            expected: "\(count), as in the first line",
            remedy: "correct the line; a field that contains the separator needs quotation marks")
    }

    private static func isBlank(_ row: borrowing CSVRow) -> Bool {
        // Most rows have a visible ASCII character at the start.
        if let first = row[0].first, (33 ... 126).contains(first) { return false }
        return (0 ..< row.count).allSatisfy { row.text($0).trimmed.isEmpty }
    }

    private func noColumns(_ row: [String]) -> Fault {
        let isSpaced = row.count == 1 && row[0].contains(" ")
        if row.count == 1, !isSpaced, ImageFormat(fileName: row[0]) != nil {
            return .badData(
                path, found: "paths without labels", expected: "a path and a label on each line",
                remedy: row[0].contains("/")
                    ? "give \(option: "label_from", "folder") if the folders of the images are the classes"
                    : "add a column of labels")
        }
        return .badData(
            path,
            found: isSpaced
                ? "columns separated by spaces: '\(row[0].prefix(80))'"
                : "\(row.count) \(row.count == 1 ? "column" : "columns") and no header",
            expected: isSpaced
                ? "columns separated by commas, semicolons or tabs, or lines of an image path, a space and one label"
                : "a header with 'path' and 'label', or the columns path,label or path,label,split",
            remedy: "add a header, or name the columns with \(option: "path_column") and \(option: "label_column")")
    }

    private mutating func subset(_ text: ArraySlice<UInt8>, _ line: Int) throws(Fault) -> Subset {
        if let subset = lastSubset.subset, lastSubset.text.elementsEqual(text) { return subset }
        let subset = try Subset(text, in: path, "on line \(line)", remedy: "correct the line")
        lastSubset = (Array(text), subset)
        return subset
    }
}
