internal import Core
internal import Images

/// The images below a folder, judged by their suffixes or else their first bytes.
struct ImageTree {
    /// All folders, with images as their only files.
    let tree: FolderTree
    /// The paths of the other files.
    private(set) var others: [String] = []

    /// Removes the other files from `tree`, the listing of the folder at `path`.
    init(_ tree: FolderTree, path: String) throws(Fault) {
        let root = try RootFolder(path: path)
        var others: [String] = []
        self.tree = Self.images(in: tree, prefix: "", root, &others)
        self.others = others
    }

    private static func images(
        in tree: FolderTree, prefix: String, _ root: borrowing RootFolder, _ others: inout [String]
    ) -> FolderTree {
        var images = FolderTree()
        for name in tree.files {
            let path = prefix + name
            let isImage =
                ImageFormat(fileName: name) != nil
                || ImageFormat(firstBytes: root.firstBytes(of: path, count: 16)) != nil
            if isImage { images.files.append(name) } else { others.append(path) }
        }
        for folder in tree.folders {
            let below = Self.images(in: folder.tree, prefix: "\(prefix)\(folder.name)/", root, &others)
            images.folders.append(FolderTree.Folder(name: folder.name, tree: below))
        }
        return images
    }
}
