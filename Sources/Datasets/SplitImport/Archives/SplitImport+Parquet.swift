internal import Archives
public import Core
internal import Splits

extension SplitImport {
    /// Imports parquet files whose rows contain images, or the paths of images.
    ///
    /// The path of an image in a table is the table's path followed by the row number: `train-00000.parquet/17`. The
    /// subset is taken from a column, or else from the name of the file or its folder. `progress` receives the rows
    /// read and the total.
    ///
    /// - Throws: `badData` for damaged files, missing columns and invalid labels.
    public static func parquet(
        _ tables: [String], _ settings: Settings = Settings(), progress: Progress = { _, _ in }
    ) throws(Fault) -> ImportedSplit {
        let paths = try ShardPaths(tables, root: settings.root)
        guard let first = paths.shards.first else {
            throw Fault(
                .usage, "import parquet", found: "no file", expected: "one or more files", remedy: "give their paths")
        }
        let files = try paths.shards.map { shard throws(Fault) in try ParquetFile(path: shard.path) }
        let columns = try files.map { file throws(Fault) in try TableColumns(file, settings.columns) }
        for (file, other) in zip(files, columns) where !other.agrees(with: columns[0]) {
            throw .badData(
                file.path, found: "other columns or class names than in '\(first.path)'",
                expected: "the same in all files", remedy: "import them separately")
        }
        let root = columns[0].images.areRows ? paths.root : settings.root
        var items = try LabeledItems(path: first.path, root: root, settings, names: columns[0].classNames)
        let total = files.reduce(0) { $0 + $1.rowCount }
        var done = 0
        var listed = ListPaths(list: first.path, root: settings.root)
        for (number, shard) in paths.shards.enumerated() {
            let rows = TableRows(file: files[number], columns: columns[number], name: shard.name, subset: shard.subset)
            try rows.add(to: &items, &listed) { count throws(Fault) in
                done += count
                try progress(done, total)
            }
        }
        items.assembly.notes += listed.notes
        var hasher = Digest.Hasher()
        for file in files { unsafe hasher.update(Array(file.footerDigest.description.utf8).span.bytes) }
        return try items.split(
            dataset: paths.dataset,
            inputs: [Input(role: "tables", name: paths.dataset, digest: hasher.finish())],
            record: ["source": "parquet", "images": columns[0].images.record])
    }
}

/// The items in the rows of a parquet file.
private struct TableRows {
    let file: ParquetFile
    let columns: TableColumns
    /// The file's path below the root.
    let name: String
    let subset: Subset?

    /// Adds all items, with paths in a column as `listed` makes them relative.
    ///
    /// `progress` is called with the rows of each finished group.
    func add(
        to items: inout LabeledItems, _ listed: inout ListPaths, progress: (Int) throws(Fault) -> Void
    ) throws(Fault) {
        var first = 0
        items.begin { [name] in "row \($0) of '\(name)'" }
        for group in 0 ..< file.groupCount {
            let labels = try file.values(columns.label, group: group)
            let subsets = try columns.subset.map { column throws(Fault) in try file.values(column, group: group) }
            var paths: [ParquetValue]?
            if case .paths(let column) = columns.images { paths = try file.values(column, group: group) }
            for row in labels.indices {
                let subset =
                    try subsets.map { subsets throws(Fault) in
                        try Subset(
                            text(subsets[row]), in: file.path, "at row \(first + row) of '\(name)'",
                            remedy: "correct the table")
                    } ?? self.subset
                var path = item(paths?[row], first + row)
                if paths != nil { path = try listed.relative(path, at: "row \(first + row) of '\(name)'") }
                try items.add(path, label: text(labels[row])[...], subset: subset, number: first + row)
            }
            first += labels.count
            try progress(labels.count)
        }
    }

    private func item(_ path: ParquetValue?, _ row: Int) -> ArraySlice<UInt8> {
        switch (columns.images, path) {
        case (.bytes(let prefix), _): Array(name.appending(path: "\(prefix)\(row)").utf8)[...]
        case (.paths, .bytes(let path)?): path
        case (.paths, _): []
        }
    }

    /// The label in UTF-8; empty if there is none.
    private func text(_ value: ParquetValue) -> [UInt8] {
        switch value {
        case .bytes(let text): Array(String(decoding: text, as: UTF8.self).utf8)
        case .integer(let number): Array("\(number)".utf8)
        case .truth(let truth): Array("\(truth)".utf8)
        case .number(let number): Array("\(number)".utf8)
        case .null: []
        }
    }
}

/// The columns of images, labels and subsets in a parquet file.
private struct TableColumns {
    enum Images {
        /// Images in the table itself; `prefix` comes before a row's number in an item's path.
        case bytes(prefix: String)
        /// Images in files, at the paths in a column.
        case paths(ParquetColumn)

        var areRows: Bool { if case .bytes = self { true } else { false } }

        /// The images in the provenance.
        var record: String {
            switch self {
            case .bytes: "rows"
            case .paths(let column): column.name
            }
        }
    }

    let images: Images
    let label: ParquetColumn
    let subset: ParquetColumn?
    /// The file's own class names, into which labels are indices.
    let classNames: [String]?

    init(_ file: ParquetFile, _ names: ColumnNames) throws(Fault) {
        images = try Self.images(file, names)
        label = try Self.label(file, names.label)
        let subsets = Self.matches(.subset, file, names.subset).filter { $0.storage == .bytes }
        guard names.subset == nil || subsets.count == 1 else {
            throw Self.fault(.subset, file, subsets, names.subset)
        }
        subset = subsets.count == 1 ? subsets[0] : nil
        classNames = file.features?.classNames[label.holderName]
    }

    /// Whether the rows have the same meaning as those of another file.
    func agrees(with other: TableColumns) -> Bool {
        classNames == other.classNames && label.name == other.label.name && subset?.name == other.subset?.name
            && images.areRows == other.images.areRows && images.record == other.images.record
    }

    private static func images(_ file: ParquetFile, _ names: ColumnNames) throws(Fault) -> Images {
        if names.path == nil {
            let candidates = file.imageColumns()
            if let name = names.image {
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
            names.path.map { column.name == $0 || column.holderName == $0 }
                ?? (column.isText && ColumnRole.path.isCommon(column.holderName))
        }.filter { !file.binaryColumns.contains($0) || $0.name == names.path }
        guard found.count == 1 else {
            if found.isEmpty, names.path == nil { _ = try file.imageColumn() }
            throw fault(.path, file, found, names.path)
        }
        return .paths(found[0])
    }

    private static func label(_ file: ParquetFile, _ name: String?) throws(Fault) -> ParquetColumn {
        let numbered = file.features?.classNames.keys.sorted() ?? []
        var found = matches(.label, file, name)
        if name == nil, found.count != 1, numbered.count == 1 { found = matches(.label, file, numbered[0]) }
        guard found.count == 1 else { throw fault(.label, file, found, name) }
        guard found[0].isLabel else {
            throw .badData(
                file.path,
                found: "\(found[0].isRepeated ? "lists" : "neither names nor numbers") in column '\(found[0].name)'",
                expected: "one label per row", remedy: "name another column with \(option: "label_column")")
        }
        return found[0]
    }

    private static func matches(_ role: ColumnRole, _ file: ParquetFile, _ name: String?) -> [ParquetColumn] {
        role.matches(in: file.columns.map(\.name), named: name).map { file.columns[$0] }
    }

    private static func fault(
        _ role: ColumnRole, _ file: ParquetFile, _ found: [ParquetColumn], _ name: String?
    ) -> Fault {
        role.fault(file.path, named: name, matches: found.map(\.name), among: file.columns.map(\.name))
    }
}
