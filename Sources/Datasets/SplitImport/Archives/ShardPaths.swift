internal import Core
internal import Splits

/// The archives or tables of an import, relative to a common folder.
struct ShardPaths {
    struct Shard {
        /// The path that the user gave.
        let path: String
        /// The path below ``root``.
        let name: String
        /// The subset in the archive's name, or else in the name of its folder.
        let subset: Subset?

        /// The name of the file without its suffix: `n01440764` for `train/n01440764.tar`.
        var stem: String { String(lastComponent(of: name).prefix { $0 != "." }) }
    }

    let root: String
    /// The archives, sorted by the bytes of their names.
    let shards: [Shard]

    /// The archives at `paths`; `root` is a folder above all of them, or nil for the nearest one.
    ///
    /// - Throws: `usage` for an archive that is given twice, is not below `root`, or alone is not named after a subset.
    init(_ paths: [String], root: String?) throws(Fault) {
        let all = paths.map(Self.components)
        var common = root.map(Self.components) ?? Array(all.first?.dropLast() ?? [])
        if root == nil {
            for components in all {
                while !components.dropLast().starts(with: common) { common.removeLast() }
            }
        }
        var shards: [Shard] = []
        for (path, components) in zip(paths, all) {
            let rest = components.dropFirst(common.count)
            guard components.starts(with: common), !rest.isEmpty, !rest.contains(".."), rest.first != "" else {
                throw Fault(
                    .usage, path,
                    found: "an archive that is not below \(root.map { "'\($0)'" } ?? "the others' folder")",
                    expected: "archives below one folder",
                    remedy: "give a folder above all of them with \(option: "root")")
            }
            let subset =
                Subset(wordOf: lastComponent(of: path))
                ?? rest.dropLast().last.flatMap { Subset(folderName: String($0)) }
            shards.append(Shard(path: path, name: rest.joined(separator: "/"), subset: subset))
        }
        shards.sortByBytes(\.name)
        for (shard, next) in zip(shards, shards.dropFirst()) where next.name.hasBytes(of: shard.name) {
            throw Fault(
                .usage, next.path, found: "the same archive twice", expected: "each archive once",
                remedy: "give it once")
        }
        self.root = common.isEmpty ? "." : common == [""] ? "/" : common.joined(separator: "/")
        self.shards = shards
        if let without = shards.first(where: { $0.subset == nil }), let with = shards.first(where: { $0.subset != nil })
        {
            throw Fault(
                .usage, without.path, found: "a name without a subset, unlike '\(with.name)'",
                expected: "train, val or test in the names of all archives or of none",
                remedy: "rename the archive, or import it separately")
        }
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

    /// The components of a path; the first one of an absolute path is empty.
    private static func components(_ path: String) -> [Substring] {
        (path.hasPrefix("/") ? [""] : []) + path.split(separator: "/").filter { $0 != "." }
    }
}
