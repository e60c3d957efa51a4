internal import Archives
public import Core
internal import Splits

extension SplitImport {
    /// Imports parquet files whose rows contain images, or the paths of images.
    ///
    /// The path of an image in a table is the table's path followed by the row number: `train-00000.parquet/17`. The
    /// subset is taken from a column, or else from the name of the file or its folder.
    ///
    /// - Parameters:
    ///   - tables: the files and their columns.
    ///   - settings: the user's settings.
    ///   - progress: called with the rows read and the total; an error that it throws ends the import.
    /// - Returns: the split, and the folder to which its paths are relative; nil if they are from a column and unknown.
    /// - Throws: `badData` for damaged files, missing columns and invalid labels.
    public static func parquet(
        _ tables: Tables, _ settings: Settings = Settings(),
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> (imported: ImportedSplit, root: String?) {
        let paths = try ShardPaths(tables.paths, root: tables.root)
        guard let first = paths.shards.first else {
            throw Fault(
                .usage, "import parquet", found: "no file", expected: "one or more files", remedy: "give their paths")
        }
        let files = try paths.shards.map { shard throws(Fault) in try ParquetFile(path: shard.path) }
        let columns = try files.map { file throws(Fault) in try TableColumns(file, tables) }
        for (file, other) in zip(files, columns) where !other.agrees(with: columns[0]) {
            throw .badData(
                file.path, found: "other columns or class names than in '\(first.path)'",
                expected: "the same in all files", remedy: "import them separately")
        }
        var items = try LabeledItems(path: first.path, settings, names: columns[0].names)
        let total = files.reduce(0) { $0 + $1.rowCount }
        var done = 0
        for (number, shard) in paths.shards.enumerated() {
            let rows = TableRows(file: files[number], columns: columns[number], name: shard.name, subset: shard.subset)
            try rows.add(to: &items) { count throws(Fault) in
                done += count
                try progress(done, total)
            }
        }
        var hasher = Digest.Hasher()
        for file in files { unsafe hasher.update(Array(file.footerDigest.description.utf8).span.bytes) }
        let imported = try items.split(
            settings, dataset: paths.dataset,
            inputs: [Input(role: "tables", name: paths.dataset, digest: hasher.finish())],
            record: ["source": "parquet", "images": columns[0].images.record])
        return (imported, columns[0].images.areRows ? paths.root : tables.root)
    }
}

/// The items in the rows of a parquet file.
private struct TableRows {
    let file: ParquetFile
    let columns: TableColumns
    /// The file's path below the root.
    let name: String
    let subset: Subset?

    /// Adds all items; `progress` is called with the rows of each finished group.
    func add(to items: inout LabeledItems, progress: (Int) throws(Fault) -> Void) throws(Fault) {
        var first = 0
        for group in 0 ..< file.groupCount {
            let labels = try file.values(columns.label, group: group)
            let subsets = try columns.subset.map { column throws(Fault) in try file.values(column, group: group) }
            var paths: [ParquetValue]?
            if case .paths(let column) = columns.images { paths = try file.values(column, group: group) }
            for row in labels.indices {
                let place = "row \(first + row) of '\(name)'"
                let subset =
                    try subsets.map { subsets throws(Fault) in try self.subset(subsets[row], place) } ?? self.subset
                try items.add(
                    item(paths?[row], first + row), label: text(labels[row])[...], subset: subset, at: place)
            }
            first += labels.count
            try progress(labels.count)
        }
    }

    private func item(_ path: ParquetValue?, _ row: Int) -> ArraySlice<UInt8> {
        switch (columns.images, path) {
        case (.bytes(let prefix), _): Array("\(name)/\(prefix)\(row)".utf8)[...]
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
        case .null, .number: []
        }
    }

    private func subset(_ value: ParquetValue, _ place: String) throws(Fault) -> Subset {
        let name = String(decoding: text(value), as: UTF8.self).trimmed
        guard let subset = Subset(commonName: name) else {
            throw .badData(
                file.path, found: "the subset '\(name.prefix(80))' at \(place)",
                expected: "one of \(Subset.listOfCommonNames)", remedy: "correct the table")
        }
        return subset
    }
}

extension TableColumns.Images {
    var areRows: Bool { if case .bytes = self { true } else { false } }
    /// The images in the provenance.
    var record: String {
        switch self {
        case .bytes: "rows"
        case .paths(let column): column.name
        }
    }
}

extension TableColumns {
    /// Whether the rows have the same meaning as those of another file.
    func agrees(with other: TableColumns) -> Bool {
        names == other.names && label.name == other.label.name && subset?.name == other.subset?.name
            && images.areRows == other.images.areRows && images.record == other.images.record
    }
}
