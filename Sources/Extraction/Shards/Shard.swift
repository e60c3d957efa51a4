public import Core
internal import Splits

/// A unit of work for one worker: consecutive items, in the order of the split.
public struct Shard: Sendable, Codable, Equatable {
    /// Consecutive items of a subset.
    public struct Slice: Sendable, Codable, Equatable {
        /// The subset that the items belong to.
        public let subset: Subset
        /// The index of the first item among the encoded items of the subset.
        public let first: Int
        /// The number of items.
        public let count: Int

        private enum CodingKeys: String, CodingKey {
            case subset = "part"
            case first, count
        }

        var items: Range<Int> { first ..< first + count }
    }

    /// The index of the shard, from 0.
    public let index: Int
    /// The number of views to encode.
    public let views: Int
    /// At most one slice per subset, in the order of the subsets.
    public let slices: [Slice]
    /// The digest of the items' paths and labels.
    public let digest: Digest

    var itemCount: Int { slices.reduce(0) { $0 + $1.count } }

    /// The prefix of the names of a shard's files, such as `00042`.
    static func name(_ index: Int) -> String {
        let digits = "\(index)"
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}

extension Shard {
    /// Cuts the items of all subsets into `count` shards with about the same number of views.
    static func cut(_ resolved: ResolvedBuild, into count: Int) throws(Fault) -> [Shard] {
        let most = min(resolved.itemCount, 1_000_000)
        guard (1 ... most).contains(count) else {
            throw .configuration(
                option: "shards", found: "\(count)", expected: "1 to \(most), the number of items")
        }
        let split = resolved.split.split
        var start = 0
        return ends(resolved, count).enumerated().map { index, end in
            var slices: [Slice] = []
            var views = 0
            var digests = ""
            var before = 0
            for subset in resolved.subsets {
                let items = max(0, start - before) ..< max(0, start - before, min(subset.items.count, end - before))
                before += subset.items.count
                guard !items.isEmpty else { continue }
                slices.append(Slice(subset: subset.name, first: items.lowerBound, count: items.count))
                views += items.count * subset.views
                let digest = subset.items.selecting(items).digest(root: split.root, classes: split.classes)
                digests += "\(subset.name.rawValue) \(digest)\n"
            }
            start = end
            return Shard(index: index, views: views, slices: slices, digest: Digest(of: digests))
        }
    }

    /// The number of items in each shard and the shards before it.
    ///
    /// A shard ends at the first item that begins at or after its share of the views, but leaves one item per later
    /// shard.
    private static func ends(_ resolved: ResolvedBuild, _ count: Int) -> [Int] {
        let total = resolved.viewCount
        var taken = 0
        return (1 ... count).map { index in
            // In two terms, as the product may overflow.
            let target = total / count * index + total % count * index / count
            var views = 0
            var items = 0
            for subset in resolved.subsets {
                items += max(0, min(subset.items.count, (target - views + subset.views - 1) / subset.views))
                views += subset.rows.count
            }
            let most = resolved.itemCount - (count - index)
            taken = index == count ? most : min(max(items, taken + 1), most)
            return taken
        }
    }
}
