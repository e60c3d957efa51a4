/// Classes that are the innermost folders of a nested tree, as in Places365, SUN397 and iNaturalist.
enum InnermostFolders {
    /// Returns the folders with images of their own, each with its path and without the folders in it.
    static func list(_ tree: FolderTree, prefix: String = "") -> [(path: String, tree: FolderTree)] {
        tree.folders.flatMap { folder in
            let path = prefix + folder.name
            var images = FolderTree()
            images.files = folder.tree.files
            return (images.files.isEmpty ? [] : [(path, images)]) + list(folder.tree, prefix: "\(path)/")
        }
    }

    /// Whether the folders at the top are an alphabetical index: single letters without images of their own, with which
    /// the words begin that are the names of the folders in them.
    static func isIndex(_ tree: FolderTree) -> Bool {
        let folders = tree.folders.filter(\.tree.hasFiles)
        return !folders.isEmpty
            && folders.allSatisfy { folder in
                folder.name.count == 1 && folder.name.allSatisfy(\.isLetter) && folder.tree.files.isEmpty
                    && folder.tree.folders.allSatisfy { below in
                        below.name.lowercased().hasPrefix(folder.name.lowercased())
                            && below.name.dropFirst().first?.isLetter == true
                    }
            }
    }

    /// Returns the names for prompts of the folders at `paths`: the last component, followed by those above it as far
    /// as they are needed to tell the folders apart.
    ///
    /// Below an alphabetical index, the name has all components but the letter, as in CoOp's SUN397:
    /// `b/balcony/exterior` is `exterior balcony`.
    static func titles(_ paths: [String]) -> [String] {
        let components = paths.map { $0.split(separator: "/") }
        if components.allSatisfy({ $0.count > 1 && $0[0].count == 1 }) {
            return components.map { title($0.dropFirst()) }
        }
        let depth = components.map(\.count).max() ?? 0
        var titles = [String?](repeating: nil, count: paths.count)
        for count in 1 ... max(1, depth) {
            let candidates = components.map { title($0.suffix(count)) }
            let counts = Dictionary(candidates.map { ($0, 1) }, uniquingKeysWith: +)
            for index in paths.indices where titles[index] == nil && counts[candidates[index]] == 1 {
                titles[index] = candidates[index]
            }
        }
        return zip(titles, paths).map { $0 ?? $1 }
    }

    private static func title(_ components: ArraySlice<Substring>) -> String {
        components.reversed().joined(separator: " ")
    }
}

extension FolderTree {
    /// Whether there is a file at any depth.
    var hasFiles: Bool { !files.isEmpty || folders.contains(where: \.tree.hasFiles) }

    /// The number of files at any depth.
    var fileCount: Int { folders.reduce(files.count) { $0 + $1.tree.fileCount } }
}
