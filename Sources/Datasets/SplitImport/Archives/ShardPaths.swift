internal import Core
internal import Splits

/// Archives as a split names them: below a folder that they share.
struct ShardPaths {
    struct Shard {
        /// As the user named it.
        let path: String
        /// Below ``root``.
        let name: String
        let part: Subset?
    }

    let root: String
    /// Sorted by the bytes of their names.
    let shards: [Shard]

    /// - Parameters:
    ///   - paths: the archives.
    ///   - root: a folder above all of them; nil for the nearest one.
    /// - Throws: `usage` for an archive that is given twice or is not below `root`, and where some are named after a
    ///   part and others are not.
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
                    expected: "archives below one folder", remedy: "name a folder above all of them with --root")
            }
            named.append((path, rest.joined(separator: "/")))
        }
        named.sortByBytes(\.name)
        for place in named.indices.dropFirst() where named[place].name.hasBytes(of: named[place - 1].name) {
            throw Fault(
                .usage, named[place].path, found: "the same archive twice", expected: "each once",
                remedy: "name it once")
        }
        self.root = Self.joined(common)
        shards = named.map { Shard(path: $0.path, name: $0.name, part: Self.part(ofShard: $0.name)) }
        if let without = shards.first(where: { $0.part == nil }), let with = shards.first(where: { $0.part != nil }) {
            throw Fault(
                .usage, without.path, found: "no part's name in it, while '\(with.name)' has one",
                expected: "train, val or test in the names of all archives or of none",
                remedy: "rename it, or import it on its own")
        }
    }

    /// The part that an archive's name says, or else the folder that it lies in.
    private static func part(ofShard name: String) -> Subset? {
        Subset(wordOf: lastComponent(of: name))
            ?? name.split(separator: "/").dropLast().last.flatMap { Subset(usualName: $0) }
    }

    /// What a data set is called whose archives these are: `imagenet` for `imagenet-train-000123.tar`.
    var dataset: String {
        let stem = shards.first.map { lastComponent(of: $0.name).prefix { $0 != "." } } ?? ""
        var words = stem.split(whereSeparator: { $0 == "-" || $0 == "_" })
        words.removeAll { Subset(usualName: $0) != nil }
        // `00000-of-00002` as well.
        while let word = words.last, word == "of" || word.allSatisfy(\.isNumber) { words.removeLast() }
        return words.isEmpty ? SplitImport.datasetName(folder: root) : words.joined(separator: "-")
    }

    /// The names in a path; the first one is `/` where it starts at the top.
    private static func components(_ path: String) -> [Substring] {
        (path.hasPrefix("/") ? ["/"] : []) + path.split(separator: "/").filter { $0 != "." }
    }

    private static func joined(_ components: [Substring]) -> String {
        guard components.first == "/" else { return components.isEmpty ? "." : components.joined(separator: "/") }
        return "/" + components.dropFirst().joined(separator: "/")
    }
}
