internal import Core
internal import Images
internal import Splits

/// A data set's folder as a rule sees it: annotation files, and the listing of its images.
struct RawData {
    /// The data set's folder on this machine.
    let folder: String
    /// The listing of the folder that the rule asked for, with what an error calls it.
    let images: FolderTree
    let imagesName: String
    /// The files that were read, for the provenance.
    private(set) var inputs: [Input] = []
    private(set) var notes: [String] = []
    private var leftOut: [String] = []

    init(folder: String, images: FolderTree, imagesName: String) {
        (self.folder, self.images, self.imagesName) = (folder, images, imagesName)
        notes = images.notes
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// One line of a text file, without the white space around it.
    struct Line {
        let number: Int
        let text: String

        /// The words between single spaces.
        var words: [Substring] { text.split(separator: " ", omittingEmptySubsequences: false) }
    }

    /// The lines of a text file that hold anything.
    mutating func lines(_ name: String) throws(Fault) -> [Line] {
        try lines(at: path(name))
    }

    /// The lines of the text file at `path`, which may lie outside ``folder``.
    mutating func lines(at path: String) throws(Fault) -> [Line] {
        let file = try MappedFile(path: path)
        let bytes = file.bytes
        inputs.append(Input(role: "annotations", name: lastComponent(of: path), digest: Digest(of: bytes)))
        guard let text = String(checking: Span<UInt8>(_bytes: bytes)) else {
            throw .badData(
                path, found: "bytes that are no UTF-8", expected: "a text file", remedy: "get the file again")
        }
        var lines: [Line] = []
        for (number, line) in text.utf8.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.trimmingASCIISpace
            if !trimmed.isEmpty { lines.append(Line(number: number + 1, text: String(Substring(trimmed)))) }
        }
        return lines
    }

    /// Reads the MATLAB file `name` and hands it to `read`.
    mutating func mat<Value>(
        _ name: String, _ read: (borrowing MatFile) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        let file = try MatFile(path: path(name))
        inputs.append(Input(role: "annotations", name: lastComponent(of: name), digest: file.digest))
        return try read(file)
    }

    /// Reads the JSON file `name`.
    mutating func json(_ name: String, expected: String) throws(Fault) -> JSONValue {
        let file = try MappedFile(path: path(name))
        inputs.append(Input(role: "annotations", name: lastComponent(of: name), digest: Digest(of: file.bytes)))
        return try JSONValue(file.bytes, path: path(name), expected: expected)
    }

    mutating func note(_ text: String) { notes.append(text) }

    /// The images directly in `tree`, which lies at `place` in the listing.
    ///
    /// Files whose names say that they hold no image are left out, and so are folders; ``finish()`` notes them.
    mutating func imageNames(_ tree: FolderTree, at place: String) -> [String] {
        for folder in tree.folders { leftOut.append("\(place)/\(folder.name)/") }
        return tree.files.filter { name in
            guard NoImage.isName(name) else { return true }
            leftOut.append("\(place)/\(name)")
            return false
        }
    }

    /// Sums up what was left out.
    mutating func finish() {
        guard let first = leftOut.first else { return }
        let rest = leftOut.count == 1 ? "" : " and \(leftOut.count - 1) more"
        notes.append("\(imagesName): left out what is no image: \(first)\(rest)")
        leftOut = []
    }

    /// A fault in a line of an annotation file.
    func wrong(_ name: String, _ line: Line, expected: String) -> Fault {
        .badData(
            path(name), found: "'\(line.text.prefix(200))' on line \(line.number)", expected: expected,
            remedy: "get the file again")
    }
}

/// File names that say of themselves that no image is in the file.
///
/// A suffix that nobody knows may be an image's; these are those of what lies beside images in practice.
enum NoImage {
    private static let suffixes: Set<String> = [
        "txt", "md", "csv", "tsv", "json", "jsonl", "xml", "yaml", "yml", "html", "htm", "pdf", "doc", "mat", "npy",
        "npz", "pt", "pth", "pkl", "h5", "hdf5", "db", "ini", "lnk", "log", "py", "sh", "zip", "tar", "gz", "tgz",
        "bz2", "xz", "7z", "rar", "avi", "mp4", "part", "tmp", "bak",
    ]

    static func isName(_ name: String) -> Bool {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), ImageFormat(fileName: name) == nil else {
            return false
        }
        return suffixes.contains(name[name.index(after: dot)...].lowercased())
    }
}

extension Substring.UTF8View {
    /// Without the white space at both ends.
    fileprivate var trimmingASCIISpace: Substring.UTF8View {
        func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9 ... 13).contains(byte) }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return self[endIndex...]
        }
        return self[first ... last]
    }
}

extension String {
    /// The text that `bytes` are in UTF-8; nil if they are none.
    init?(checking bytes: Span<UInt8>) {
        do { self = String(copying: try UTF8Span(validating: bytes)) } catch { return nil }
    }
}
