internal import Core

/// A folder whose images, at any depth, are of one class.
struct ClassFolder {
    /// The class: the path of the folder without that of its subset.
    let name: String
    /// The path of the folder below the imported one, which ends in `/`.
    let prefix: String
    let tree: FolderTree
    let subset: Subset?
}

/// The classes and subsets of the images below a folder, according to the names of its folders.
struct FolderLayout {
    /// The folders of the classes, in the order of the subsets' folders.
    private(set) var classes: [ClassFolder] = []
    /// The level of the folders that are classes.
    private(set) var level = SplitImport.ClassFolderLevel.top
    /// Images outside the folders of classes.
    private(set) var loose: [String] = []
    private var empty: [String] = []
    private var notes: [String] = []
    /// The note on an only class whose folders may be the classes.
    private var onlyClassNote: String?

    /// The names of the classes, sorted by their bytes.
    var classNames: [String] {
        var names = classes.map(\.name)
        names.sortByBytes(\.self)
        var last: String?
        names.removeAll { name in
            defer { last = name }
            return last?.hasBytes(of: name) == true
        }
        return names
    }

    /// Finds the classes in `tree`, the images below the folder at `path`.
    ///
    /// With nil as the level, the top folders are the classes, except below an alphabetical index.
    ///
    /// - Throws: `badData` if the folders of the subsets are ambiguous.
    init(_ tree: FolderTree, path: String, level chosen: SplitImport.ClassFolderLevel?) throws(Fault) {
        let subsets = try SubsetFolders(tree, path: path)
        notes = subsets.notes
        let trees = subsets.parts.isEmpty ? [tree] : subsets.parts.map(\.tree)
        let isIndex = trees.contains(where: \.hasFiles) && trees.filter(\.hasFiles).allSatisfy(InnermostFolders.isIndex)
        level = chosen ?? (isIndex ? .innermost : .top)
        if isIndex, chosen == nil {
            notes.append("the folders of single letters are an index: the innermost folders are the classes")
        }
        if !subsets.classParts.isEmpty {
            classes = subsets.classParts
            loose = tree.files
            empty = tree.folders.filter { !$0.tree.hasFiles }.map(\.name)
        } else if subsets.parts.isEmpty {
            take(tree, prefix: "", subset: nil)
        } else {
            loose = tree.files
            empty = tree.folders.filter { !$0.tree.hasFiles && Subset(folderName: $0.name) == nil }.map(\.name)
            for part in subsets.parts { take(part.tree, prefix: part.prefix, subset: part.subset) }
        }
        if chosen == nil, level == .top, subsets.classParts.isEmpty { noteNesting(tree, subsets) }
    }

    /// Finds the classes in the names of the images in `tree`, which may be in folders of subsets.
    ///
    /// - Throws: `badData` if a name has no class, or the folders of the subsets are ambiguous.
    init(namedImages tree: FolderTree, path: String) throws(Fault) {
        let subsets = try SubsetFolders(tree, path: path)
        let parts =
            subsets.parts.isEmpty
            ? [(tree: tree, prefix: "", subset: Subset?.none)]
            : subsets.parts.map { (tree: $0.tree, prefix: $0.prefix, subset: Optional($0.subset)) }
        if !subsets.parts.isEmpty { loose = tree.files }
        for part in parts {
            var files: [String: [String]] = [:]
            for image in part.tree.paths {
                guard let name = NamedImages.className(of: image) else {
                    throw .badData(
                        path.appending(path: part.prefix + image), found: "a file name without a number",
                        expected: "the class and a number, as in cat.12.jpg",
                        remedy: "rename the file, or sort the images into folders")
                }
                files[name, default: []].append(image)
            }
            for (name, images) in files {
                var own = FolderTree()
                own.files = images
                classes.append(ClassFolder(name: name, prefix: part.prefix, tree: own, subset: part.subset))
            }
        }
    }

    private mutating func take(_ tree: FolderTree, prefix: String, subset: Subset?) {
        loose += tree.files.map { prefix + $0 }
        empty += tree.folders.filter { !$0.tree.hasFiles }.map { prefix + $0.name }
        let folders =
            level == .innermost
            ? InnermostFolders.list(tree)
            : tree.folders.filter(\.tree.hasFiles).map { (path: $0.name, tree: $0.tree) }
        classes += folders.map {
            ClassFolder(name: $0.path, prefix: "\(prefix)\($0.path)/", tree: $0.tree, subset: subset)
        }
    }

    /// Adds the notes on what was left out, and on likely mistakes.
    func addNotes(to assembly: inout SplitAssembly) {
        guard !classes.isEmpty else { return }
        assembly.note(loose, "image", "images") { "left out: \($0) outside the class folders" }
        assembly.note(empty, "folder", "folders") { "left out: \($0) without images" }
        assembly.notes += notes
        assembly.onlyClassNote = onlyClassNote
    }

    /// Notes classes whose images lie only in folders below, because these may be the classes or scenes.
    private mutating func noteNesting(_ tree: FolderTree, _ subsets: SubsetFolders) {
        let tops = classNames
        if tops.count == 1 {
            let folders = classes.first?.tree.folders.count ?? 0
            if folders > 1 {
                onlyClassNote =
                    "'\(tops[0])' is the only class; if its \(folders) folders are the classes, import that folder"
            }
            return
        }
        var nested: [String] = []
        var isDivided = false
        for folder in classes where folder.tree.files.isEmpty {
            let below = folder.tree.folders.filter(\.tree.hasFiles).map(\.name)
            isDivided = isDivided || below.count > 1
            nested.append("\(folder.prefix.dropLast()): \(below.shortened)")
        }
        guard isDivided, !subsets.hasNotedEqualFolders else { return }
        notes.append(
            "no image lies in \(nested.count == 1 ? "1 class folder" : "\(nested.count) class folders") itself, but in "
                + "folders below (\(nested.shortened(separator: "; "))); use \(OptionName("class_folders")) innermost "
                + "if those are the classes")
    }
}

extension [String] {
    /// The first three elements and the number of the others.
    var shortened: String { shortened(separator: ", ") }

    func shortened(separator: String) -> String {
        prefix(3).joined(separator: separator) + (count > 3 ? " and \(count - 3) more" : "")
    }
}
