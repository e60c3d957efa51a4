/// The files below a folder, sorted by the bytes of their names, so that the order is the same on all systems.
///
/// Hidden files and folders, whose names start with a dot, are left out, as are ``SystemFolders``.
package struct FolderTree: Sendable, Equatable {
    /// The maximum depth of folders; deeper ones are a mistake or an attack.
    package static let depthLimit = 64

    /// The names of the files at the top.
    package internal(set) var files: [String] = []
    /// The folders at the top.
    package internal(set) var folders: [Folder] = []
    /// Sentences on files that were left out; empty for the folders of a tree.
    package internal(set) var notes: [String] = []

    /// A folder and the files below it.
    package struct Folder: Sendable, Equatable {
        package let name: String
        package internal(set) var tree: FolderTree
    }

    /// Returns the folder at `path`, with `/` between names; nil if there is none.
    package func folder(_ path: String) -> FolderTree? {
        var tree = self
        for name in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard let index = tree.folders.index(ofName: String(Substring(name)), \.name) else { return nil }
            tree = tree.folders[index].tree
        }
        return tree
    }

    /// The paths of all files at any depth, in the order of the names of files and folders.
    package var paths: some Sequence<String> {
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
    var entries = [(name: "", parent: 0, files: [String]())]

    /// Adds a folder named `name` to the folder with the index `parent`; index 0 is the root.
    mutating func append(_ name: String, in parent: Int) -> Int {
        entries.append((name, parent, []))
        return entries.count - 1
    }

    /// The tree of all folders; a folder takes precedence over a file of the same name, and repeated files are one.
    consuming func tree(notes: [String]) -> FolderTree {
        var repeats = 0
        var trees = [FolderTree](repeating: FolderTree(), count: entries.count)
        while let entry = entries.popLast(), var tree = trees.popLast() {
            tree.files = entry.files
            tree.files.sortByBytes(\.self)
            var last: String?
            tree.files.removeAll { file in
                defer { last = file }
                return last?.hasBytes(of: file) == true
            }
            repeats += entry.files.count - tree.files.count
            tree.folders.sortByBytes(\.name)
            if !tree.folders.isEmpty {
                tree.files.removeAll { [folders = tree.folders] in folders.index(ofName: $0, \.name) != nil }
            }
            guard !trees.isEmpty else {
                tree.notes = notes
                if repeats > 0 { tree.notes.append("\(repeats) files are listed more than once and used once") }
                return tree
            }
            trees[entry.parent].folders.append(FolderTree.Folder(name: entry.name, tree: tree))
        }
        return FolderTree()
    }
}
