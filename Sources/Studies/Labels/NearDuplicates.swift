internal import Adapter
public import Core
internal import Kernels
internal import Synchronization

/// Two items of different subsets with equal or nearly equal images.
public struct NearDuplicate: Sendable, Codable, Equatable {
    /// The id of the item in the earlier of train, val and test.
    public let item: String
    /// The subset of the item.
    public let subset: Subset
    /// The name of the item's class.
    public let label: String
    /// The id of the other item.
    public let other: String
    /// The subset of the other item.
    public let other_subset: Subset
    /// The name of the other item's class.
    public let other_label: String
    /// The cosine of the two features.
    public let cosine: Float
    /// The strongest evidence.
    public let kind: Kind

    /// The evidence that two images are the same.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The image files have equal checksums.
        case image
        /// The features are equal.
        case features
        /// The cosine of the features reaches the threshold.
        case cosine
    }
}

extension NearDuplicate {
    /// The number of pairs beyond which a list is useless.
    static let limit = 1_000_000

    /// Finds the pairs of items in different subsets whose cosine is at least `threshold`.
    ///
    /// Pairs of equal images come first, then pairs of equal features, then the others by descending cosine.
    ///
    /// - Throws: `configuration` for a threshold that is not from 0 to 1, or one with more than a million pairs.
    public static func all(in path: String, threshold: Float = 0.98) throws(Fault) -> [NearDuplicate] {
        guard threshold > 0, threshold <= 1 else {
            throw .configuration(option: "threshold", found: "\(threshold)", expected: "above 0, at most 1")
        }
        let folder = try OpenedFolder(path)
        let parts = [folder.train, folder.val, folder.test].compactMap(\.self)
        guard parts.count > 1 else {
            throw Fault(
                .noInput, path, found: "\(parts.count) subset", expected: "two subsets or more to compare",
                remedy: "name another folder")
        }
        let sides = try parts.map { part throws(Fault) in try ComparedPart(part, folder.classes) }
        var pairs: [NearDuplicate] = []
        for (place, first) in sides.enumerated() {
            for second in sides[(place + 1)...] {
                pairs += try first.pairs(with: second, threshold: threshold, limit: limit - pairs.count)
            }
        }
        let order = Dictionary(uniqueKeysWithValues: Kind.allCases.enumerated().map { ($1, $0) })
        return pairs.enumerated().sorted { a, b in
            let ranks = (order[a.element.kind] ?? 0, order[b.element.kind] ?? 0)
            guard ranks.0 == ranks.1 else { return ranks.0 < ranks.1 }
            return (b.element.cosine, a.offset) < (a.element.cosine, b.offset)
        }.map(\.element)
    }
}

/// A subset in memory, to be compared with others.
private struct ComparedPart: Sendable {
    let subset: Subset
    let ids: [String]
    let labels: [String]
    let images: [UInt64]?
    /// Unit features [N×D].
    let features: Matrix

    init(_ part: OpenedPart, _ classes: [String]) throws(Fault) {
        subset = part.part
        ids = try part.ids()
        labels = try part.labels().map { classes[$0] }
        images = try part.imageChecksums()
        features = try part.unitFeatures()
    }

    private static let block = 2048

    func pairs(with other: ComparedPart, threshold: Float, limit: Int) throws(Fault) -> [NearDuplicate] {
        var pairs: [NearDuplicate] = []
        for start in stride(from: 0, to: ids.count, by: Self.block) {
            let rows = start ..< min(ids.count, start + Self.block)
            let mine = features.rows(rows)
            for first in stride(from: 0, to: other.ids.count, by: Self.block) {
                let columns = first ..< min(other.ids.count, first + Self.block)
                let cosines = product(mine, other.features.rows(columns), transposingB: true)
                pairs += places(in: cosines, above: threshold - 1e-6).map { row, column in
                    pair(start + row, other, first + column, cosine: min(1, cosines[row, column]))
                }
                guard pairs.count <= limit else {
                    throw .configuration(
                        option: "threshold", found: "\(threshold), with more than \(NearDuplicate.limit) pairs",
                        expected: "a threshold that few pairs reach", remedy: "raise it")
                }
            }
        }
        return pairs
    }

    /// The rows and columns of the elements of at least `bound`, in order.
    private func places(in cosines: Matrix, above bound: Float) -> [(Int, Int)] {
        let found = Parallel.map(cosines.rows) { row in
            let values = cosines.row(row)
            return values.indices.filter { values[$0] >= bound }
        }
        return found.enumerated().flatMap { row, columns in columns.map { (row, $0) } }
    }

    private func pair(_ row: Int, _ other: ComparedPart, _ column: Int, cosine: Float) -> NearDuplicate {
        let isSameImage = images.flatMap { mine in other.images.map { mine[row] == $0[column] } } ?? false
        let isEqual = features.row(row) == other.features.row(column)
        return NearDuplicate(
            item: ids[row], subset: subset, label: labels[row], other: other.ids[column], other_subset: other.subset,
            other_label: other.labels[column], cosine: isEqual ? 1 : cosine,
            kind: isSameImage ? .image : isEqual ? .features : .cosine)
    }
}
