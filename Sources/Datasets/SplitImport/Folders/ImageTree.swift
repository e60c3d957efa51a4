internal import Core
internal import Images

/// The images below a folder, judged by their suffixes or else their first bytes.
struct ImageTree: ~Copyable {
    /// All folders, with images as their only files.
    private(set) var tree: FolderTree
    /// Images and videos in formats that are not read.
    private(set) var unread = UnreadFiles()
    /// The paths of the other files.
    private(set) var others: [String] = []
    private let root: RootFolder

    /// Removes the other files from `tree`, the listing of the folder at `path`.
    init(_ tree: FolderTree, path: String) throws(Fault) {
        root = try RootFolder(path: path)
        self.tree = tree
        self.tree = images(in: tree, prefix: "")
    }

    private mutating func images(in tree: FolderTree, prefix: String) -> FolderTree {
        var images = FolderTree()
        for name in tree.files where isImage(prefix + name) { images.files.append(name) }
        for folder in tree.folders {
            let below = self.images(in: folder.tree, prefix: "\(prefix)\(folder.name)/")
            images.folders.append(FolderTree.Folder(name: folder.name, tree: below))
        }
        return images
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
}
