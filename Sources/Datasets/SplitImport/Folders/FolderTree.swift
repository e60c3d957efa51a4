internal import Catalog
internal import Splits

/// The files below a folder, sorted by the bytes of their names, so that the order is the same everywhere.
///
/// Hidden files and folders, whose names start with a dot, are not in it.
public struct FolderTree: Sendable, Equatable {
    /// Folders within folders, at most: deeper ones are a mistake or an attack.
    public static let depthLimit = 64

    public internal(set) var files: [String] = []
    public internal(set) var folders: [Folder] = []
    /// What was left out and why, a sentence each; only the whole tree has any.
    public internal(set) var notes: [String] = []

    public init() {}

    public struct Folder: Sendable, Equatable {
        public let name: String
        public var tree: FolderTree
    }

    /// The folder at `path`, with `/` between names; nil if there is none.
    public func folder(_ path: String) -> FolderTree? {
        var tree = self
        for name in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let place = tree.folders.place(of: String(Substring(name)), \.name) else { return nil }
            tree = tree.folders[place].tree
        }
        return tree
    }

    /// Whether there is a file at `path`, with `/` between names.
    public func hasFile(_ path: String) -> Bool {
        let names = path.utf8.split(separator: UInt8(ascii: "/"))
        guard let last = names.last else { return false }
        var tree = self
        for name in names.dropLast() {
            guard let place = tree.folders.place(of: String(Substring(name)), \.name) else { return false }
            tree = tree.folders[place].tree
        }
        return tree.files.place(of: String(Substring(last)), \.self) != nil
    }

    /// How many files there are, at any depth.
    public var fileCount: Int { folders.reduce(files.count) { $0 + $1.tree.fileCount } }

    /// Every file at any depth, as its path below this folder; folders and files in one order, name by name.
    public var paths: Paths { Paths(tree: self) }

    /// The paths of a tree's files, made one at a time.
    public struct Paths: Sequence, Sendable {
        let tree: FolderTree

        public func makeIterator() -> Iterator { Iterator(tree) }

        public struct Iterator: IteratorProtocol {
            private var open: [(tree: FolderTree, prefix: String, file: Int, folder: Int)]

            init(_ tree: FolderTree) { open = [(tree, "", 0, 0)] }

            public mutating func next() -> String? {
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
}

/// Folders in the order in which they were met, each after the one that it lies in.
struct FolderList {
    private var entries = [(name: "", parent: 0, files: [String]())]

    var count: Int { entries.count }

    /// Adds a folder called `name` to the folder at `parent`; the first one, 0, is there from the start.
    mutating func append(_ name: String, in parent: Int) -> Int {
        entries.append((name, parent, []))
        return entries.count - 1
    }

    mutating func append(file: String, to folder: Int) { entries[folder].files.append(file) }

    mutating func setFiles(_ files: [String], of folder: Int) { entries[folder].files = files }

    /// The tree of all; a name that is both a folder's and a file's is the folder's.
    consuming func tree(notes: [String]) -> FolderTree {
        var trees = [FolderTree](repeating: FolderTree(), count: entries.count)
        while let entry = entries.popLast(), var tree = trees.popLast() {
            tree.files = entry.files
            tree.files.sortByBytes(\.self)
            tree.folders.sortByBytes(\.name)
            if !tree.folders.isEmpty {
                tree.files.removeAll { [folders = tree.folders] in folders.place(of: $0, \.name) != nil }
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
