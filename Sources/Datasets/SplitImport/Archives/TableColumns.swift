internal import Archives
internal import Core

extension SplitImport {
    /// Which parquet files to read, and which of their columns.
    public struct Tables: Sendable {
        public var paths: [String]
        /// The folder that the split's paths lie below; nil for the nearest one above all files.
        public var root: String?
        /// The column of images as bytes; nil for the one that can be meant.
        public var imageColumn: String?
        /// The columns of paths, labels and parts, where their names are not among the usual ones.
        public var columns = ColumnNames()

        public init(paths: [String]) { self.paths = paths }
    }
}

/// Where image, label and part stand in the rows of a parquet file.
struct TableColumns {
    enum Images {
        /// In the table itself; `prefix` comes before a row's number in an item's path.
        case bytes(prefix: String)
        /// In files of their own, whose paths these are.
        case paths(ParquetColumn)
    }

    let images: Images
    let label: ParquetColumn
    let part: ParquetColumn?
    /// The names that labels count, as the file itself gives them.
    let names: [String]?

    init(_ file: ParquetFile, _ tables: SplitImport.Tables) throws(Fault) {
        images = try Self.images(file, tables)
        label = try Self.label(file, tables.columns.label)
        let parts = Self.named(file, tables.columns.part, ColumnNames.usualParts).filter { $0.storage == .bytes }
        guard tables.columns.part == nil || parts.count == 1 else {
            throw Self.fault(file, parts, "split", tables.columns.part)
        }
        part = parts.count == 1 ? parts[0] : nil
        names = file.features?.classNames[label.holderName]
    }

    private static func images(_ file: ParquetFile, _ tables: SplitImport.Tables) throws(Fault) -> Images {
        if tables.columns.path == nil {
            let usual = file.imageColumns()
            if let name = tables.imageColumn {
                let column = try file.imageColumn(named: name)
                // Where nothing else could be meant, the row's number is enough.
                return .bytes(prefix: usual == [column] ? "" : "\(name)/")
            }
            let full = usual.filter { !file.isEmpty($0) }
            if full.count == 1, usual.count == 1 { return .bytes(prefix: "") }
            if !full.isEmpty { _ = try file.imageColumn() }
        }
        let texts = file.columns.filter { $0.storage == .bytes && !$0.isRepeated }
        let found = texts.filter { column in
            tables.columns.path.map { column.name == $0 || column.holderName == $0 }
                ?? (column.isText && ColumnNames.usualPaths.contains(column.holderName.lowercased()))
        }.filter { !file.binaryColumns.contains($0) || $0.name == tables.columns.path }
        guard found.count == 1 else {
            if found.isEmpty, tables.columns.path == nil { _ = try file.imageColumn() }
            throw fault(file, found, "path", tables.columns.path)
        }
        return .paths(found[0])
    }

    private static func label(_ file: ParquetFile, _ name: String?) throws(Fault) -> ParquetColumn {
        let numbered = file.features?.classNames.keys.sorted() ?? []
        var found = named(file, name, ColumnNames.usualLabels)
        if name == nil, found.count != 1, numbered.count == 1 { found = named(file, numbered[0], []) }
        guard found.count == 1 else { throw fault(file, found, "label", name) }
        guard found[0].isLabel else {
            throw .badData(
                file.path,
                found: "\(found[0].isRepeated ? "lists" : "no names or whole numbers") in column '\(found[0].name)'",
                expected: "a label a row", remedy: "name another column with --label-column")
        }
        return found[0]
    }

    private static func named(_ file: ParquetFile, _ name: String?, _ usual: [String]) -> [ParquetColumn] {
        file.columns.filter { column in
            name.map { column.name == $0 } ?? usual.contains(column.name.lowercased())
        }
    }

    private static func fault(
        _ file: ParquetFile, _ found: [ParquetColumn], _ what: String, _ name: String?
    ) -> Fault {
        func list(_ columns: [ParquetColumn]) -> String {
            columns.prefix(20).map { "'\($0.name)'" }.joined(separator: ", ")
        }
        guard found.isEmpty else {
            return .badData(
                file.path, found: "\(found.count) columns for the \(what): \(list(found))", expected: "one",
                remedy: "say which with --\(what)-column")
        }
        return .badData(
            file.path, found: "the columns \(list(file.columns))",
            expected: name.map { "one called '\($0)'" } ?? "one for the \(what)",
            remedy: "say which it is with --\(what)-column")
    }
}
