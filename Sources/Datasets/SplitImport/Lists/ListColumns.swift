internal import Core

/// The names of a table's columns; nil stands for the common names.
public struct ColumnNames: Sendable {
    /// The column of image paths.
    public var path: String?
    /// The column of labels.
    public var label: String?
    /// The column of subsets.
    public var subset: String?

    /// The given names.
    public init(path: String? = nil, label: String? = nil, subset: String? = nil) {
        self.path = path
        self.label = label
        self.subset = subset
    }

    static let commonPaths = ["path", "filepath", "image", "file_name", "filename"]
    static let commonLabels = ["label", "class", "classname", "category"]
    static let commonSubsets = ["split", "part", "subset"]

    /// The error that no column, or several, match the role `role` (`path`, `label` or `split`).
    ///
    /// - Parameters:
    ///   - file: the table.
    ///   - role: the role, which is part of the option's name.
    ///   - name: the name that the user gave.
    ///   - matches: the matching columns.
    ///   - columns: all columns.
    /// - Returns: the error, with the option that names a column.
    static func fault(
        _ file: String, _ role: String, named name: String?, matches: [String], among columns: [String]
    ) -> Fault {
        func list(_ names: [String]) -> String { names.prefix(20).map { "'\($0)'" }.joined(separator: ", ") }
        guard matches.isEmpty else {
            return .badData(
                file, found: "\(matches.count) columns for the \(role): \(list(matches))", expected: "one column",
                remedy: "choose one with --\(role)-column")
        }
        return .badData(
            file, found: "the columns \(list(columns))",
            expected: name.map { "a column named '\($0)'" } ?? "a column for the \(role)",
            remedy: "name the column with --\(role)-column")
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
            isNamed || columns.contains { ColumnNames.commonPaths.contains($0.lowercased()) } || count > 1 && !isItem
        guard hasHeader else {
            guard (2 ... 3).contains(count) else {
                throw .badData(
                    file, found: "\(count) \(count == 1 ? "column" : "columns") and no header",
                    expected: "a header with 'path' and 'label', or the columns path,label or path,label,split",
                    remedy: "add a header, or name the columns with --path-column and --label-column")
            }
            path = 0
            label = 1
            subset = count == 3 ? 2 : nil
            return
        }
        path = try Self.column(columns, names.path, ColumnNames.commonPaths, "path", file)
        label = try Self.column(columns, names.label, ColumnNames.commonLabels, "label", file)
        let hasSubset = names.subset != nil || columns.contains { ColumnNames.commonSubsets.contains($0.lowercased()) }
        subset = hasSubset ? try Self.column(columns, names.subset, ColumnNames.commonSubsets, "split", file) : nil
    }

    private static func column(
        _ columns: [String], _ name: String?, _ common: [String], _ role: String, _ file: String
    ) throws(Fault) -> Int {
        let matches = columns.indices.filter { index in
            name.map { columns[index] == $0 } ?? common.contains(columns[index].lowercased())
        }
        if let index = matches.first, matches.count == 1 { return index }
        throw ColumnNames.fault(file, role, named: name, matches: matches.map { columns[$0] }, among: columns)
    }
}
