internal import Core
internal import Splits

/// The archives or tables of an import, relative to a common folder.
struct ShardPaths {
    struct Shard {
        /// The path that the user gave.
        let path: String
        /// The path below ``root``.
        let name: String
        let subset: Subset?
    }

    let root: String
    /// The archives, sorted by the bytes of their names.
    let shards: [Shard]

    /// - Parameters:
    ///   - paths: the archives.
    ///   - root: a folder above all of them; nil for the nearest one.
    /// - Throws: `usage` for an archive that is given twice or is not below `root`, and if only some are named after a
    ///   subset.
    init(_ paths: [String], root: String?) throws(Fault) {
        let all = paths.map(Self.components)
        let common: [Substring]
        if let root {
            common = Self.components(root)
        } else {
            var shared = all.first.map { Array($0.dropLast()) } ?? []
            for components in all {
                while !components.dropLast().starts(with: shared) { shared.removeLast() }
            }
            common = shared
        }
        var named: [(path: String, name: String)] = []
        for (path, components) in zip(paths, all) {
            let rest = components.dropFirst(common.count)
            guard components.starts(with: common), !rest.isEmpty, !rest.contains(".."), rest.first != "/" else {
                throw Fault(
                    .usage, path,
                    found: "an archive that is not below \(root.map { "'\($0)'" } ?? "the others' folder")",
                    expected: "archives below one folder", remedy: "give a folder above all of them with --root")
            }
            named.append((path, rest.joined(separator: "/")))
        }
        named.sortByBytes(\.name)
        for index in named.indices.dropFirst() where named[index].name.hasBytes(of: named[index - 1].name) {
            throw Fault(
                .usage, named[index].path, found: "the same archive twice", expected: "each archive once",
                remedy: "give it once")
        }
        self.root = Self.joined(common)
        shards = named.map { Shard(path: $0.path, name: $0.name, subset: Self.subset(ofShard: $0.name)) }
        if let without = shards.first(where: { $0.subset == nil }), let with = shards.first(where: { $0.subset != nil })
        {
            throw Fault(
                .usage, without.path, found: "a name without a subset, unlike '\(with.name)'",
                expected: "train, val or test in the names of all archives or of none",
                remedy: "rename the archive, or import it separately")
        }
    }

    /// The subset in an archive's name, or else in the name of its folder.
    private static func subset(ofShard name: String) -> Subset? {
        Subset(wordOf: lastComponent(of: name))
            ?? name.split(separator: "/").dropLast().last.flatMap { Subset(commonName: $0) }
    }

    /// The data set's name: `imagenet` for `imagenet-train-000123.tar`.
    var dataset: String {
        let stem = shards.first.map { lastComponent(of: $0.name).prefix { $0 != "." } } ?? ""
        var words = stem.split(whereSeparator: { $0 == "-" || $0 == "_" })
        words.removeAll { Subset(commonName: $0) != nil }
        // Removes numbers such as `00000-of-00002`.
        while let word = words.last, word == "of" || word.allSatisfy(\.isNumber) { words.removeLast() }
        return words.isEmpty ? SplitImport.datasetName(folder: root) : words.joined(separator: "-")
    }

    /// The components of a path; the first one of an absolute path is `/`.
    private static func components(_ path: String) -> [Substring] {
        (path.hasPrefix("/") ? ["/"] : []) + path.split(separator: "/").filter { $0 != "." }
    }

    private static func joined(_ components: [Substring]) -> String {
        guard components.first == "/" else { return components.isEmpty ? "." : components.joined(separator: "/") }
        return "/" + components.dropFirst().joined(separator: "/")
    }
}
