internal import Core

/// The checksums of a feature file's items, by which equal ones are found.
///
/// The checksum of an image is that of its plain view, and the checksum of a class is that of all its prompts.
struct ItemSums {
    let path: String
    let part: FeatureFile.Kind
    /// The number of items of the file.
    let count: Int
    /// The items that were read: all, or those of evenly spaced blocks.
    private(set) var items: [Int] = []
    private(set) var sums: [UInt64] = []
    /// The smallest cosine similarity among some rows; nil if there are few.
    private(set) var smallestCosine: Float?

    /// The number of rows whose checksums form that of an item.
    private let promptCount: Int

    /// The size in bytes of the values that are read at a time.
    private static let blockBytes = 4 << 20
    /// The number of rows whose similarity is computed.
    private static let comparedCount = 64

    /// Reads the items of `file`; of a file of more than `limit` bytes, evenly spaced blocks of that size in total.
    init(_ file: borrowing FeatureFile, limit: Int) throws(Fault) {
        try self.init(named: file)
        let views = file.part == .text ? file.views : 1
        let itemBytes = file.views * file.width * file.type.width
        let size = max(1, Self.blockBytes / itemBytes)
        let blocks = (file.count - 1) / size + 1
        let taken = min(blocks, max(1, limit / (size * itemBytes)))
        var values: [Float] = []
        for index in 0 ..< taken {
            let start = index * blocks / taken * size
            let block = start ..< min(start + size, file.count)
            try file.read(block: block, views: 0 ..< views, into: &values)
            file.release(block)
            add(block, rowSums: RowScan.sums(values, width: file.width), stride: views)
        }
    }

    /// Takes the checksums of all rows of `file` [N×V].
    init(_ file: borrowing FeatureFile, rowSums: [UInt64]) throws(Fault) {
        try self.init(named: file)
        add(0 ..< file.count, rowSums: rowSums, stride: file.views)
    }

    private init(named file: borrowing FeatureFile) throws(Fault) {
        path = file.path
        part = file.part
        count = file.count
        promptCount = file.part == .text ? file.views : 1
        smallestCosine = try Self.smallestCosine(file)
    }

    /// Adds items with `stride` rows each, given the checksums of these.
    private mutating func add(_ block: Range<Int>, rowSums: [UInt64], stride: Int) {
        for (index, item) in block.enumerated() {
            items.append(item)
            let rows = rowSums[index * stride ..< index * stride + promptCount]
            sums.append(rows.reduce(0) { $0 &* 0x9E37_79B9_7F4A_7C15 &+ $1 })
        }
    }

    /// Compares evenly spaced rows with the first of them.
    private static func smallestCosine(_ file: borrowing FeatureFile) throws(Fault) -> Float? {
        let compared = min(comparedCount, file.count)
        guard compared >= 8 else { return nil }
        let width = file.width
        let rows = (0 ..< compared).map { $0 * file.count / compared }
        var values: [Float] = []
        try file.read(rows: rows, view: 0, into: &values)
        func product(_ left: Int, _ right: Int) -> Double {
            (0 ..< width).reduce(0) { $0 + Double(values[left * width + $1]) * Double(values[right * width + $1]) }
        }
        let cosines = (1 ..< compared).map { row in
            product(0, row) / (product(0, 0) * product(row, row)).squareRoot()
        }
        return cosines.min().map { Float($0) }
    }
}

extension ItemSums {
    /// Two equal items, and the number of all items that equal another one.
    struct Equality {
        /// The number of items that equal another one.
        let count: Int
        /// Whether all of these are equal.
        let isOneGroup: Bool
        let first: Int
        let second: Int
    }

    /// Finds equal items in the file.
    func equality() -> Equality? {
        let groups = Dictionary(grouping: items.indices) { sums[$0] }.values.filter { $0.count > 1 }
        guard let group = groups.min(by: { $0[0] < $1[0] }) else { return nil }
        return Equality(
            count: groups.reduce(0) { $0 + $1.count }, isOneGroup: groups.count == 1, first: items[group[0]],
            second: items[group[1]])
    }

    /// Finds the items that equal one of `other`, the second of the pair.
    func equality(with other: ItemSums) -> Equality? {
        let positions = Dictionary(zip(other.sums, other.items)) { first, _ in first }
        let equal = items.indices.filter { positions[sums[$0]] != nil }
        guard let first = equal.first, let second = positions[sums[first]] else { return nil }
        return Equality(count: equal.count, isOneGroup: false, first: items[first], second: second)
    }
}
