internal import Core
internal import Images
internal import Splits

/// The input of a rule: annotation files, and the listing of the images.
struct RawData {
    /// The path of the data set's folder.
    let folder: String
    /// The listing of the folder that the rule requested.
    let images: FolderTree
    /// The name of the listing in error messages.
    let imagesName: String
    /// The annotation files read, for the provenance.
    private(set) var inputs: [Input] = []
    private(set) var notes: [String] = []
    private(set) var leftOut: [String] = []

    func path(_ name: String) -> String { folder.appending(path: name) }

    /// One line of a text file, without white space at both ends.
    struct Line {
        let number: Int
        let text: String

        /// The words between single spaces.
        var words: [Substring] { text.split(separator: " ", omittingEmptySubsequences: false) }
    }

    /// The lines of the text file `name` that are not empty; the file is in ``folder`` unless another one is given.
    mutating func lines(_ name: String, in other: String? = nil) throws(Fault) -> [Line] {
        let path = (other ?? folder).appending(path: name)
        let file = try TextFile(path: path)
        inputs.append(Input(role: "annotations", name: lastComponent(of: path), digest: file.digest))
        let text = try file.string()
        var lines: [Line] = []
        for (number, line) in text.utf8.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            let trimmed = String(Substring(line)).trimmed
            if !trimmed.isEmpty { lines.append(Line(number: number + 1, text: trimmed)) }
        }
        return lines
    }

    /// The items of the lines of the text file `name`; `item` returns nil for a line other than the `expected` one.
    mutating func items(
        _ name: String, expected: String, _ item: (Line) -> (path: String, label: Int)?
    ) throws(Fault) -> ItemList {
        var items = ItemList()
        for line in try lines(name) {
            guard let item = item(line) else { throw invalid(name, line, expected: expected) }
            items.append(item.path, label: item.label)
        }
        return items
    }

    /// The images in class folders, whose paths in the listing start with `prefix`; a folder's position is its label.
    mutating func items(in folders: [FolderTree.Folder], prefix: String = "") -> ItemList {
        var items = ItemList()
        for (label, folder) in folders.enumerated() {
            let path = prefix + folder.name
            for name in imageNames(folder.tree, at: path) { items.append(path.appending(path: name), label: label) }
        }
        return items
    }

    /// Opens the MATLAB file `name` and passes it to `read`.
    mutating func mat<Value>(
        _ name: String, _ read: (borrowing MatFile) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        let file = try MatFile(path: path(name))
        inputs.append(Input(role: "annotations", name: lastComponent(of: name), digest: file.digest))
        return try read(file)
    }

    /// Reads the JSON file `name`.
    mutating func json(_ name: String, expected: String) throws(Fault) -> JSONValue {
        let file = try TextFile(path: path(name))
        inputs.append(Input(role: "annotations", name: lastComponent(of: name), digest: file.digest))
        return try JSONValue(file.bytes, path: path(name), expected: expected)
    }

    mutating func note(_ text: String) { notes.append(text) }

    /// The suffixes of files that are found beside images; an unknown suffix may be that of an image.
    private static let otherSuffixes: Set<String> = [
        "txt", "md", "csv", "tsv", "json", "jsonl", "xml", "yaml", "yml", "html", "htm", "pdf", "doc", "mat", "npy",
        "npz", "pt", "pth", "pkl", "h5", "hdf5", "db", "ini", "lnk", "log", "py", "sh", "zip", "tar", "gz", "tgz",
        "bz2", "xz", "7z", "rar", "part", "tmp", "bak",
    ]

    /// The images at the top of `tree`, whose path in the listing is `path`.
    ///
    /// Folders, and files whose suffix is not that of an image, are left out and listed by ``finish()``.
    mutating func imageNames(_ tree: FolderTree, at path: String) -> [String] {
        for folder in tree.folders { leftOut.append("\(path)/\(folder.name)/") }
        return tree.files.filter { name in
            let dot = name.utf8.lastIndex(of: UInt8(ascii: "."))
            let suffix = dot.map { name[name.index(after: $0)...].lowercased() } ?? ""
            guard Self.otherSuffixes.contains(suffix) || UnreadFormat(fileName: name) != nil,
                ImageFormat(fileName: name) == nil
            else { return true }
            leftOut.append(path.appending(path: name))
            return false
        }
    }

    /// Adds a note on the files that were left out.
    mutating func finish() {
        guard let first = leftOut.first else { return }
        let rest = leftOut.count == 1 ? "" : " and \(leftOut.count - 1) more"
        notes.append("\(imagesName): left out files that are not images: \(first)\(rest)")
        leftOut = []
    }

    /// The error for an invalid line of an annotation file.
    func invalid(_ name: String, _ line: Line, expected: String) -> Fault {
        .badData(
            path(name), found: "'\(line.text.prefix(200))' on line \(line.number)", expected: expected,
            remedy: "download the file again")
    }
}

extension String {
    /// The text of UTF-8 bytes; nil if they are invalid.
    init?(checking bytes: Span<UInt8>) {
        do { self = String(copying: try UTF8Span(validating: bytes)) } catch { return nil }
    }
}
