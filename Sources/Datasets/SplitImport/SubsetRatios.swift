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

    /// Divides each class of `items`: after a shuffle, the first items go to test, the next ones to val.
    ///
    /// Counts are rounded half to even. At least one item of each class stays in train, at the expense of val first.
    /// In each subset, the items keep their order in `items`.
    func divide(_ items: ItemList, classCount: Int) -> [Subset: ItemList] {
        var rows = [[Int]](repeating: [], count: classCount)
        for (row, label) in items.labels.enumerated() { rows[Int(label)].append(row) }
        var random = PythonRandom(seed: seed)
        var divided: [Subset: [Int]] = [.train: [], .val: [], .test: []]
        for rows in rows where !rows.isEmpty {
            var shuffled = rows
            random.shuffle(&shuffled)
            let spare = rows.count - 1
            let tests = min(spare, pythonRound(rows.count, times: test))
            let vals = min(spare - tests, pythonRound(rows.count, times: val))
            divided[.test, default: []] += shuffled[..<tests]
            divided[.val, default: []] += shuffled[tests ..< tests + vals]
            divided[.train, default: []] += shuffled[(tests + vals)...]
        }
        return divided.mapValues { items.selecting($0.sorted()) }
    }

    /// The ratios and seed in the provenance.
    var record: [String: String] { ["val": "\(val)", "test": "\(test)", "seed": "\(seed)"] }
}
