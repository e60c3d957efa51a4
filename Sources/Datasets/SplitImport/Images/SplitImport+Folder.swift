public import Core

extension SplitImport {
    /// Imports a folder of images with one folder per class.
    ///
    /// If the folders at the top, or those in every class folder, are named after subsets (`train`, `val2017`,
    /// `test_set`), they are the subsets. Images in deeper folders belong to the class above, unless the settings
    /// select the innermost folders as classes. `progress` receives the number of files found.
    ///
    /// - Throws: `badData` if there is no class, if two classes get the same name, or if the settings' list of class
    ///   names does not match the folders.
    public static func folder(
        _ path: String, _ settings: Settings = Settings(), progress: Progress = { _, _ in }
    ) throws(Fault) -> ImportedSplit {
        let tree = try FolderTree.walking(path, progress: progress)
        let images = try ImageTree(tree, path: path)
        guard images.tree.hasFiles || images.unread.isEmpty else { throw images.unread.fault(path) }
        let layout =
            settings.readsClassesInNames
            ? try FolderLayout(namedImages: images.tree, path: path)
            : try FolderLayout(images.tree, path: path, level: settings.classFolders)
        var assembly = SplitAssembly(path: path, root: path, settings: settings)
        assembly.notes = tree.notes
        layout.addNotes(to: &assembly)
        images.unread.note(in: &assembly)
        assembly.note(images.others, "file that is not an image", "files that are not images") { "left out: \($0)" }
        let (classes, inputs) = try layout.foundClasses(&assembly)
        return try assembly.split(layout, classes, inputs, dataset: datasetName(folder: path))
    }

    /// The data set's name for the folder at `path`.
    static func datasetName(folder path: String) -> String {
        let name = lastComponent(of: path)
        return [".", "..", ""].contains(name) ? "images" : name
    }
}

extension FolderLayout {
    /// The classes of the folders in label order, and the file with their names if the settings have one.
    fileprivate func foundClasses(_ assembly: inout SplitAssembly) throws(Fault) -> (FoundClasses, [Input]) {
        let path = assembly.path
        let folders = classNames
        guard !folders.isEmpty else {
            throw .badData(
                path,
                found: loose.isEmpty ? "no images" : "\(listed(loose, "image", "images")) and no class folders",
                expected: "one folder of images per class",
                remedy: NamedImages.areNamed(loose)
                    ? "give \(option: "class_from_name") if their names begin with the class"
                    : "sort the images into folders, or list them in a file and \(action: .importList)")
        }
        guard let list = assembly.settings.classes else {
            var classes = FoundClasses(names: folders)
            if level == .innermost, !assembly.settings.keepsNames { classes.titles = InnermostFolders.titles(folders) }
            return (classes, [])
        }
        let named = try FolderClassNames(path: list).named(folders, in: path)
        assembly.note(named.unused, "name", "names") { "not used: \($0) in '\(list)' without a folder" }
        let classes = FoundClasses(names: named.folders, titles: named.names, areGiven: true)
        return (classes, [try Input(reading: list, as: "classes")])
    }
}

extension SplitAssembly {
    /// Makes the split of the images in the class folders of `layout`.
    fileprivate consuming func split(
        _ layout: FolderLayout, _ classes: FoundClasses, _ inputs: [Input], dataset: String
    ) throws(Fault) -> ImportedSplit {
        // Labels by the bytes of the names: Swift compares characters, which may have several spellings.
        let names = classes.names.enumerated().map { (Array($1.utf8), $0) }
        let labels = Dictionary(uniqueKeysWithValues: names)
        var hasher = Digest.Hasher()
        for folder in layout.classes {
            let label = labels[Array(folder.name.utf8)] ?? 0
            for name in folder.tree.paths {
                let path = folder.prefix + name
                hasher.add(path: path)
                append(path.utf8Span.span, label: label, subset: folder.subset)
            }
        }
        var record = ["source": "folder"]
        if settings.readsClassesInNames { record["classes"] = "names" }
        if layout.level == .innermost { record["class_folders"] = SplitImport.ClassFolderLevel.innermost.rawValue }
        let listing = Input(role: "listing", name: dataset, digest: hasher.finish())
        return try split(classes, dataset: dataset, inputs: [listing] + inputs, record: record)
    }
}
