internal import Core
internal import FeatureStore
internal import Splits

/// The items of a subset to encode, and their rows in the unfinished features.
struct ResolvedSubset: Sendable {
    let name: Subset
    let items: ItemList
    /// The whole subset, if the items are a selection of it.
    let whole: WholePart?
    /// The number of stored views V per item, including the plain one.
    let views: Int
    let provenance: Provenance
    /// The row of the first item's view 0 among all rows.
    var firstRow = 0
    /// The ordinal of each repeated occurrence of a path, from 2, by item.
    private let repeats: [Int: Int]

    init(_ name: Subset, _ items: ItemList, whole: WholePart?, views: Int, provenance: Provenance) {
        self.name = name
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

    /// Selects consecutive items of `subset`, with the views that they have in it.
    init(_ subset: ResolvedSubset, _ range: Range<Int>) {
        name = subset.name
        views = subset.views
        items = subset.items.selecting(range)
        whole = nil
        var provenance = subset.provenance
        provenance.settings["items"] = "\(range.lowerBound) to \(range.upperBound - 1) of \(subset.items.count)"
        self.provenance = provenance
        // An item's views depend on its earlier occurrences in the whole subset.
        let inside = subset.repeats.filter { range.contains($0.key) }
        repeats = Dictionary(uniqueKeysWithValues: inside.map { ($0.key - range.lowerBound, $0.value) })
    }

    var kind: FeatureFile.Kind { FeatureFile.Kind(name) }
    var rows: Range<Int> { firstRow ..< firstRow + items.count * views }

    func row(_ item: Int, view: Int = 0) -> Int { firstRow + item * views + view }

    /// The item's path below the split's root.
    func path(_ item: Int) -> String { items[item].path }

    /// The item's path; `path#2` for its second occurrence, which has its own random views.
    func id(_ item: Int) -> String { items[item].path + (repeats[item].map { "#\($0)" } ?? "") }

    /// The tables and the provenance of a feature file with some of the items, which have rows.
    func description(
        of encoded: EncodedItems, classes: [String], findings: [String: String]?
    ) -> (items: PartItems, provenance: Provenance) {
        var provenance = provenance
        let skipped = items.count - encoded.items.count
        if skipped > 0 { provenance.settings["skipped"] = "\(skipped)" }
        provenance.findings = findings
        let whole = whole.map { whole in
            WholePart(rows: encoded.items.map { whole.rows[$0] }, labels: whole.labels)
        }
        let tables = PartItems(
            labels: encoded.items.map { items.labels[$0] }, ids: encoded.items.map(id), classes: classes,
            images: encoded.sums, whole: whole)
        return (tables, provenance)
    }
}

/// The items of a subset that have rows.
struct EncodedItems {
    /// The index of each item in the subset, ascending.
    var items: [Int] = []
    /// The checksum of each item's image.
    var sums: [UInt64] = []
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

/// The union of few-shot samples, in the order of the subset.
struct UnionOfSamples {
    let train: WholePart
    /// nil where no sample takes val items: then the whole subset is needed.
    let val: WholePart?

    /// Samples with every number of shots and every seed.
    init(_ request: SampleRequest, _ split: Split, subject: String) throws(Fault) {
        var train = RowUnion()
        var val = RowUnion()
        var isSampledFromVal = true
        let isValFromTrain = request.takesValFromTrain && split.val.isEmpty
        if isValFromTrain { try request.scheme.requireValFromTrain() }
        for shots in request.shots {
            for seed in request.seeds {
                if isValFromTrain {
                    let sample = FewShotSample(
                        request.scheme, trainAndValFrom: split.train.labels, shots: shots, seed: seed)
                    train.add(sample.train + (sample.val ?? []))
                    continue
                }
                let sample = try FewShotSample(
                    request.scheme, train: split.train.labels, val: split.val.labels, shots: shots, seed: seed,
                    subject: subject)
                train.add(sample.train)
                if let rows = sample.val { val.add(rows) } else { isSampledFromVal = false }
            }
        }
        self.train = WholePart(rows: train.rows, labels: split.train.labels)
        self.val = isSampledFromVal ? WholePart(rows: val.rows, labels: split.val.labels) : nil
    }
}

/// Row numbers, each as often as the sample that repeats it most.
private struct RowUnion {
    private var times: [Int: Int] = [:]

    mutating func add(_ rows: [Int]) {
        times.merge(Dictionary(rows.map { ($0, 1) }, uniquingKeysWith: +), uniquingKeysWith: max)
    }

    var rows: [Int32] {
        times.sorted { $0.key < $1.key }.flatMap { Array(repeating: Int32($0.key), count: $0.value) }
    }
}
