public import Core
internal import Kernels

/// The items of a train part for methods without labels; gives no access to labels.
public struct Unlabelled: Sendable {
    private let source: any UnlabelledSource

    /// Takes all items of a train part.
    ///
    /// - Throws: `badData` if the source is no train part or has no items.
    public init(_ source: any UnlabelledSource) throws(Fault) {
        try source.require(.train)
        guard source.count > 0 else {
            throw .badData(source.name, found: "no items to train on", expected: "at least one")
        }
        self.source = source
    }

    /// The width D of the features.
    var width: Int { source.width }

    /// Calls `body` with each block of items and their plain views, unit rows [B×D].
    func forEachBlock(of size: Int, _ body: (Range<Int>, Matrix) throws(Fault) -> Void) throws(Fault) {
        for block in (0 ..< source.count).blocks(of: size) {
            var features = try source.read(rows: Array(block), view: 0)
            normalizeRows(&features)
            try body(block, features)
        }
    }

    /// The items `rows` with pseudo-labels.
    func labelled(_ rows: [Int], as labels: [Int], classCount: Int) -> Support {
        Support(source, rows: rows, labels: labels, classCount: classCount)
    }
}

extension Range<Int> {
    /// The range in blocks of `size`; the last may be smaller.
    func blocks(of size: Int) -> some Sequence<Range<Int>> {
        stride(from: lowerBound, to: upperBound, by: size).lazy.map { $0 ..< Swift.min($0 + size, upperBound) }
    }
}
