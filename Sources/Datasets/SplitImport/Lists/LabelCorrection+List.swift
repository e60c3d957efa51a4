public import Core
public import Splits

extension LabelCorrection {
    /// Reads a list of corrections: a CSV or TSV table with one path and class per row; other columns are ignored.
    ///
    /// - Throws: `badData` with the invalid line.
    public static func list(_ path: String, columns: ColumnNames = ColumnNames()) throws(Fault) -> [LabelCorrection] {
        let file = try TextFile(path: path)
        var corrections: [LabelCorrection] = []
        var table = TableReader(path: path, names: columns, prefersNames: true)
        let none: SplitImport.Progress = { (_, _) throws(Fault) in }
        try table.read(file, progress: none) { row, columns, _ throws(Fault) in
            let name = row.text(columns.isExported ? ListColumns.exportedClass : columns.label).trimmed
            guard !name.isEmpty else {
                throw .badData(
                    path, found: "no label on line \(row.line)", expected: "a class for each item",
                    remedy: "add the label, or leave out the line")
            }
            corrections.append(
                LabelCorrection(path: row.text(columns.path), className: name, place: "\(path), line \(row.line)"))
        }
        return corrections
    }
}
