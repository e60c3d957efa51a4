public import Core
internal import Images
internal import Splits

extension SplitImport {
    /// Imports a folder for Hugging Face's `imagefolder`: images with labels in `metadata.csv` or `metadata.jsonl`.
    ///
    /// The table is at the top, or there is one in each of the folders `train`, `val` and `test`. Its column
    /// `file_name` has the images' paths, relative to the table.
    ///
    /// - Parameters:
    ///   - path: the folder, to which the split's paths are relative.
    ///   - labelColumn: the column or key of the labels.
    ///   - settings: the user's settings.
    ///   - progress: called with the number of files found; an error that it throws ends the import.
    /// - Returns: the split, with notes.
    /// - Throws: `badData` if there is no table, or if an image is missing.
    public static func imageFolder(
        _ path: String, labelColumn: String = "label", _ settings: Settings = Settings(),
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> ImportedSplit {
        let tree = try FolderTree.walking(path, progress: progress)
        var reader = try MetadataReader(path, tree, labelColumn: labelColumn, settings)
        try reader.readAll()
        return try reader.split(settings, dataset: datasetName(folder: path))
    }
}

/// The reader of the metadata tables of one folder.
private struct MetadataReader {
    private static let tableNames = ["metadata.csv", "metadata.jsonl"]

    private let path: String
    private let tree: FolderTree
    private let labelColumn: String
    private var items: LabeledItems
    private var inputs: [Input] = []
    private var missing: [String] = []
    private var named: Set<[UInt8]> = []

    init(
        _ path: String, _ tree: FolderTree, labelColumn: String, _ settings: SplitImport.Settings
    ) throws(Fault) {
        self.path = path
        self.tree = tree
        self.labelColumn = labelColumn
        items = try LabeledItems(path: path, settings)
        items.assembly.notes = tree.notes
    }

    /// Reads the table at the top, or those in the folders of the subsets.
    mutating func readAll() throws(Fault) {
        if try read(tree.files, prefix: "", subset: nil) { return }
        var found = false
        for folder in tree.folders {
            guard let subset = Subset(commonName: folder.name) else { continue }
            if try read(folder.tree.files, prefix: "\(folder.name)/", subset: subset) { found = true }
        }
        guard found else {
            throw .badData(
                path, found: "no metadata.csv or metadata.jsonl",
                expected: "one, at the top or in train/, val/ and test/",
                remedy: "use 'import folder' if the folders are the classes")
        }
    }

    private mutating func read(_ files: [String], prefix: String, subset: Subset?) throws(Fault) -> Bool {
        let tables = Self.tableNames.filter { files.index(ofName: $0, \.self) != nil }
        guard let table = tables.first else { return false }
        guard tables.count == 1 else {
            throw .badData(
                "\(path)/\(prefix)", found: "both metadata.csv and metadata.jsonl", expected: "one of them",
                remedy: "remove one")
        }
        let place = "\(path)/\(prefix)\(table)"
        let file = try MappedFile(path: place)
        inputs.append(Input(role: "metadata", name: prefix + table, digest: Digest(of: file.bytes)))
        if table.hasSuffix(".csv") {
            try readTable(file.bytes, place, prefix, subset)
        } else {
            try readLines(file.bytes, place, prefix, subset)
        }
        return true
    }

    private mutating func readTable(_ bytes: RawSpan, _ place: String, _ prefix: String, _ subset: Subset?)
        throws(Fault)
    {
        var table = TableReader(path: place, columns: ColumnNames(path: "file_name", label: labelColumn))
        try table.read(bytes, progress: { _, _ throws(Fault) in }) { row, columns, column throws(Fault) in
            try add(
                row[columns.path], label: row[columns.label], prefix, subset ?? column, place, line: row.line)
        }
    }

    private mutating func readLines(_ bytes: RawSpan, _ place: String, _ prefix: String, _ subset: Subset?)
        throws(Fault)
    {
        let text = Span<UInt8>(_bytes: bytes)
        var start = 0
        var line = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
            defer { start = end + 1 }
            line += 1
            var first = start
            while first < end, [9, 13, 32].contains(text[first]) { first += 1 }
            guard first < end else { continue }
            let row = try JSONValue(
                bytes.extracting(first ..< end), path: "\(place), line \(line)", expected: "one object per line")
            guard let object = row.object, let name = object["file_name"]?.string else {
                throw .badData(
                    place, found: "no 'file_name' on line \(line)", expected: "an image path", remedy: "add the path")
            }
            let label = object[labelColumn].flatMap { value in value.string ?? value.integer.map { "\($0)" } }
            guard let label else {
                let keys = object.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
                throw .badData(
                    place, found: "no name or number at '\(labelColumn)' on line \(line), of the keys \(keys)",
                    expected: "the image's label", remedy: "name the key with --label-column")
            }
            try add(Array(name.utf8)[...], label: Array(label.utf8)[...], prefix, subset, place, line: line)
        }
    }

    private mutating func add(
        _ name: ArraySlice<UInt8>, label: ArraySlice<UInt8>, _ prefix: String, _ subset: Subset?, _ place: String,
        line: Int
    ) throws(Fault) {
        var text = Substring(String(decoding: name, as: UTF8.self))
        while text.hasPrefix("./") { text = text.dropFirst(2) }
        named.insert(Array((prefix + text).utf8))
        if !tree.hasFile(prefix + text) { missing.append(prefix + text) }
        // In a table at the top, the first folder of a path may be the subset.
        let subset = subset ?? text.split(separator: "/").first.flatMap { Subset(commonName: $0) }
        try items.add(
            name, prefix: Array(prefix.utf8), label: label, subset: subset,
            at: "line \(line) of '\(lastComponent(of: place))'")
    }

    consuming func split(_ settings: SplitImport.Settings, dataset: String) throws(Fault) -> ImportedSplit {
        guard missing.isEmpty else {
            throw .badData(
                path, found: "\(listed(missing, "image", "images")) missing",
                expected: "all images that the metadata lists", remedy: "copy them, or remove their lines")
        }
        let unnamed = tree.paths.filter { path in
            ImageFormat(fileName: lastComponent(of: path)) != nil && !named.contains(Array(path.utf8))
        }
        if !unnamed.isEmpty {
            items.assembly.notes.append(
                "left out: \(listed(unnamed, "image", "images")) that the metadata does not list")
        }
        return try items.split(settings, dataset: dataset, inputs: inputs, record: ["source": "imagefolder"])
    }
}
