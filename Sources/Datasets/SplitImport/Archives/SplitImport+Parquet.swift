internal import Archives
public import Core
internal import Splits

extension SplitImport {
    /// The split of parquet files: of their rows, where images lie in them as bytes, or of the files that a column of paths names.
    ///
    /// An image that lies in the table has the table's path and, below it, the row's number: `train-00000.parquet/17`.
    /// Files with train, val or test in their names, or in folders of that name, are these parts, unless a column says
    /// the part.
    ///
    /// - Parameters:
    ///   - tables: the files, and which columns to read.
    ///   - settings: what the user chose.
    ///   - progress: told how many rows were read of how many.
    /// - Returns: the split, and the folder that its paths lie below; nil where the paths of a column do not tell.
    /// - Throws: `badData` for files that are damaged or hold no such columns, and labels that cannot be used.
    public static func parquet(
        _ tables: Tables, _ settings: Settings = Settings(),
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> (imported: ImportedSplit, root: String?) {
        let paths = try ShardPaths(tables.paths, root: tables.root)
        guard let first = paths.shards.first else {
            throw Fault(.usage, "import parquet", found: "no file", expected: "one or more", remedy: "name them")
        }
        let files = try paths.shards.map { shard throws(Fault) in try ParquetFile(path: shard.path) }
        let columns = try files.map { file throws(Fault) in try TableColumns(file, tables) }
        for (file, other) in zip(files, columns) where !other.agrees(with: columns[0]) {
            throw .badData(
                file.path, found: "other columns or class names than in '\(first.path)'",
                expected: "the same in all files",
                remedy: "import them on their own")
        }
        var items = try LabelledItems(path: first.path, settings, names: columns[0].names)
        let total = files.reduce(0) { $0 + $1.rowCount }
        var done = 0
        for (number, shard) in paths.shards.enumerated() {
            let rows = TableRows(file: files[number], columns: columns[number], name: shard.name, part: shard.part)
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

/// The rows of a parquet file as items.
private struct TableRows {
    let file: ParquetFile
    let columns: TableColumns
    /// The file's path below the root.
    let name: String
    let part: Subset?

    /// Adds all of them; `progress` is told of rows as they are done.
    func add(to items: inout LabelledItems, progress: (Int) throws(Fault) -> Void) throws(Fault) {
        var first = 0
        for group in 0 ..< file.groupCount {
            let labels = try file.values(columns.label, group: group)
            let parts = try columns.part.map { column throws(Fault) in try file.values(column, group: group) }
            var paths: [ParquetValue]?
            if case .paths(let column) = columns.images { paths = try file.values(column, group: group) }
            for row in labels.indices {
                let place = "row \(first + row) of '\(name)'"
                let part = try parts.map { parts throws(Fault) in try self.part(parts[row], place) } ?? self.part
                try items.add(
                    item(paths?[row], first + row), label: text(labels[row])[...], part: part, at: place)
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

    /// A label in UTF-8; empty for none.
    private func text(_ value: ParquetValue) -> [UInt8] {
        switch value {
        case .bytes(let text): Array(String(decoding: text, as: UTF8.self).utf8)
        case .integer(let number): Array("\(number)".utf8)
        case .truth(let truth): Array("\(truth)".utf8)
        case .null, .number: []
        }
    }

    private func part(_ value: ParquetValue, _ place: String) throws(Fault) -> Subset {
        let name = String(decoding: text(value), as: UTF8.self).trimmed
        guard let part = Subset(usualName: name) else {
            throw .badData(
                file.path, found: "the part '\(name.prefix(80))' at \(place)",
                expected: "one of \(Subset.listOfUsualNames)", remedy: "correct the table")
        }
        return part
    }
}

extension TableColumns.Images {
    var areRows: Bool { if case .bytes = self { true } else { false } }
    /// What provenance says of them.
    var record: String {
        switch self {
        case .bytes: "rows"
        case .paths(let column): column.name
        }
    }
}

extension TableColumns {
    /// Whether rows mean the same as in another file.
    func agrees(with other: TableColumns) -> Bool {
        names == other.names && label.name == other.label.name && part?.name == other.part?.name
            && images.areRows == other.images.areRows && images.record == other.images.record
    }
}
