public import Core
internal import Images
internal import Splits

extension SplitImport {
    /// Imports a folder for Hugging Face's `imagefolder`: images with labels in `metadata.csv` or `metadata.jsonl`.
    ///
    /// The table is at the top, or there is one in each of the folders `train`, `val` and `test`. Its column
    /// `file_name` has the images' paths, relative to the table; the column of the labels is `label` by default.
    /// `progress` receives the number of files found.
    ///
    /// - Throws: `badData` if there is no table, or if an image is missing.
    public static func imageFolder(
        _ path: String, _ settings: Settings = Settings(), progress: Progress = { _, _ in }
    ) throws(Fault) -> ImportedSplit {
        let tree = try FolderTree.walking(path, progress: progress)
        var reader = try MetadataReader(path, tree, settings)
        try reader.readAll()
        return try reader.split(dataset: datasetName(folder: path))
    }
}

/// The reader of the metadata tables of one folder.
private struct MetadataReader {
    /// A metadata table, in the folder `prefix`, which ends in `/` or is empty.
    private struct Table {
        let path: String
        let prefix: String
        let subset: Subset?
    }

    private let path: String
    private let tree: FolderTree
    private let paths: Set<[UInt8]>
    private let labelColumn: String
    private var items: LabeledItems
    private var inputs: [Input] = []
    private var missing: [String] = []
    private var named: Set<[UInt8]> = []

    init(_ path: String, _ tree: FolderTree, _ settings: SplitImport.Settings) throws(Fault) {
        self.path = path
        self.tree = tree
        paths = Set(tree.paths.map { Array($0.utf8) })
        labelColumn = settings.columns.label ?? "label"
        items = try LabeledItems(path: path, root: path, settings)
        items.assembly.notes = tree.notes
    }

    /// Reads the table at the top, or those in the folders of the subsets.
    mutating func readAll() throws(Fault) {
        if try read(tree.files, prefix: "", subset: nil) { return }
        var found = false
        for folder in tree.folders {
            guard let subset = Subset(folderName: folder.name) else { continue }
            if try read(folder.tree.files, prefix: "\(folder.name)/", subset: subset) { found = true }
        }
        guard found else {
            throw .badData(
                path, found: "no metadata.csv or metadata.jsonl",
                expected: "one, at the top or in train/, val/ and test/",
                remedy: "\(action: .importFolder) if the folders are the classes")
        }
    }

    private mutating func read(_ files: [String], prefix: String, subset: Subset?) throws(Fault) -> Bool {
        let names = ["metadata.csv", "metadata.jsonl"].filter { files.index(ofName: $0, \.self) != nil }
        guard let name = names.first else { return false }
        guard names.count == 1 else {
            throw .badData(
                path.appending(path: prefix), found: "both metadata.csv and metadata.jsonl", expected: "one of them",
                remedy: "remove one")
        }
        let table = Table(path: path.appending(path: "\(prefix)\(name)"), prefix: prefix, subset: subset)
        let file = try TextFile(path: table.path)
        inputs.append(Input(role: "metadata", name: prefix + name, digest: file.digest))
        items.begin { "line \($0) of '\(name)'" }
        if name.hasSuffix(".jsonl") {
            try readLines(file.bytes, table)
        } else {
            var reader = TableReader(path: table.path, names: ColumnNames(path: "file_name", label: labelColumn))
            try reader.read(file, progress: { _, _ in }) { row, columns, subset throws(Fault) in
                try add(row[columns.path], label: row[columns.label], subset: subset, table, line: row.line)
            }
        }
        return true
    }

    private mutating func readLines(_ bytes: RawSpan, _ table: Table) throws(Fault) {
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
                bytes.extracting(first ..< end), path: "\(table.path), line \(line)",
                expected: "one object per line")
            guard let object = row.object, let name = object["file_name"]?.string else {
                throw .badData(
                    table.path, found: "no 'file_name' on line \(line)", expected: "an image path",
                    remedy: "add the path")
            }
            guard let labels = object[labelColumn]?.labels, !labels.isEmpty else {
                let keys = object.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
                throw .badData(
                    table.path, found: "no name or number at '\(labelColumn)' on line \(line), of the keys \(keys)",
                    expected: "the image's label", remedy: "name the key with \(option: "label_column")")
            }
            for label in labels {
                try add(Array(name.utf8)[...], label: Array(label.utf8)[...], subset: nil, table, line: line)
            }
        }
    }

    private mutating func add(
        _ name: ArraySlice<UInt8>, label: ArraySlice<UInt8>, subset: Subset?, _ table: Table, line: Int
    ) throws(Fault) {
        var text = Substring(String(decoding: name, as: UTF8.self))
        while text.hasPrefix("./") { text = text.dropFirst(2) }
        let path = table.prefix + text
        named.insert(Array(path.utf8))
        if !paths.contains(Array(path.utf8)) { missing.append(path) }
        // In a table at the top, the first folder of a path may be the subset.
        let folderSubset = text.split(separator: "/").first.flatMap { Subset(folderName: String($0)) }
        try items.add(
            name, prefix: Array(table.prefix.utf8), label: label, subset: table.subset ?? subset ?? folderSubset,
            number: line)
    }

    consuming func split(dataset: String) throws(Fault) -> ImportedSplit {
        guard missing.isEmpty else {
            throw .badData(
                path, found: "\(listed(missing, "image", "images")) missing",
                expected: "all images that the metadata lists", remedy: "copy them, or remove their lines")
        }
        let unnamed = tree.paths.filter { path in
            ImageFormat(fileName: lastComponent(of: path)) != nil && !named.contains(Array(path.utf8))
        }
        items.assembly.note(unnamed, "image", "images") { "left out: \($0) that the metadata does not list" }
        return try items.split(dataset: dataset, inputs: inputs, record: ["source": "imagefolder"])
    }
}
