internal import Catalog
internal import Core
internal import Splits

/// The comparison of a split's counts with the published ones.
enum CountComparison {
    /// Compares a whole split with the catalog, and a few-shot sample with its number of shots.
    ///
    /// For a selection of a data set's classes, the published counts are upper limits.
    ///
    /// - Returns: the differences, and the kind of the reference; nil if there is none.
    static func differences(
        _ split: Split, _ catalog: [DatasetEntry] = Catalog.entries
    ) -> (differences: [CheckReport.CountDifference], source: CheckReport.CountSource?) {
        let entry = catalog.first { $0.name == split.origin?.dataset ?? split.dataset }
        var differences = split.sample.map { sampleDifferences(split, $0) } ?? []
        let published = split.origin == nil ? CheckReport.CountSource.catalog : .classesOfCatalog
        let source: CheckReport.CountSource? = split.sample == nil ? entry.map { _ in published } : .sample
        guard let entry else { return (differences, source) }
        func compare(_ what: String, _ found: Int, _ expected: Int) {
            let isWrong = split.origin == nil ? found != expected : found > expected
            if isWrong { differences.append(.init(what: what, found: found, expected: expected, source: published)) }
        }
        compare("classes", split.classes.count, entry.classCount)
        if split.sample == nil {
            compare("train items", split.train.count, entry.counts.train)
            compare("val items", split.val.count, entry.counts.val)
        }
        compare("test items", split.test.count, entry.counts.test)
        if let last = split.origin?.labels.max(), last >= entry.classCount {
            differences.append(
                .init(what: "highest label of origin", found: last, expected: entry.classCount - 1, source: published))
        }
        return (differences, source)
    }

    private static func sampleDifferences(_ split: Split, _ sample: SampleRecord) -> [CheckReport.CountDifference] {
        var differences: [CheckReport.CountDifference] = []
        func compare(_ subset: Subset, atMost most: Int, fills: Bool) {
            for (label, count) in split[subset].counts(classCount: split.classes.count).enumerated()
            where count > most || (fills && count > 0 && count < most) {
                differences.append(
                    .init(
                        what: "\(subset.rawValue) items of '\(split.classes[label])'", found: count, expected: most,
                        source: .sample))
            }
        }
        compare(.train, atMost: sample.shots, fills: sample.scheme != .coop)
        // Tip-Adapter's scheme leaves the val subset whole.
        if sample.scheme != .tip || split.provenance.settings["val"] != nil {
            compare(.val, atMost: min(sample.shots, 4), fills: sample.scheme == .lpclip)
        }
        return differences
    }
}
