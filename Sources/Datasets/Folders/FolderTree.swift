/// The files below a folder, sorted by the bytes of their names, so that the order is the same everywhere.
///
/// Hidden files and folders, whose names start with a dot, are not in it.
public struct FolderTree: Sendable, Equatable {
    public private(set) var files: [String] = []
    public private(set) var folders: [Folder] = []

    public struct Folder: Sendable, Equatable {
        public let name: String
        public var tree: FolderTree
    }

    /// The folder at `path`, with `/` between names; nil if there is none.
    public func folder(_ path: String) -> FolderTree? {
        var tree = self
        for name in path.split(separator: "/") {
            guard let next = tree.folders.first(where: { $0.name == name }) else { return nil }
            tree = next.tree
        }
        return tree
    }
}
