public import Core
internal import Splits

/// A unit of work for one worker: consecutive items, in the order of the split.
public struct Shard: Sendable, Codable, Equatable {
    /// Consecutive items of a part.
    public struct Slice: Sendable, Codable, Equatable {
        /// The part that the items belong to.
        public let part: Subset
        /// The index of the first item among the encoded items of the part.
        public let first: Int
        /// The number of items.
        public let count: Int

        var items: Range<Int> { first ..< first + count }
    }

    /// The index of the shard, from 0.
    public let index: Int
    /// The number of views to encode.
    public let views: Int
    /// At most one slice per part, in the order of the parts.
    public let slices: [Slice]
    /// The digest of the items' paths and labels.
    public let digest: Digest

    /// The prefix of the names of the shard's files, such as `00042`.
    var name: String { Shard.name(index) }

    static func name(_ index: Int) -> String {
        let digits = "\(index)"
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}

extension Shard {
    /// Cuts the items of all parts into `count` shards with about the same number of views.
    static func cut(_ plan: BuildPlan, into count: Int) throws(Fault) -> [Shard] {
        guard (1 ... plan.itemCount).contains(count), count <= 1_000_000 else {
            throw .configuration(
                option: "shards", found: "\(count)",
                expected: "1 to \(min(plan.itemCount, 1_000_000)), the number of items")
        }
        let classes = plan.split.split.classes
        let root = plan.split.split.root
        let ends = ends(plan, count)
        return (0 ..< count).map { index in
            let slices = plan.parts.indices.compactMap { place -> Slice? in
                let first = index == 0 ? 0 : ends[index - 1][place]
                let last = ends[index][place]
                return first < last ? Slice(part: plan.parts[place].part, first: first, count: last - first) : nil
            }
            var digests = ""
            var views = 0
            for slice in slices {
                guard let part = plan.parts.first(where: { $0.part == slice.part }) else { continue }
                digests +=
                    "\(slice.part.rawValue) \(part.items.selecting(slice.items).digest(root: root, classes: classes))\n"
                views += slice.count * part.views
            }
            return Shard(index: index, views: views, slices: slices, digest: Digest(of: digests))
        }
    }

    /// The number of items of each part in each shard and the shards before it [shards×parts].
    ///
    /// A shard ends at the first item that begins at or after its share of the views, but leaves one item per later
    /// shard.
    private static func ends(_ plan: BuildPlan, _ count: Int) -> [[Int]] {
        let total = plan.parts.reduce(0) { $0 + $1.items.count * $1.views }
        var ends: [[Int]] = []
        var taken = 0
        for index in 1 ... count {
            // In two terms, as the product may overflow.
            let target = total / count * index + total % count * index / count
            var views = 0
            var items = 0
            for part in plan.parts {
                let inside = max(0, min(part.items.count, (target - views + part.views - 1) / part.views))
                items += inside
                views += part.items.count * part.views
            }
            taken = index == count ? plan.itemCount : min(max(items, taken + 1), plan.itemCount - (count - index))
            var rest = taken
            ends.append(
                plan.parts.map { part in
                    let inside = min(rest, part.items.count)
                    rest -= inside
                    return inside
                })
        }
        return ends
    }
}
