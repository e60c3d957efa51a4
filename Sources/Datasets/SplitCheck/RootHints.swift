internal import Core
internal import Splits

/// Suggestions for missing images: another data root, or a folder to rename.
struct RootHints {
    /// Data roots below which the split's root exists.
    private(set) var roots: [String] = []
    private(set) var renames: [CheckReport.Rename] = []

    /// Searches around the data root `base`, below which `missing` is the topmost missing folder of the split's `root`.
    ///
    /// `known` has the split's folder names, by the names in newer downloads.
    init(base: String, root: String, missing: String, known: [String: String]) {
        renames = Self.renames(base: base, missing: missing, known: known)
        guard renames.isEmpty else { return }
        var above = base
        for _ in root.split(separator: "/") {
            above = Self.parent(of: above)
            if FileKind(at: above.appending(path: root)) == .folder { roots.append(above) }
        }
        let below = Self.folders(in: base)
        roots += below.filter { FileKind(at: $0.appending(path: root)) == .folder }
        guard roots.isEmpty, let slash = root.firstIndex(of: "/") else { return }
        let first = String(root[..<slash])
        let rest = String(root[root.index(after: slash)...])
        guard missing == first else { return }
        // The data set's folder has another name, or its contents are in the data root itself.
        renames += below.filter { FileKind(at: $0.appending(path: rest)) == .folder }
            .map { .init(expected: first, found: lastComponent(of: $0)) }
        if FileKind(at: base.appending(path: rest)) == .folder { renames.append(.init(expected: first, found: ".")) }
    }

    /// The data roots below which the item at `path` exists, one folder above `base` or up to two below.
    static func roots(of path: String, base: String, root: String) -> [String] {
        let folders = folders(in: base)
        return ([parent(of: base)] + folders + folders.flatMap(folders(in:))).filter { folder in
            if case .file = FileKind(at: folder.appending(path: root == "." ? path : root.appending(path: path))) {
                true
            } else {
                false
            }
        }
    }

    /// The folders beside the missing one that have one of its other names in `known`.
    static func renames(base: String, missing: String, known: [String: String]) -> [CheckReport.Rename] {
        let name = lastComponent(of: missing)
        let parent = missing.count > name.count ? String(missing.dropLast(name.count)) : ""
        return known.keys.sorted().filter {
            known[$0] == name && FileKind(at: base.appending(path: "\(parent)\($0)")) == .folder
        }
        .map { .init(expected: missing, found: parent + $0) }
    }

    private static func parent(of path: String) -> String {
        let last = lastComponent(of: path)
        return last.isEmpty || last == "." || last == ".." ? path.appending(path: "..") : parentFolder(of: path)
    }

    /// Returns the paths of the folders in `path` whose names do not start with a period, sorted.
    private static func folders(in path: String) -> [String] {
        let names = (try? listFolder(path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.map { path.appending(path: $0) }
            .filter { FileKind(at: $0) == .folder }
    }
}
