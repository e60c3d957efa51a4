internal import Core
internal import Images
internal import Splits

/// The positions of path, label and subset in the rows of a list.
struct ListColumns {
    let path: Int
    let label: Int
    let subset: Int?
    let count: Int
    /// Whether the rows are those of an export, with labels, class names and subsets in ``exportedNames``.
    let isExported: Bool
    /// Sentences on columns that are not used, or are read in a special way.
    let notes: [String]
    /// The columns with 1 for the class of an image and 0 for the others; empty if ``label`` has the labels.
    private(set) var classes: [(column: Int, name: String)] = []

    /// The header of an exported split; its class names are in the third column.
    static let exportedNames = ["path", "label", "class", "subset"]
    static let exportedClass = 2

    /// Determines the columns of a table with the column names `header`, whose first row is `row`.
    ///
    /// Of several columns that may have the labels, the one with names in place of numbers is taken if `prefersNames`.
    ///
    /// - Throws: `badData` with the columns if one is missing or ambiguous.
    init(
        header: [String], row: [String], _ names: ColumnNames, prefersNames: Bool, file: String
    ) throws(Fault) {
        count = header.count
        isExported = header == Self.exportedNames && names.areCommon
        path = try Self.column(.path, header, names.path, file)
        if isExported {
            label = 1
            subset = 3
            notes = []
            return
        }
        let subsets = try Self.subset(header, row, names.subset, file)
        if names.label == nil, ColumnRole.label.allMatches(in: header).isEmpty {
            classes = Self.classes(header, row, except: [path, subsets.column])
        }
        guard classes.isEmpty else {
            label = classes[0].column
            subset = subsets.column
            notes = ["the column with 1 is the class of an image: \(classes.map(\.name).shortened)"] + subsets.notes
            return
        }
        let labels = try Self.label(header, row, names.label, prefersNames: prefersNames, file)
        label = labels.column
        subset = subsets.column
        notes = labels.notes + subsets.notes
    }

    /// Determines the columns of a table without a header from its first row; nil if that is not an item.
    ///
    /// The path is the first field with the suffix of an image, or else the first field with a dot or slash. One of two
    /// other fields may be the subset, or a row number before the path.
    init?(_ row: [String]) {
        count = row.count
        isExported = false
        notes = []
        let image = row.firstIndex { ImageFormat(fileName: $0) != nil }
        guard let path = image ?? (row[0].contains { $0 == "." || $0 == "/" } ? 0 : nil) else { return nil }
        self.path = path
        let others = row.indices.filter { $0 != path }
        switch others.count {
        case 1:
            label = others[0]
            subset = nil
        case 2 where path == 1 && ["0", "1"].contains(row[0]) && Subset(commonName: row[2]) == nil:
            label = 2
            subset = nil
        case 2:
            let place = others.first { Subset(commonName: row[$0].trimmed) != nil } ?? others[1]
            subset = place
            label = others[0] == place ? others[1] : others[0]
        default: return nil
        }
    }

    /// Determines the columns of a table whose labels are the folders in its paths.
    ///
    /// - Throws: `badData` with the columns if that of the paths is missing or ambiguous.
    init(paths header: [String], _ names: ColumnNames, file: String) throws(Fault) {
        count = header.count
        isExported = false
        path = try Self.column(.path, header, names.path, file)
        label = path
        let subsets = try Self.subset(header, [], names.subset, file)
        subset = subsets.column
        notes = subsets.notes
    }

    /// Determines the columns of such a table without a header; nil if `row` has no image path.
    init?(paths row: [String]) {
        guard let path = row.firstIndex(where: { ImageFormat(fileName: $0) != nil }) else { return nil }
        count = row.count
        isExported = false
        notes = []
        self.path = path
        label = path
        subset = row.indices.first { $0 != path && Subset(commonName: row[$0].trimmed) != nil }
    }

    /// The columns of a table with a column per class, in which `row` has 1 and 0; empty for another table.
    private static func classes(
        _ header: [String], _ row: [String], except others: [Int?]
    ) -> [(column: Int, name: String)] {
        let columns = header.indices.filter { !others.contains($0) && !header[$0].isEmpty }
        let values = columns.map { $0 < row.count ? truth(row[$0]) : nil }
        guard columns.count > 1, values.allSatisfy({ $0 != nil }), values.contains(true) else { return [] }
        return columns.map { ($0, header[$0]) }
    }

    /// The truth of 1 or 0, which tools also write as 1.0 or True; nil for another text.
    static func truth(_ text: String) -> Bool? {
        let text = text.trimmed.lowercased()
        if text == "true" || Double(text) == 1 { return true }
        return text == "false" || Double(text) == 0 ? false : nil
    }

    private static func column(
        _ role: ColumnRole, _ columns: [String], _ name: String?, _ file: String
    ) throws(Fault) -> Int {
        let matches = role.matches(in: columns, named: name)
        if let index = matches.first, matches.count == 1 { return index }
        throw role.fault(file, named: name, matches: matches.map { columns[$0] }, among: columns)
    }

    /// Returns the column of the labels, and a note on another one that has their numbers.
    private static func label(
        _ columns: [String], _ row: [String], _ name: String?, prefersNames: Bool, _ file: String
    ) throws(Fault) -> (column: Int, notes: [String]) {
        let all = ColumnRole.label.allMatches(in: columns)
        let named = all.filter { $0 < row.count && !row[$0].trimmed.isEmpty && Double(row[$0].trimmed) == nil }
        guard name == nil, prefersNames, named.count < all.count else {
            return (try column(.label, columns, name, file), [])
        }
        let common = named.filter { ColumnRole.label.isCommon(columns[$0]) }
        let chosen = common.count == 1 ? common : named
        guard chosen.count == 1 else { return (try column(.label, columns, name, file), []) }
        let others = all.filter { $0 != chosen[0] }.map { "'\(columns[$0])'" }.joined(separator: ", ")
        return (chosen[0], ["labels are from the column '\(columns[chosen[0]])' with names, not from \(others)"])
    }

    /// Returns the column of the subsets, if there is one, and a note on one that is not used.
    private static func subset(
        _ columns: [String], _ row: [String], _ name: String?, _ file: String
    ) throws(Fault) -> (column: Int?, notes: [String]) {
        guard name != nil || !ColumnRole.subset.matches(in: columns, named: nil).isEmpty else { return (nil, []) }
        let index = try column(.subset, columns, name, file)
        // A column 'set' or 'fold' may have other values than subsets.
        guard name == nil, !ColumnRole.subset.isCommon(columns[index]), index < row.count,
            Subset(commonName: row[index].trimmed) == nil
        else { return (index, []) }
        let value = "'\(row[index].trimmed)' is not the name of a subset"
        return (nil, ["the column '\(columns[index])' is not used: \(value)"])
    }
}

extension ColumnNames {
    /// Whether no column is named.
    var areCommon: Bool { path == nil && label == nil && subset == nil }
}
