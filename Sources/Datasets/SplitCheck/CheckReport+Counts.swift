internal import Catalog
internal import Core
internal import Splits

extension CheckReport {
    /// The largest number of shots in papers; classes with fewer train items are reported.
    static let commonShots = 16

    /// The report on the split alone, without its files.
    init(_ split: Split, name: String) {
        self.split = name
        dataset = split.dataset
        root = split.root
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        subsets = zip(Subset.allCases, counts).map { subset, counts in
            let present = counts.filter { $0 > 0 }
            return SubsetSize(
                subset: subset, items: split[subset].count, classes: present.count, fewest: present.min() ?? 0,
                most: present.max() ?? 0)
        }
        classes = split.classes.enumerated().map { label, name in
            ClassSize(name: name, train: counts[0][label], val: counts[1][label], test: counts[2][label])
        }
        // Small classes often have no items in val.
        for (subset, counts) in [(Subset.train, counts[0]), (.test, counts[2])] where !split[subset].isEmpty {
            emptyClasses += counts.indices.filter { counts[$0] == 0 }
                .map { ClassCount(name: split.classes[$0], subset: subset, items: 0) }
        }
        if let sample = split.sample {
            comparedWith = [.sample]
            compareCounts(of: split, with: sample)
        } else {
            smallClasses = counts[0].indices.filter { (1 ..< Self.commonShots).contains(counts[0][$0]) }
                .map { ClassCount(name: split.classes[$0], subset: .train, items: counts[0][$0]) }
        }
        if let entry = Catalog.entry(named: split.origin?.dataset ?? split.dataset) {
            compareCounts(of: split, with: entry)
        }
    }

    /// Compares a few-shot sample with its number of shots.
    private mutating func compareCounts(of split: Split, with sample: SampleRecord) {
        func compare(_ subset: Subset, atMost most: Int, fills: Bool) {
            for (label, count) in split[subset].counts(classCount: split.classes.count).enumerated()
            where count > most || (fills && count > 0 && count < most) {
                countDifferences.append(
                    CountDifference(
                        what: "\(subset.rawValue) items of '\(split.classes[label])'", found: count, expected: most,
                        source: .sample))
            }
        }
        compare(.train, atMost: sample.shots, fills: sample.scheme != .coop)
        // Tip-Adapter's scheme leaves the val subset whole.
        if sample.scheme != .tip || split.provenance.settings["val"] != nil {
            compare(.val, atMost: min(sample.shots, 4), fills: sample.scheme == .lpclip)
        }
    }

    /// Compares the counts with the published ones, which are upper limits for a selection of a data set's classes.
    private mutating func compareCounts(of split: Split, with entry: DatasetEntry) {
        let source = split.origin == nil ? CountSource.catalog : .classesOfCatalog
        if split.sample == nil { comparedWith = [source] }
        func compare(_ what: String, _ found: Int, _ expected: Int) {
            guard source == .catalog ? found != expected : found > expected else { return }
            countDifferences.append(CountDifference(what: what, found: found, expected: expected, source: source))
        }
        compare("classes", split.classes.count, entry.classCount)
        if split.sample == nil {
            compare("train items", split.train.count, entry.counts.train)
            compare("val items", split.val.count, entry.counts.val)
        }
        compare("test items", split.test.count, entry.counts.test)
        if let last = split.origin?.labels.max() { compare("highest label of origin", last, entry.classCount - 1) }
    }
}
