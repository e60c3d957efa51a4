internal import Core
internal import Glibc
internal import Splits

/// Suggestions for missing images: another data root, or a folder to rename.
struct RootHints {
    /// Data roots below which the split's root exists.
    private(set) var roots: [String] = []
    private(set) var renames: [CheckReport.Rename] = []

    /// Searches around the data root `base`, below which the split's `root` is missing.
    ///
    /// - Parameters:
    ///   - base: the data root that the user gave.
    ///   - root: the split's root.
    ///   - missing: the topmost missing folder of `root`.
    ///   - known: the split's folder names, by the names in newer downloads.
    init(base: String, root: String, missing: String, known: [String: String]) {
        renames = Self.renames(base: base, missing: missing, known: known)
        guard renames.isEmpty else { return }
        var above = base
        for _ in root.split(separator: "/") {
            above = Self.parent(of: above)
            if FileKind(at: "\(above)/\(root)") == .folder { roots.append(above) }
        }
        roots += Self.folders("\(Self.escaped(base))/*/\(Self.escaped(root))").map {
            String($0.dropLast(root.count + 1))
        }
        guard roots.isEmpty, let slash = root.firstIndex(of: "/") else { return }
        let first = String(root[..<slash])
        let rest = String(root[root.index(after: slash)...])
        guard missing == first else { return }
        // The data set's folder has another name, or its contents are in the data root itself.
        for found in Self.folders("\(Self.escaped(base))/*/\(Self.escaped(rest))") {
            renames.append(
                .init(expected: first, found: lastComponent(of: String(found.dropLast(rest.count + 1)))))
        }
        if FileKind(at: "\(base)/\(rest)") == .folder { renames.append(.init(expected: first, found: ".")) }
    }

    /// The data roots below which the item at `path` exists, one folder above `base` or up to two below.
    static func roots(of path: String, base: String, root: String) -> [String] {
        let below = root == "." ? path : "\(root)/\(path)"
        let up = parent(of: base)
        let isUp = if case .file = FileKind(at: "\(up)/\(below)") { true } else { false }
        let down = ["*", "*/*"].flatMap { matches("\(escaped(base))/\($0)/\(escaped(below))") }
        return (isUp ? [up] : []) + down.map { String($0.dropLast(below.count + 1)) }
    }

    /// The folders beside the missing one that have one of its other names in `known`.
    static func renames(base: String, missing: String, known: [String: String]) -> [CheckReport.Rename] {
        let name = lastComponent(of: missing)
        let parent = missing.count > name.count ? String(missing.dropLast(name.count)) : ""
        return known.keys.sorted().filter { known[$0] == name && FileKind(at: "\(base)/\(parent)\($0)") == .folder }
            .map { .init(expected: missing, found: parent + $0) }
    }

    private static func parent(of path: String) -> String {
        let last = lastComponent(of: path)
        return last.isEmpty || last == "." || last == ".." ? "\(path)/.." : parentFolder(of: path)
    }

    private static func escaped(_ path: String) -> String {
        String(path.flatMap { "*?[\\".contains($0) ? ["\\", $0] : [$0] })
    }

    private static func folders(_ pattern: String) -> [String] {
        matches(pattern).filter { FileKind(at: $0) == .folder }
    }

    /// The files and folders whose paths match `pattern`.
    ///
    /// The corresponding C function is `glob`.
    private static func matches(_ pattern: String) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        return unsafe (0 ..< Int(found.gl_pathc)).compactMap { index in
            unsafe found.gl_pathv[index].flatMap { unsafe String(validatingCString: $0) }
        }
    }
}
