public import Core
internal import Splits

/// The ratios for dividing the items of each class into subsets.
public struct SubsetRatios: Sendable, Equatable {
    /// The ratio of items to choose settings on.
    public let val: Double
    /// The ratio of items to test on.
    public let test: Double
    /// The seed of the shuffle.
    public let seed: Int

    /// A tenth to choose settings on and a fifth to test on.
    public static let standard = SubsetRatios(val: 0.1, test: 0.2, seed: 1)
}

extension SubsetRatios {
    /// The given ratios; nil stands for the standard value.
    ///
    /// - Throws: `usage` for ratios that leave nothing to train on.
    public init(val: Double?, test: Double?, seed: Int?) throws(Fault) {
        let standard = Self.standard
        self.init(val: val ?? standard.val, test: test ?? standard.test, seed: seed ?? standard.seed)
        let names: [OptionName] = ["val", "test"]
        for (name, ratio) in zip(names, [self.val, self.test]) where !(0 ..< 1).contains(ratio) {
            throw Fault(
                .usage, option: name, found: "\(ratio)",
                expected: "a ratio of at least 0 and less than 1, such as 0.1", remedy: "choose another ratio")
        }
        guard self.val + self.test < 1 else {
            throw Fault(
                .usage, "\(names[0]) and \(names[1])",
                found: "\(self.val) and \(self.test), which leave nothing to train on",
                expected: "ratios whose sum is less than 1", remedy: "choose smaller ratios")
        }
    }

    /// Divides each class of `items`: after a shuffle, the first units go to test, the next ones to val.
    ///
    /// `units` has the key of each item's unit [N], which is never divided and counts for the class of its first item;
    /// nil for items by themselves. Counts are rounded half to even. At least one unit of each class stays in train, at
    /// the expense of val first. In each subset, the items keep their order in `items`.
    func divide(_ items: ItemList, classCount: Int, units keys: [[UInt8]]? = nil) -> [Subset: ItemList] {
        var classes = [[[Int]]](repeating: [], count: classCount)
        if let keys {
            let units = Dictionary(grouping: items.indices) { keys[$0] }.values.sorted { $0[0] < $1[0] }
            for rows in units { classes[Int(items.labels[rows[0]])].append(rows) }
        } else {
            for (row, label) in items.labels.enumerated() { classes[Int(label)].append([row]) }
        }
        var random = PythonRandom(seed: seed)
        var divided: [Subset: [Int]] = [.train: [], .val: [], .test: []]
        for units in classes where !units.isEmpty {
            var shuffled = units
            random.shuffle(&shuffled)
            let count = units.reduce(0) { $0 + $1.count }
            let tests = min(count - 1, pythonRound(count, times: test))
            let vals = min(count - 1 - tests, pythonRound(count, times: val))
            for (subset, wanted) in [(Subset.test, tests), (.val, vals)] {
                var taken = 0
                var rest: [[Int]] = []
                for (index, unit) in shuffled.enumerated() {
                    // A unit is taken if the count then comes no further from the wanted one.
                    if 2 * (wanted - taken) >= unit.count, index + 1 < shuffled.count || !rest.isEmpty {
                        divided[subset, default: []] += unit
                        taken += unit.count
                    } else {
                        rest.append(unit)
                    }
                }
                shuffled = rest
            }
            divided[.train, default: []] += shuffled.flatMap(\.self)
        }
        return divided.mapValues { items.selecting($0.sorted()) }
    }

    /// The ratios and seed in the provenance.
    var record: [String: String] { ["val": "\(val)", "test": "\(test)", "seed": "\(seed)"] }
}
