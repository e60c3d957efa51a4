public import Core
internal import Splits

/// The part of a build that one worker does in one go: some items, in the order of the split.
public struct Shard: Sendable, Codable, Equatable {
    /// Consecutive items of a part.
    public struct Slice: Sendable, Codable, Equatable {
        public let part: Subset
        /// The first item among those of the part that are encoded.
        public let first: Int
        public let count: Int

        var items: Range<Int> { first ..< first + count }
    }

    /// Counted from 0.
    public let index: Int
    /// Views to encode.
    public let views: Int
    /// At most one for each part, in their order.
    public let slices: [Slice]
    /// SHA-256 of the items' paths and labels.
    public let digest: Digest

    /// `00042`: what the names of the shard's files start with.
    var name: String { Shard.name(index) }

    static func name(_ index: Int) -> String {
        let digits = "\(index)"
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}

extension Shard {
    /// Cuts the items of all parts into `count` shards with about as many views each, between items.
    static func cut(_ plan: BuildPlan, into count: Int) throws(Fault) -> [Shard] {
        guard (1 ... plan.itemCount).contains(count), count <= 1_000_000 else {
            throw .configuration(
                option: "shards", found: "\(count)",
                expected: "1 to \(min(plan.itemCount, 1_000_000)), the number of items")
        }
        let (classes, root) = (plan.split.split.classes, plan.split.split.root)
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

    /// For each shard, and each part, how many of the part's items are in it and those before.
    ///
    /// A shard ends at the first item that begins at its share of the views, but leaves an item for each shard that follows.
    private static func ends(_ plan: BuildPlan, _ count: Int) -> [[Int]] {
        let total = plan.parts.reduce(0) { $0 + $1.items.count * $1.views }
        var ends: [[Int]] = []
        var taken = 0
        for index in 1 ... count {
            // In two factors, as the product may not fit.
            let target = total / count * index + total % count * index / count
            var (views, items) = (0, 0)
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
