internal import Core

/// Which columns of a list say what, where their names are not among the usual ones.
public struct ColumnNames: Sendable {
    public var path: String?
    public var label: String?
    public var part: String?

    public init(path: String? = nil, label: String? = nil, part: String? = nil) {
        (self.path, self.label, self.part) = (path, label, part)
    }

    static let usualPaths = ["path", "filepath", "image", "file_name", "filename"]
    static let usualLabels = ["label", "class", "classname", "category"]
    static let usualParts = ["split", "part", "subset"]
}

/// Where path, label and part stand in the rows of a list.
struct ListColumns {
    let path: Int
    let label: Int
    let part: Int?
    let count: Int
    /// Whether the first row has the names of the columns, and is no item.
    let hasHeader: Bool

    /// Reads the first row: a header if a usual or given name of the path's column is in it, else an item.
    ///
    /// - Throws: `badData` naming the columns where one is missing, or where two would do.
    init(_ row: borrowing CSVRow, _ names: ColumnNames, file: String) throws(Fault) {
        let columns = (0 ..< row.count).map { row.text($0).trimmed }
        count = row.count
        let isNamed = names.path != nil || names.label != nil || names.part != nil
        // A first row whose first field could be no file's path is a header in other words, and not an item.
        let isItem = (columns.first ?? "").contains { $0 == "." || $0 == "/" }
        hasHeader =
            isNamed || columns.contains { ColumnNames.usualPaths.contains($0.lowercased()) } || count > 1 && !isItem
        guard hasHeader else {
            guard (2 ... 3).contains(count) else {
                throw .badData(
                    file, found: "\(count) \(count == 1 ? "column" : "columns") and no header",
                    expected: "a header with 'path' and 'label', or the columns path,label or path,label,split",
                    remedy: "add a header, or name the columns with --path-column and --label-column")
            }
            (path, label, part) = (0, 1, count == 3 ? 2 : nil)
            return
        }
        path = try Self.column(columns, names.path, ColumnNames.usualPaths, "path", file)
        label = try Self.column(columns, names.label, ColumnNames.usualLabels, "label", file)
        let hasPart = names.part != nil || columns.contains { ColumnNames.usualParts.contains($0.lowercased()) }
        part = hasPart ? try Self.column(columns, names.part, ColumnNames.usualParts, "split", file) : nil
    }

    private static func column(
        _ columns: [String], _ name: String?, _ usual: [String], _ what: String, _ file: String
    ) throws(Fault) -> Int {
        let fits = columns.indices.filter { place in
            name.map { columns[place] == $0 } ?? usual.contains(columns[place].lowercased())
        }
        if let place = fits.first, fits.count == 1 { return place }
        let list = columns.map { "'\($0)'" }.joined(separator: ", ")
        guard fits.isEmpty else {
            throw .badData(
                file,
                found:
                    "\(fits.count) columns for the \(what): \(fits.map { "'\(columns[$0])'" }.joined(separator: ", "))",
                expected: "one", remedy: "say which with --\(what)-column")
        }
        throw .badData(
            file, found: "the columns \(list)",
            expected: name.map { "one called '\($0)'" }
                ?? "one for the \(what), as '\(usual.joined(separator: "', '"))'",
            remedy: "say which it is with --\(what)-column")
    }
}
