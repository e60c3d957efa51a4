public import Core
internal import Splits

/// How the items of each class are cut into parts where nothing else says which part they are in.
public struct SubsetRatios: Sendable, Equatable {
    public let val: Double
    public let test: Double
    public let seed: Int

    /// A tenth to choose settings on and a fifth to test on.
    public static let usual = SubsetRatios()

    private init() { (val, test, seed) = (0.1, 0.2, 1) }

    /// The given ratios, and the usual ones where nil is given.
    ///
    /// - Throws: `usage` for ratios that leave nothing to train on.
    public init(val: Double?, test: Double?, seed: Int?) throws(Fault) {
        self.val = val ?? Self.usual.val
        self.test = test ?? Self.usual.test
        self.seed = seed ?? Self.usual.seed
        for (name, ratio) in [("--val", self.val), ("--test", self.test)] where !(0 ..< 1).contains(ratio) {
            throw Fault(
                .usage, name, found: "\(ratio)", expected: "a ratio from 0 to below 1, as 0.1",
                remedy: "choose another ratio")
        }
        guard self.val + self.test < 1 else {
            throw Fault(
                .usage, "--val and --test", found: "\(self.val) and \(self.test), which leave nothing to train on",
                expected: "ratios that add up to less than 1", remedy: "choose smaller ratios")
        }
    }

    /// Cuts every class of `items` on its own: shuffled, its first items go to test, the next ones to val.
    ///
    /// Counts are rounded half to even. One item of each class is left to train on, whatever the ratios; it is taken
    /// from val first. In each part, the items are in the order that they have in `items`.
    func cut(_ items: ItemList, classCount: Int) -> [Subset: ItemList] {
        var rows = [[Int]](repeating: [], count: classCount)
        for (row, label) in items.labels.enumerated() { rows[Int(label)].append(row) }
        var random = PythonRandom(seed: seed)
        var partRows: [Subset: [Int]] = [.train: [], .val: [], .test: []]
        for rows in rows where !rows.isEmpty {
            var shuffled = rows
            random.shuffle(&shuffled)
            let spare = rows.count - 1
            let tests = min(spare, Self.share(test, of: rows.count))
            let vals = min(spare - tests, Self.share(val, of: rows.count))
            partRows[.test, default: []] += shuffled[..<tests]
            partRows[.val, default: []] += shuffled[tests ..< tests + vals]
            partRows[.train, default: []] += shuffled[(tests + vals)...]
        }
        return partRows.mapValues { items.selecting($0.sorted()) }
    }

    private static func share(_ ratio: Double, of count: Int) -> Int {
        Int((Double(count) * ratio).rounded(.toNearestOrEven))
    }

    /// What provenance says of the cut.
    var record: [String: String] { ["val": "\(val)", "test": "\(test)", "seed": "\(seed)"] }
}
