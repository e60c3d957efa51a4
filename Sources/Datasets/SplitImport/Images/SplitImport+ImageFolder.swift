public import Core
internal import Images
internal import Splits

extension SplitImport {
    /// The split of a folder that Hugging Face's `imagefolder` reads: images, and their labels in `metadata.csv` or
    /// `metadata.jsonl`.
    ///
    /// The table lies at the top, or one in each of the folders `train`, `val` and `test`, and says each image's path
    /// from where it lies in `file_name`.
    ///
    /// - Parameters:
    ///   - path: the folder, which the split's paths lie below.
    ///   - labelColumn: the column, or key, of the labels.
    ///   - settings: what the user chose.
    ///   - progress: told how many files were found.
    /// - Returns: the split, with notes.
    /// - Throws: `badData` where there is no table, or an image in it that there is not.
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

private struct MetadataReader {
    private static let tableNames = ["metadata.csv", "metadata.jsonl"]

    private let path: String
    private let tree: FolderTree
    private let labelColumn: String
    private var items: LabelledItems
    private var inputs: [Input] = []
    private var missing: [String] = []
    private var named: Set<[UInt8]> = []

    init(
        _ path: String, _ tree: FolderTree, labelColumn: String, _ settings: SplitImport.Settings
    ) throws(Fault) {
        (self.path, self.tree, self.labelColumn) = (path, tree, labelColumn)
        items = try LabelledItems(path: path, settings)
        items.assembly.notes = tree.notes
    }

    /// Reads the table at the top, or those in the folders of the parts.
    mutating func readAll() throws(Fault) {
        if try read(tree.files, prefix: "", part: nil) { return }
        var found = false
        for folder in tree.folders {
            guard let part = Subset(usualName: folder.name) else { continue }
            if try read(folder.tree.files, prefix: "\(folder.name)/", part: part) { found = true }
        }
        guard found else {
            throw .badData(
                path, found: "no metadata.csv or metadata.jsonl", expected: "one, here or in train/, val/ and test/",
                remedy: "use 'import folder' where folders are the classes")
        }
    }

    private mutating func read(_ files: [String], prefix: String, part: Subset?) throws(Fault) -> Bool {
        let tables = Self.tableNames.filter { files.place(of: $0, \.self) != nil }
        guard let table = tables.first else { return false }
        guard tables.count == 1 else {
            throw .badData(
                "\(path)/\(prefix)", found: "both metadata.csv and metadata.jsonl", expected: "one of them",
                remedy: "take one away")
        }
        let place = "\(path)/\(prefix)\(table)"
        let file = try MappedFile(path: place)
        inputs.append(Input(role: "metadata", name: prefix + table, digest: Digest(of: file.bytes)))
        if table.hasSuffix(".csv") {
            try readTable(file.bytes, place, prefix, part)
        } else {
            try readLines(file.bytes, place, prefix, part)
        }
        return true
    }

    private mutating func readTable(_ bytes: RawSpan, _ place: String, _ prefix: String, _ part: Subset?) throws(Fault)
    {
        var table = TableReader(path: place, columns: ColumnNames(path: "file_name", label: labelColumn))
        try table.read(bytes, progress: { _, _ throws(Fault) in }) { row, columns, column throws(Fault) in
            try add(
                row[columns.path], label: row[columns.label], prefix, part ?? column, place, line: row.line)
        }
    }

    private mutating func readLines(_ bytes: RawSpan, _ place: String, _ prefix: String, _ part: Subset?) throws(Fault)
    {
        let text = Span<UInt8>(_bytes: bytes)
        var (start, line) = (0, 0)
        while start < text.count {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
            defer { start = end + 1 }
            line += 1
            var first = start
            while first < end, [9, 13, 32].contains(text[first]) { first += 1 }
            guard first < end else { continue }
            let row = try JSONValue(
                bytes.extracting(first ..< end), path: "\(place), line \(line)", expected: "an object a line")
            guard let object = row.object, let name = object["file_name"]?.string else {
                throw .badData(
                    place, found: "no 'file_name' on line \(line)", expected: "an image's path", remedy: "add it")
            }
            let label = object[labelColumn].flatMap { value in value.string ?? value.integer.map { "\($0)" } }
            guard let label else {
                let keys = object.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
                throw .badData(
                    place, found: "no name or number at '\(labelColumn)' on line \(line), of the keys \(keys)",
                    expected: "the image's label", remedy: "say where it is with --label-column")
            }
            try add(Array(name.utf8)[...], label: Array(label.utf8)[...], prefix, part, place, line: line)
        }
    }

    private mutating func add(
        _ name: ArraySlice<UInt8>, label: ArraySlice<UInt8>, _ prefix: String, _ part: Subset?, _ place: String,
        line: Int
    ) throws(Fault) {
        var text = Substring(String(decoding: name, as: UTF8.self))
        while text.hasPrefix("./") { text = text.dropFirst(2) }
        named.insert(Array((prefix + text).utf8))
        if !tree.hasFile(prefix + text) { missing.append(prefix + text) }
        // A table at the top says the part as the first folder of a path, if at all.
        let part = part ?? text.split(separator: "/").first.flatMap { Subset(usualName: $0) }
        try items.add(
            name, prefix: Array(prefix.utf8), label: label, part: part,
            at: "line \(line) of '\(lastComponent(of: place))'")
    }

    consuming func split(_ settings: SplitImport.Settings, dataset: String) throws(Fault) -> ImportedSplit {
        guard missing.isEmpty else {
            throw .badData(
                path, found: "\(listed(missing, "image", "images")) missing that the metadata names",
                expected: "all of them", remedy: "copy them there, or take their lines away")
        }
        let unnamed = tree.paths.filter { path in
            ImageFormat(fileName: lastComponent(of: path)) != nil && !named.contains(Array(path.utf8))
        }
        if !unnamed.isEmpty {
            items.assembly.notes.append(
                "left out: \(listed(unnamed, "image", "images")) that the metadata does not name")
        }
        return try items.split(settings, dataset: dataset, inputs: inputs, record: ["source": "imagefolder"])
    }
}
