public import Core
internal import Images
internal import Splits

extension SplitImport {
    /// Imports a folder of images with one folder per class.
    ///
    /// If all folders are named after subsets (`train`, `val`, `test` or a synonym), the classes are below them. Images
    /// in deeper folders belong to the class above. `progress` receives the number of files found.
    ///
    /// - Throws: `badData` if there is no class, or if two classes get the same name.
    public static func folder(
        _ path: String, _ settings: Settings = Settings(), progress: Progress = { _, _ in }
    ) throws(Fault) -> ImportedSplit {
        let tree = try FolderTree.walking(path, progress: progress)
        var collection = try ImageCollection(path, settings)
        collection.assembly.notes = tree.notes
        if let folders = try subsetFolders(tree, path: path) {
            collection.takeLoose(tree, prefix: "")
            for (subset, folder) in folders {
                collection.take(folder.tree, prefix: "\(folder.name)/", subset: subset)
            }
        } else {
            let names = tree.folders.map(\.name).filter { Subset(commonName: $0) != nil }.map { "'\($0)'" }
            if !names.isEmpty {
                collection.assembly.notes.append(
                    names.joined(separator: " and ") + " used as a class, because there are other folders beside it")
            }
            collection.take(tree, prefix: "", subset: nil)
        }
        return try collection.split(dataset: datasetName(folder: path))
    }

    /// The data set's name for the folder at `path`.
    static func datasetName(folder path: String) -> String {
        let name = lastComponent(of: path)
        return [".", "..", ""].contains(name) ? "images" : name
    }

    /// The folders at the top of `tree` by subset; nil unless all of them are named after subsets.
    ///
    /// - Throws: `badData` if two folders have the same subset.
    private static func subsetFolders(
        _ tree: FolderTree, path: String
    ) throws(Fault) -> [(subset: Subset, folder: FolderTree.Folder)]? {
        var folders: [(subset: Subset, folder: FolderTree.Folder)] = []
        for folder in tree.folders {
            guard let subset = Subset(commonName: folder.name) else { return nil }
            if let other = folders.first(where: { $0.subset == subset }) {
                throw .badData(
                    path,
                    found: "two folders of the \(subset.rawValue) subset, '\(other.folder.name)' and '\(folder.name)'",
                    expected: "one folder per subset", remedy: "merge them, or remove one")
            }
            folders.append((subset, folder))
        }
        return folders.isEmpty ? nil : folders
    }
}

/// The images found in class folders.
private struct ImageCollection: ~Copyable {
    var assembly: SplitAssembly
    private let root: RootFolder
    /// Labels by the bytes of the class names: Swift compares characters, which may have several spellings.
    private var labels: [[UInt8]: Int] = [:]
    private var names: [String] = []
    private var loose: [String] = []
    private var unread = UnreadFiles()
    private var others: [String] = []
    private var empty: [String] = []
    private var hasher = Digest.Hasher()
    /// The number of folders in the folder of the last new class.
    private var foldersOfLast = 0

    init(_ path: String, _ settings: SplitImport.Settings) throws(Fault) {
        root = try RootFolder(path: path)
        assembly = SplitAssembly(path: path, root: path, settings: settings)
    }

    /// Adds the folders of `tree` as classes.
    mutating func take(_ tree: FolderTree, prefix: String, subset: Subset?) {
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
                    foldersOfLast = folder.tree.folders.count
                }
                hasher.add(path: path)
                assembly.append(path.utf8Span.span, label: label ?? 0, subset: subset)
            }
            if label == nil { empty.append(prefix + folder.name) }
        }
    }

    /// Records the images at the top of `tree`, which have no class.
    mutating func takeLoose(_ tree: FolderTree, prefix: String) {
        for file in tree.files where isImage(prefix + file) { loose.append(prefix + file) }
    }

    /// Whether the file is an image, judged by its suffix or else its first bytes.
    private mutating func isImage(_ path: String) -> Bool {
        let name = lastComponent(of: path)
        if ImageFormat(fileName: name) != nil { return true }
        let suffixFormat = UnreadFormat(fileName: name)
        let start = suffixFormat == nil ? root.firstBytes(of: path, count: ImageFormat.signatureLength) : []
        // Raw images of cameras begin like a TIFF.
        if let format = suffixFormat ?? UnreadFormat(firstBytes: start) {
            unread.add(path, format)
            return false
        }
        if ImageFormat(firstBytes: start) != nil { return true }
        others.append(path)
        return false
    }

    consuming func split(dataset: String) throws(Fault) -> ImportedSplit {
        var assembly = assembly
        guard !names.isEmpty else {
            if loose.isEmpty, !unread.isEmpty { throw unread.fault(assembly.path) }
            throw .badData(
                assembly.path,
                found: loose.isEmpty ? "no images" : "\(listed(loose, "image", "images")) and no class folders",
                expected: "one folder of images per class",
                remedy: "sort the images into folders, or list them in a file and \(action: .importList)")
        }
        assembly.note(loose, "image", "images") { "left out: \($0) outside the class folders" }
        assembly.note(empty, "folder", "folders") { "left out: \($0) without images" }
        unread.note(in: &assembly)
        assembly.note(others, "file that is not an image", "files that are not images") { "left out: \($0)" }
        if names.count == 1, foldersOfLast > 1 {
            assembly.notes.append(
                "'\(names[0])' is the only class; if its \(foldersOfLast) folders are the classes, import that folder")
        }
        let input = Input(role: "listing", name: dataset, digest: hasher.finish())
        return try assembly.split(
            FoundClasses(names: names, areNumbered: false), dataset: dataset, inputs: [input],
            record: ["source": "folder"])
    }
}
