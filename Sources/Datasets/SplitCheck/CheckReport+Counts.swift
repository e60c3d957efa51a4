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
                part: subset, items: split[subset].count, classes: present.count, fewest: present.min() ?? 0,
                most: present.max() ?? 0)
        }
        classes = split.classes.enumerated().map { label, name in
            ClassSize(name: name, train: counts[0][label], val: counts[1][label], test: counts[2][label])
        }
        let comparison = CountComparison.differences(split)
        countDifferences = comparison.differences
        comparedWith = comparison.source.map { [$0] } ?? []
        // Small classes often have no items in val.
        for (index, subset) in [(0, Subset.train), (2, .test)] where !split[subset].isEmpty {
            emptyClasses += split.classes.indices.filter { counts[index][$0] == 0 }
                .map { ClassCount(name: split.classes[$0], part: subset, items: 0) }
        }
        guard split.sample == nil else { return }
        smallClasses = split.classes.indices.filter { (1 ..< Self.commonShots).contains(counts[0][$0]) }
            .map { ClassCount(name: split.classes[$0], part: .train, items: counts[0][$0]) }
    }
}
