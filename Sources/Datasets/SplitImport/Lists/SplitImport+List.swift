public import Core
internal import Splits

extension SplitImport {
    /// Imports a list: a table with one path and label per row, and optionally the subset, or JSON of a labeling tool.
    ///
    /// Columns are separated by commas, semicolons, tabs or spaces. An exported split is read back with its labels and
    /// class names. `progress` receives the KiB read and the total.
    ///
    /// - Throws: `badData` with the invalid line.
    public static func list(
        _ path: String, _ settings: Settings = Settings(), progress: Progress = { _, _ in }
    ) throws(Fault) -> ImportedSplit {
        try ForeignFile(at: path)?.refuse(path)
        let file = try TextFile(path: path)
        let name = lastComponent(of: path).prefix { $0 != "." }
        let input = Input(role: "list", name: lastComponent(of: path), digest: file.digest)
        var reader = ListReader(path, settings)
        var items = try reader.isJSON(file) ? reader.json(file, progress) : reader.table(file, progress)
        items.assembly.notes += reader.notes
        return try items.split(
            dataset: name.isEmpty ? "images" : String(name), inputs: [input], record: ["source": "list"])
    }
}

/// The reader of a list of one of several kinds.
private struct ListReader {
    let path: String
    let settings: SplitImport.Settings
    private var paths: ListPaths
    private(set) var notes: [String] = []

    init(_ path: String, _ settings: SplitImport.Settings) {
        self.path = path
        self.settings = settings
        paths = ListPaths(list: path, root: settings.root, removedPrefix: settings.removedPrefix)
    }

    /// Whether the text starts like a JSON object or list, or the file is named so.
    func isJSON(_ file: borrowing TextFile) -> Bool {
        let text = file.utf8
        let first = (0 ..< text.count).first { ![9, 10, 13, 32].contains(text[$0]) }.map { text[$0] }
        return [".json", ".jsonl", ".ndjson"].contains(where: path.lowercased().hasSuffix)
            || first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    mutating func table(_ file: borrowing TextFile, _ progress: SplitImport.Progress) throws(Fault) -> LabeledItems {
        var items = try LabeledItems(path: path, root: settings.root, settings)
        items.begin { "line \($0)" }
        var table = TableReader(path: path, names: settings.columns, prefersNames: settings.classes == nil)
        table.needsLabels = settings.labels != .folder
        try table.read(file, progress: progress) { row, columns, subset throws(Fault) in
            if columns.isExported, settings.classes == nil {
                try items.add(
                    row[columns.path], label: row[columns.label], name: row[ListColumns.exportedClass],
                    subset: subset, number: row.line)
                return
            }
            let item = try paths.relative(row[columns.path], at: "line \(row.line)")
            for label in try labels(of: item, row, columns) {
                try items.add(item, label: label, subset: subset, number: row.line)
            }
        }
        notes += (table.columns?.notes ?? []) + paths.notes
        return items
    }

    /// The labels of the image `item` in `row`; an empty one for none.
    private func labels(
        of item: ArraySlice<UInt8>, _ row: borrowing CSVRow, _ columns: ListColumns
    ) throws(Fault) -> [ArraySlice<UInt8>] {
        if settings.labels == .folder {
            let folders = item.split(separator: UInt8(ascii: "/")).dropLast()
            guard let folder = folders.last else {
                throw .badData(
                    path, found: "a path without a folder on line \(row.line)", expected: "class/image",
                    remedy: "use a list with labels")
            }
            return [folder]
        }
        guard !columns.classes.isEmpty else { return [row[columns.label]] }
        var labels: [ArraySlice<UInt8>] = []
        for (column, name) in columns.classes {
            let text = row.text(column)
            guard let isClass = ListColumns.truth(text) else {
                throw .badData(
                    path, found: "'\(text.prefix(80))' in the column '\(name)' on line \(row.line)",
                    expected: "1 or 0, as on the first line", remedy: "correct the line")
            }
            if isClass { labels.append(Array(name.utf8)[...]) }
        }
        return labels.isEmpty ? [[]] : labels
    }

    mutating func json(_ file: borrowing TextFile, _ progress: SplitImport.Progress) throws(Fault) -> LabeledItems {
        let listing = try JSONListing(file, settings)
        var items = try LabeledItems(
            path: path, root: settings.root ?? parentFolder(of: path), settings, names: listing.classes)
        items.begin { listing.items[$0].place }
        for (number, item) in listing.items.enumerated() {
            try items.add(
                paths.relative(Array(item.path.utf8)[...], at: item.place),
                label: Array((item.label ?? "").utf8)[...], subset: item.subset, number: number)
        }
        try progress(file.byteCount >> 10, file.byteCount >> 10)
        notes += listing.notes + paths.notes
        return items
    }
}
