internal import Catalog
internal import Core
internal import Splits

/// Whether a split has as many items as it should.
enum CountComparison {
    /// Compares with the catalog; a few-shot draw with its own shots, and some of a data set's classes as far as possible.
    ///
    /// - Returns: the differences, and what was compared with; nil where nothing is known.
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
        func compare(_ part: Subset, atMost most: Int, fills: Bool) {
            for (label, count) in split[part].counts(classCount: split.classes.count).enumerated()
            where count > most || (fills && count > 0 && count < most) {
                differences.append(
                    .init(
                        what: "\(part.rawValue) items of '\(split.classes[label])'", found: count, expected: most,
                        source: .sample))
            }
        }
        compare(.train, atMost: sample.shots, fills: sample.scheme != .coop)
        // Tip-Adapter's draw leaves the val part whole.
        if sample.scheme != .tip || split.provenance.settings["val"] != nil {
            compare(.val, atMost: min(sample.shots, 4), fills: sample.scheme == .lpclip)
        }
        return differences
    }
}
