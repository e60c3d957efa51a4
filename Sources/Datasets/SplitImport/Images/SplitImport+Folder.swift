public import Core
internal import Images
internal import Splits

extension SplitImport {
    /// The split of a folder of images: a class for each folder in it.
    ///
    /// Where `train`, `val` and `test` stand there instead, or what ``Subset`` lists as their usual names, these are the
    /// parts and the classes are below. Whatever lies deeper belongs to the class that it lies in.
    ///
    /// - Parameters:
    ///   - path: the folder, which the split's paths lie below.
    ///   - settings: what the user chose.
    ///   - progress: told how many files were found.
    /// - Returns: the split, with notes.
    /// - Throws: `badData` where no class is found, or two with one name.
    public static func folder(
        _ path: String, _ settings: Settings = Settings(),
        progress: (Int, Int) throws(Fault) -> Void = { _, _ throws(Fault) in }
    ) throws(Fault) -> ImportedSplit {
        let tree = try FolderTree.walking(path, progress: progress)
        var collection = try ImageCollection(path)
        collection.assembly.notes = tree.notes
        let dataset = datasetName(folder: path)
        if let parts = try PartFolders(tree, path: path) {
            collection.takeLoose(tree, prefix: "")
            for (part, folder) in parts.folders { collection.take(folder.tree, prefix: "\(folder.name)/", part: part) }
        } else {
            collection.noteMixedParts(tree)
            collection.take(tree, prefix: "", part: nil)
        }
        return try collection.split(settings, dataset: dataset)
    }

    /// What a data set is called that lies in the folder at `path`.
    static func datasetName(folder path: String) -> String {
        let name = lastComponent(of: path)
        return [".", "..", ""].contains(name) ? "images" : name
    }
}

/// The folders of parts, where a tree has these at the top and nothing else.
private struct PartFolders {
    var folders: [(part: Subset, folder: FolderTree.Folder)] = []

    /// - Throws: `badData` where two folders are the same part.
    init?(_ tree: FolderTree, path: String) throws(Fault) {
        for folder in tree.folders {
            guard let part = Subset(usualName: folder.name) else { return nil }
            if let other = folders.first(where: { $0.part == part }) {
                throw .badData(
                    path,
                    found: "two folders of the \(part.rawValue) part, '\(other.folder.name)' and '\(folder.name)'",
                    expected: "one", remedy: "put them together, or take one away")
            }
            folders.append((part, folder))
        }
        if folders.isEmpty { return nil }
    }
}

private struct ImageCollection: ~Copyable {
    var assembly: SplitAssembly
    private let root: RootFolder
    /// Classes by the bytes of their names: to Swift, two spellings of one character are equal.
    private var labels: [[UInt8]: Int] = [:]
    private var names: [String] = []
    private var loose: [String] = []
    private var others: [String] = []
    private var empty: [String] = []
    private var hasher = Digest.Hasher()
    /// The only class's folders, where there is one class.
    private var foldersOfFirst = 0

    init(_ path: String) throws(Fault) {
        root = try RootFolder(path: path)
        assembly = SplitAssembly(path: path)
    }

    /// Takes the folders of `tree` as classes.
    mutating func take(_ tree: FolderTree, prefix: String, part: Subset?) {
        takeLoose(tree, prefix: prefix)
        for folder in tree.folders {
            let key = Array(folder.name.utf8)
            var label = labels[key]
            for path in folder.tree.paths {
                let path = "\(prefix)\(folder.name)/\(path)"
                guard isImage(path) else { continue }
                if label == nil {
                    label = names.count
                    labels[key] = names.count
                    names.append(folder.name)
                    foldersOfFirst = folder.tree.folders.count
                }
                hash(path)
                assembly.append(path, label: label ?? 0, part: part)
            }
            if label == nil { empty.append(prefix + folder.name) }
        }
    }

    /// Notes the images of `tree` that are in no class.
    mutating func takeLoose(_ tree: FolderTree, prefix: String) {
        for file in tree.files where isImage(prefix + file) { loose.append(prefix + file) }
    }

    /// Notes folders that would be parts, did not others stand beside them.
    mutating func noteMixedParts(_ tree: FolderTree) {
        let parts = tree.folders.map(\.name).filter { Subset(usualName: $0) != nil }
        if !parts.isEmpty {
            assembly.notes.append(
                parts.map { "'\($0)'" }.joined(separator: " and ")
                    + " taken as a class, as other folders stand beside it"
            )
        }
    }

    /// Whether the file is an image: its suffix says so, or else its first bytes do.
    private mutating func isImage(_ path: String) -> Bool {
        if ImageFormat(fileName: lastComponent(of: path)) != nil { return true }
        if ImageFormat(firstBytes: root.firstBytes(of: path, count: 16)) != nil { return true }
        others.append(path)
        return false
    }

    private mutating func hash(_ path: String) {
        let bytes = Array(path.utf8) + [0]
        unsafe hasher.update(bytes.span.bytes)
    }

    consuming func split(_ settings: SplitImport.Settings, dataset: String) throws(Fault) -> ImportedSplit {
        var assembly = assembly
        guard !names.isEmpty else {
            throw .badData(
                assembly.path,
                found: loose.isEmpty ? "no image" : "\(listed(loose, "image", "images")) and no folders of classes",
                expected: "a folder for each class with its images in it",
                remedy: "sort the images into folders, or list them in a file and use 'import list'")
        }
        if !loose.isEmpty {
            assembly.notes.append("left out: \(listed(loose, "image", "images")) in no class's folder")
        }
        if !empty.isEmpty { assembly.notes.append("left out: \(listed(empty, "folder", "folders")) without an image") }
        if !others.isEmpty {
            assembly.notes.append("left out: \(listed(others, "file that is no image", "files that are no images"))")
        }
        if names.count == 1, foldersOfFirst > 1 {
            assembly.notes.append(
                "'\(names[0])' is the only class; if its \(foldersOfFirst) folders are the classes, import that folder")
        }
        let input = Input(role: "listing", name: dataset, digest: hasher.finish())
        return try assembly.split(
            .found(names), settings, dataset: dataset, inputs: [input], record: ["source": "folder"])
    }
}
