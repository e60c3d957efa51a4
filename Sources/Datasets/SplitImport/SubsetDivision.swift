package import Core
package import Splits

/// The division of a data set's items into subsets by hashes of their paths.
///
/// The units of a class are ordered by the XXH3-64 of the seed, a zero byte and their key. The first units go to test
/// and the last ones to val. An item that is added or removed thus moves at most one other unit between train and
/// test, and one between train and val; other classes do not change.
package struct SubsetDivision {
    private let ratios: SubsetRatios
    /// The subset of each item in a former split [N], which it keeps; nil for new items.
    private let kept: [Subset?]

    package init(_ ratios: SubsetRatios, kept: [Subset?] = []) {
        self.ratios = ratios
        self.kept = kept
    }

    /// Divides each class of `items`, whose order is kept in each subset.
    ///
    /// `units` has the key of the unit that each item belongs to [N]; nil for the items' paths. A unit is never
    /// divided, and counts for the class of most of its items. Counts are rounded half to even. At least one unit of
    /// each class stays in train, at the expense of val first.
    package func divide(_ items: ItemList, classCount: Int, units keys: [[UInt8]]? = nil) -> [Subset: ItemList] {
        var classes = [[Unit]](repeating: [], count: classCount)
        for unit in units(of: items, keys) { classes[unit.label].append(unit) }
        var rows: [Subset: [Int]] = [.train: [], .val: [], .test: []]
        for units in classes {
            for (unit, subset) in zip(units, assignments(of: units)) { rows[subset, default: []] += unit.rows }
        }
        return rows.mapValues { items.selecting($0.sorted()) }
    }

    /// Items that are assigned together.
    private struct Unit {
        let rows: ArraySlice<Int>
        let label: Int
        let kept: Subset?
        var count: Int { rows.count }
    }

    /// The units in the order of their hashes.
    private func units(of items: ItemList, _ keys: [[UInt8]]?) -> [Unit] {
        let prefix = Array("\(ratios.seed)".utf8) + [0]
        let hashes = items.indices.map { row in
            let key = prefix + (keys?[row] ?? Array(items.pathBytes(row)))
            return checksum(of: key[...])
        }
        let order = items.indices.sorted { (hashes[$0], $0) < (hashes[$1], $1) }
        var units: [Unit] = []
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, hashes[order[end]] == hashes[order[start]] { end += 1 }
            let rows = order[start ..< end]
            let label = Self.commonest(rows.map { Int(items.labels[$0]) }) ?? 0
            let former = kept.isEmpty ? [] : rows.compactMap { kept[$0] }
            let subset = Self.commonest(former.compactMap(Subset.allCases.firstIndex(of:)))
            units.append(Unit(rows: rows, label: label, kept: subset.map { Subset.allCases[$0] }))
            start = end
        }
        return units
    }

    /// The most frequent number, which is the least of several; nil for no numbers.
    private static func commonest(_ numbers: [Int]) -> Int? {
        guard numbers.count > 1 else { return numbers.first }
        let counts = Dictionary(numbers.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.min { (-$0.value, $0.key) < (-$1.value, $1.key) }?.key
    }

    /// The subset of each of a class's units.
    private func assignments(of units: [Unit]) -> [Subset] {
        var subsets = units.map(\.kept)
        func count(_ subset: Subset) -> Int { zip(units, subsets).reduce(0) { $0 + ($1.1 == subset ? $1.0.count : 0) } }
        let items = units.reduce(0) { $0 + $1.count }
        let tests = min(items - 1, pythonRound(items, times: ratios.test))
        let vals = min(items - 1 - tests, pythonRound(items, times: ratios.val))
        // One new unit stays in train unless a former one does.
        var free = subsets.count { $0 == nil } - (subsets.contains(.train) ? 0 : 1)
        for (subset, wanted, order) in [
            (Subset.test, tests, Array(units.indices)), (.val, vals, units.indices.reversed()),
        ] {
            var taken = count(subset)
            // A unit is taken if the count comes no further from the wanted one.
            for index in order where subsets[index] == nil && free > 0 && 2 * (wanted - taken) >= units[index].count {
                subsets[index] = subset
                taken += units[index].count
                free -= 1
            }
        }
        return subsets.map { $0 ?? .train }
    }
}
