internal import Core
internal import Splits

extension CheckReport {
    /// A class with fewer items to train on cannot give the largest draw that papers report.
    static let usualShots = 16

    /// What the split alone says.
    init(_ split: Split, name: String) {
        (self.split, dataset, root) = (name, split.dataset, split.root)
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        parts = zip(Subset.allCases, counts).map { part, counts in
            let present = counts.filter { $0 > 0 }
            return PartNumbers(
                part: part, items: split[part].count, classes: present.count, fewest: present.min() ?? 0,
                most: present.max() ?? 0)
        }
        classes = split.classes.enumerated().map { label, name in
            ClassNumbers(name: name, train: counts[0][label], val: counts[1][label], test: counts[2][label])
        }
        let comparison = CountComparison.differences(split)
        countDifferences = comparison.differences
        comparedWith = comparison.source.map { [$0] } ?? []
        // Small classes often have no items in val.
        for (place, part) in [(0, Subset.train), (2, .test)] where !split[part].isEmpty {
            emptyClasses += split.classes.indices.filter { counts[place][$0] == 0 }
                .map { ClassCount(name: split.classes[$0], part: part, items: 0) }
        }
        guard split.sample == nil else { return }
        smallClasses = split.classes.indices.filter { (1 ..< Self.usualShots).contains(counts[0][$0]) }
            .map { ClassCount(name: split.classes[$0], part: .train, items: counts[0][$0]) }
    }
}
