internal import Catalog
internal import Splits

/// The files below a folder, sorted by the bytes of their names, so that the order is the same on all systems.
///
/// Hidden files and folders, whose names start with a dot, are left out.
public struct FolderTree: Sendable, Equatable {
    /// The maximum depth of folders; deeper ones are a mistake or an attack.
    public static let depthLimit = 64

    /// The names of the files at the top.
    public internal(set) var files: [String] = []
    /// The folders at the top.
    public internal(set) var folders: [Folder] = []
    /// Sentences on files that were left out; empty for the folders of a tree.
    public internal(set) var notes: [String] = []

    /// A tree without files.
    public init() {}

    /// A folder and the files below it.
    public struct Folder: Sendable, Equatable {
        /// The folder's name.
        public let name: String
        /// The files below it.
        public var tree: FolderTree
    }

    /// Returns the folder at `path`, with `/` between names; nil if there is none.
    public func folder(_ path: String) -> FolderTree? { folder(path.utf8.split(separator: UInt8(ascii: "/"))[...]) }

    private func folder(_ names: ArraySlice<Substring.UTF8View>) -> FolderTree? {
        var tree = self
        for name in names {
            guard let index = tree.folders.index(ofName: String(Substring(name)), \.name) else { return nil }
            tree = tree.folders[index].tree
        }
        return tree
    }

    /// Whether there is a file at `path`, with `/` between names.
    public func hasFile(_ path: String) -> Bool {
        let names = path.utf8.split(separator: UInt8(ascii: "/"))
        guard let last = names.last, let parent = folder(names.dropLast()) else { return false }
        return parent.files.index(ofName: String(Substring(last)), \.self) != nil
    }

    /// The number of files at any depth.
    public var fileCount: Int { folders.reduce(files.count) { $0 + $1.tree.fileCount } }

    /// The paths of all files at any depth, in the order of the names of files and folders.
    public var paths: some Sequence<String> {
        sequence(state: [(tree: self, prefix: "", file: 0, folder: 0)]) { open in
            while let (tree, prefix, file, folder) = open.last {
                let isFolderNext =
                    folder < tree.folders.count
                    && (file == tree.files.count || tree.folders[folder].name.precedes(tree.files[file]))
                if isFolderNext {
                    open[open.count - 1].folder += 1
                    let next = tree.folders[folder]
                    open.append((next.tree, "\(prefix)\(next.name)/", 0, 0))
                } else if file < tree.files.count {
                    open[open.count - 1].file += 1
                    return prefix + tree.files[file]
                } else {
                    open.removeLast()
                }
            }
            return nil
        }
    }
}

/// Folders in the order of their discovery, each after its parent.
struct FolderList {
    private var entries = [(name: "", parent: 0, files: [String]())]

    var count: Int { entries.count }

    /// Adds a folder named `name` to the folder with the index `parent`; index 0 is the root.
    mutating func append(_ name: String, in parent: Int) -> Int {
        entries.append((name, parent, []))
        return entries.count - 1
    }

    mutating func append(file: String, to folder: Int) { entries[folder].files.append(file) }

    mutating func setFiles(_ files: [String], of folder: Int) { entries[folder].files = files }

    /// The tree of all folders; a folder takes precedence over a file of the same name.
    consuming func tree(notes: [String]) -> FolderTree {
        var trees = [FolderTree](repeating: FolderTree(), count: entries.count)
        while let entry = entries.popLast(), var tree = trees.popLast() {
            tree.files = entry.files
            tree.files.sortByBytes(\.self)
            tree.folders.sortByBytes(\.name)
            if !tree.folders.isEmpty {
                tree.files.removeAll { [folders = tree.folders] in folders.index(ofName: $0, \.name) != nil }
            }
            guard !trees.isEmpty else {
                tree.notes = notes
                return tree
            }
            trees[entry.parent].folders.append(FolderTree.Folder(name: entry.name, tree: tree))
        }
        return FolderTree()
    }
}
