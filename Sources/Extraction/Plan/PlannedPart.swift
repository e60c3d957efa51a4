internal import Core
internal import FeatureStore
internal import Splits

/// The items of a part that are to be encoded, and their rows in the unfinished features.
struct PlannedPart: Sendable {
    let part: Subset
    /// The feature file of the items.
    var file: FeatureFile.Kind { FeatureFile.Kind(part) }
    let items: ItemList
    /// Of what the items are a selection.
    let whole: WholePart?
    /// Views V that are stored of each item, the plain one included.
    let views: Int
    var provenance: Provenance
    /// The row of the first item's view 0 among all rows.
    var firstRow = 0
    /// Which time an item's path occurs, counted from 1, for those that occur again.
    private let repeats: [Int: Int]

    init(_ part: Subset, _ items: ItemList, whole: WholePart?, views: Int, provenance: Provenance) {
        (self.part, self.items, self.whole, self.views, self.provenance) = (part, items, whole, views, provenance)
        var seen: [String: Int] = [:]
        var repeats: [Int: Int] = [:]
        seen.reserveCapacity(items.count)
        for index in items.indices {
            let time = seen[items[index].path, default: 0] + 1
            seen[items[index].path] = time
            if time > 1 { repeats[index] = time }
        }
        self.repeats = repeats
    }

    private init(_ part: PlannedPart, _ range: Range<Int>) {
        (self.part, views) = (part.part, part.views)
        (items, whole) = (part.items.selecting(range), nil)
        provenance = part.provenance
        provenance.settings["items"] = "\(range.lowerBound) to \(range.upperBound - 1) of \(part.items.count)"
        // An item's views follow from how often it came before, in the whole part.
        repeats = Dictionary(
            uniqueKeysWithValues: part.repeats.filter { range.contains($0.key) }.map {
                ($0.key - range.lowerBound, $0.value)
            })
    }

    /// Some consecutive items, whose views are those that they have in the whole part.
    func slice(_ range: Range<Int>) -> PlannedPart { PlannedPart(self, range) }

    var rows: Range<Int> { firstRow ..< firstRow + items.count * views }

    func row(_ item: Int, view: Int = 0) -> Int { firstRow + item * views + view }

    /// The item's path below the split's root.
    func path(_ item: Int) -> String { items[item].path }

    /// The item's path; `path#2` for one that was sampled a second time, which has random views of its own.
    func id(_ item: Int) -> String { items[item].path + (repeats[item].map { "#\($0)" } ?? "") }
}

extension ItemList {
    /// The SHA-256 of the items, their classes' names and the folder that they lie in: what a part's features depend on.
    func digest(root: String, classes: [String]) -> Digest {
        var hasher = Digest.Hasher()
        var block: [UInt8] = []
        for text in ["fewshot part 1", root] + classes { block += Array(text.utf8) + [0] }
        for index in indices {
            block += pathBytes(index)
            block += [0] + Array("\(labels[index])".utf8) + [0]
            if block.count > 1 << 16 {
                unsafe hasher.update(block.span.bytes)
                block.removeAll(keepingCapacity: true)
            }
        }
        unsafe hasher.update(block.span.bytes)
        return hasher.finish()
    }
}
