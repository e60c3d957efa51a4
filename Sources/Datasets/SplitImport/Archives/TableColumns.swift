internal import Archives
internal import Core

extension SplitImport {
    /// The parquet files to import and their columns.
    public struct Tables: Sendable {
        /// The paths of the files.
        public var paths: [String]
        /// The folder to which the split's paths are relative; nil for the nearest one above all files.
        public var root: String?
        /// The column of encoded images; nil for the only such column.
        public var imageColumn: String?
        /// The columns of paths, labels and subsets.
        public var columns = ColumnNames()

        /// Files with default columns.
        public init(paths: [String]) { self.paths = paths }
    }
}

/// The columns of images, labels and subsets in a parquet file.
struct TableColumns {
    enum Images {
        /// Images in the table itself; `prefix` comes before a row's number in an item's path.
        case bytes(prefix: String)
        /// Images in files, at the paths in a column.
        case paths(ParquetColumn)
    }

    let images: Images
    let label: ParquetColumn
    let subset: ParquetColumn?
    /// The file's own class names, into which labels are indices.
    let names: [String]?

    init(_ file: ParquetFile, _ tables: SplitImport.Tables) throws(Fault) {
        images = try Self.images(file, tables)
        label = try Self.label(file, tables.columns.label)
        let subsets = Self.named(file, tables.columns.subset, ColumnNames.commonSubsets).filter { $0.storage == .bytes }
        guard tables.columns.subset == nil || subsets.count == 1 else {
            throw Self.fault(file, subsets, "split", tables.columns.subset)
        }
        subset = subsets.count == 1 ? subsets[0] : nil
        names = file.features?.classNames[label.holderName]
    }

    private static func images(_ file: ParquetFile, _ tables: SplitImport.Tables) throws(Fault) -> Images {
        if tables.columns.path == nil {
            let candidates = file.imageColumns()
            if let name = tables.imageColumn {
                let column = try file.imageColumn(named: name)
                // The row number is unambiguous if there is no other image column.
                return .bytes(prefix: candidates == [column] ? "" : "\(name)/")
            }
            let full = candidates.filter { !file.isEmpty($0) }
            if full.count == 1, candidates.count == 1 { return .bytes(prefix: "") }
            if !full.isEmpty { _ = try file.imageColumn() }
        }
        let texts = file.columns.filter { $0.storage == .bytes && !$0.isRepeated }
        let found = texts.filter { column in
            tables.columns.path.map { column.name == $0 || column.holderName == $0 }
                ?? (column.isText && ColumnNames.commonPaths.contains(column.holderName.lowercased()))
        }.filter { !file.binaryColumns.contains($0) || $0.name == tables.columns.path }
        guard found.count == 1 else {
            if found.isEmpty, tables.columns.path == nil { _ = try file.imageColumn() }
            throw fault(file, found, "path", tables.columns.path)
        }
        return .paths(found[0])
    }

    private static func label(_ file: ParquetFile, _ name: String?) throws(Fault) -> ParquetColumn {
        let numbered = file.features?.classNames.keys.sorted() ?? []
        var found = named(file, name, ColumnNames.commonLabels)
        if name == nil, found.count != 1, numbered.count == 1 { found = named(file, numbered[0], []) }
        guard found.count == 1 else { throw fault(file, found, "label", name) }
        guard found[0].isLabel else {
            throw .badData(
                file.path,
                found: "\(found[0].isRepeated ? "lists" : "neither names nor integers") in column '\(found[0].name)'",
                expected: "one label per row", remedy: "name another column with --label-column")
        }
        return found[0]
    }

    private static func named(_ file: ParquetFile, _ name: String?, _ common: [String]) -> [ParquetColumn] {
        file.columns.filter { column in
            name.map { column.name == $0 } ?? common.contains(column.name.lowercased())
        }
    }

    private static func fault(
        _ file: ParquetFile, _ found: [ParquetColumn], _ role: String, _ name: String?
    ) -> Fault {
        ColumnNames.fault(
            file.path, role, named: name, matches: found.map(\.name), among: file.columns.map(\.name))
    }
}
