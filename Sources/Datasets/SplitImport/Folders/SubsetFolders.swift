internal import Core

/// The folders of a data set's subsets, if it has any.
struct SubsetFolders {
    /// A folder at the top whose folders are classes.
    struct Part {
        let name: String
        let subset: Subset
        /// The path of the folder of the class folders, which ends in `/`.
        let prefix: String
        let tree: FolderTree

        /// The subset in `folder`, below further folders that are no classes, as in `seg_train/seg_train/cat`.
        init(_ folder: FolderTree.Folder, _ subset: Subset) {
            var prefix = "\(folder.name)/"
            var tree = folder.tree
            while tree.files.isEmpty, let only = SubsetFolders.only(tree),
                only.name == folder.name || Subset.isNoClass(only.name),
                only.tree.folders.contains(where: \.tree.hasFiles)
            {
                prefix += "\(only.name)/"
                tree = only.tree
            }
            name = folder.name
            self.subset = subset
            self.prefix = prefix
            self.tree = tree
        }
    }

    /// The subsets at the top; empty if there are none.
    private(set) var parts: [Part] = []
    /// The folders of the subsets in every class folder, such as `cat/train`; empty if there are none.
    private(set) var classParts: [ClassFolder] = []
    private(set) var notes: [String] = []
    /// Whether a note says that all folders at the top have the same folders.
    private(set) var hasNotedEqualFolders = false

    /// Finds the subsets in `tree`, the images below the folder at `path`.
    ///
    /// - Throws: `badData` if two folders have the same subset, or if a folder beside the subsets may be another one.
    init(_ tree: FolderTree, path: String) throws(Fault) {
        let folders = tree.folders.filter(\.tree.hasFiles)
        let subsets = Subset.subsets(ofFolders: folders.map(\.name))
        let named = zip(folders, subsets).compactMap { folder, subset in subset.map { Part(folder, $0) } }
        let others = zip(folders, subsets).filter { $0.1 == nil }.map(\.0)
        if !named.isEmpty, others.isEmpty || Set(named.map(\.subset)).count > 1 {
            try Self.checkDistinct(named, path: path)
            parts = named
            try leaveOut(others, path: path)
            leaveOutUnsorted()
            return
        }
        classParts = Self.classParts(folders)
        if classParts.isEmpty { noteLikelySubsets(folders, named.map(\.name)) }
    }

    private static func checkDistinct(_ parts: [Part], path: String) throws(Fault) {
        for (index, part) in parts.enumerated() {
            guard let other = parts[..<index].first(where: { $0.subset == part.subset }) else { continue }
            throw .badData(
                path,
                found: "two folders of the \(part.subset.rawValue) subset, '\(other.name)' and '\(part.name)'",
                expected: "one folder per subset", remedy: "merge them, or move one of them elsewhere")
        }
    }

    /// Notes the folders beside the subsets, unless they have the same class folders.
    private mutating func leaveOut(_ others: [FolderTree.Folder], path: String) throws(Fault) {
        let classes = Set(parts.flatMap { Self.folderNames($0.tree) })
        for other in others where Self.folderNames(other.tree).count(where: classes.contains) > 1 {
            throw .badData(
                path, found: "'\(other.name)' with the same class folders as '\(parts[0].name)'",
                expected: "the subsets train, val and test",
                remedy: "rename it to the subset that it is, or move it elsewhere")
        }
        guard !others.isEmpty else { return }
        let names = parts.map { "'\($0.name)'" }.joined(separator: " and ")
        notes.append(
            "left out: \(listed(others.map(\.name), "folder", "folders")) beside the subsets \(names)")
    }

    /// Removes the images of parts without class folders, whose classes are unknown, and notes their number.
    private mutating func leaveOutUnsorted() {
        let classes = parts.map { Set(Self.folderNames($0.tree)) }
        // Unsorted images are often in a folder called `images`, `unknown` or `test`.
        let known = classes.filter { !$0.allSatisfy(Subset.isNoClass) }.reduce(Set()) { $0.union($1) }
        var sorted: [Part] = []
        for (part, names) in zip(parts, classes) {
            let isUnsorted = names.allSatisfy(Subset.isNoClass) && known.isDisjoint(with: names)
            guard isUnsorted, !known.isEmpty else {
                sorted.append(part)
                continue
            }
            let count = part.tree.fileCount
            notes.append(
                "left out: \(count == 1 ? "1 image" : "\(count) images") in '\(part.name)' without class folders; sort "
                    + "them into the folders of their classes, or list all images with their classes in a table")
        }
        if !sorted.isEmpty { parts = sorted }
    }

    /// The folders of subsets in class folders: all images of each class are in such folders, of at least two subsets.
    private static func classParts(_ folders: [FolderTree.Folder]) -> [ClassFolder] {
        var parts: [ClassFolder] = []
        for folder in folders {
            guard folder.tree.files.isEmpty else { return [] }
            for below in folder.tree.folders where below.tree.hasFiles {
                guard let subset = Subset(folderName: below.name) else { return [] }
                parts.append(
                    ClassFolder(
                        name: folder.name, prefix: "\(folder.name)/\(below.name)/", tree: below.tree, subset: subset))
            }
        }
        return Set(parts.map(\.subset)).count > 1 && folders.count > 1 ? parts : []
    }

    /// Notes folders that may be subsets although they are used as classes.
    private mutating func noteLikelySubsets(_ folders: [FolderTree.Folder], _ named: [String]) {
        if !named.isEmpty {
            notes.append(
                named.map { "'\($0)'" }.joined(separator: " and ")
                    + " used as a class, because there are other folders beside it")
        }
        guard folders.count > 1, folders.allSatisfy(\.tree.files.isEmpty), let first = folders.first else { return }
        let names = folders.map { Set(Self.folderNames($0.tree)) }
        let shared = Self.folderNames(first.tree).filter { name in names.allSatisfy { $0.contains(name) } }
        guard shared.count > 1, 2 * shared.count > names.map(\.count).max() ?? 0 else { return }
        hasNotedEqualFolders = true
        notes.append(
            "\(listed(folders.map(\.name), "class", "classes")) with the same folders (\(shared.shortened)); if they "
                + "are subsets and these folders are the classes, rename them to train, val or test")
    }

    /// The only folder with images in `tree`; nil for none or several.
    fileprivate static func only(_ tree: FolderTree) -> FolderTree.Folder? {
        let folders = tree.folders.filter(\.tree.hasFiles)
        return folders.count == 1 ? folders[0] : nil
    }

    /// The names of the folders with images in `tree`.
    private static func folderNames(_ tree: FolderTree) -> [String] {
        tree.folders.filter(\.tree.hasFiles).map(\.name)
    }
}
