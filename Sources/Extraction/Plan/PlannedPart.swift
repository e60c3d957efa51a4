internal import Core
internal import FeatureStore
internal import Splits

/// The items of a subset to encode, and their rows in the unfinished features.
struct PlannedPart: Sendable {
    let part: Subset
    /// The feature file of the items.
    var file: FeatureFile.Kind { FeatureFile.Kind(part) }
    let items: ItemList
    /// The whole subset, if the items are a selection of it.
    let whole: WholePart?
    /// The number of stored views V per item, including the plain one.
    let views: Int
    var provenance: Provenance
    /// The row of the first item's view 0 among all rows.
    var firstRow = 0
    /// The ordinal of each repeated occurrence of a path, from 2, by item.
    private let repeats: [Int: Int]

    init(_ part: Subset, _ items: ItemList, whole: WholePart?, views: Int, provenance: Provenance) {
        self.part = part
        self.items = items
        self.whole = whole
        self.views = views
        self.provenance = provenance
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
        self.part = part.part
        views = part.views
        items = part.items.selecting(range)
        whole = nil
        provenance = part.provenance
        provenance.settings["items"] = "\(range.lowerBound) to \(range.upperBound - 1) of \(part.items.count)"
        // An item's views depend on its earlier occurrences in the whole subset.
        repeats = Dictionary(
            uniqueKeysWithValues: part.repeats.filter { range.contains($0.key) }.map {
                ($0.key - range.lowerBound, $0.value)
            })
    }

    /// Consecutive items, with the views that they have in the whole subset.
    func slice(_ range: Range<Int>) -> PlannedPart { PlannedPart(self, range) }

    var rows: Range<Int> { firstRow ..< firstRow + items.count * views }

    func row(_ item: Int, view: Int = 0) -> Int { firstRow + item * views + view }

    /// The item's path below the split's root.
    func path(_ item: Int) -> String { items[item].path }

    /// The item's path; `path#2` for its second occurrence, which has its own random views.
    func id(_ item: Int) -> String { items[item].path + (repeats[item].map { "#\($0)" } ?? "") }
}

extension ItemList {
    /// The SHA-256 of the items, the names of their classes, and their folder, on which the features depend.
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
