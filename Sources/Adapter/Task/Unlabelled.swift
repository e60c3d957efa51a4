public import Core
public import Kernels

/// The items of a train part for methods without labels; gives no access to labels.
public struct Unlabelled: Sendable {
    private let source: any UnlabelledSource

    /// Takes all items of a train part.
    ///
    /// - Throws: `badData` if the source is no train part or has no items.
    public init(_ source: any UnlabelledSource) throws(Fault) {
        guard source.part == .train else {
            throw .badData(source.name, found: "the \(source.part.rawValue) part", expected: "the train part")
        }
        guard source.count > 0 else {
            throw .badData(source.name, found: "no items to train on", expected: "at least one")
        }
        self.source = source
    }

    /// The number of items.
    public var count: Int { source.count }
    /// D.
    public var width: Int { source.width }

    /// Calls `body` with each block of items and their plain views, unit rows [B×D].
    public func forEachBlock(of size: Int, _ body: (Range<Int>, Matrix) throws(Fault) -> Void) throws(Fault) {
        for start in stride(from: 0, to: count, by: size) {
            let block = start ..< min(count, start + size)
            var features = try source.read(rows: Array(block), view: 0)
            normalizeRows(&features)
            try body(block, features)
        }
    }

    /// The items `rows` with pseudo-labels.
    public func labelled(_ rows: [Int], as labels: [Int], classCount: Int) -> Support {
        Support(source, rows: rows, labels: labels, classCount: classCount)
    }
}
