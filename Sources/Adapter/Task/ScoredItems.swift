internal import Core
internal import Kernels

/// Labeled items of a part, read block by block in their plain view.
struct ScoredItems: Sendable {
    private let source: any FeatureSource
    private let rows: [Int]?
    let labels: [Int]
    private let products: SharedProducts

    init(_ source: any FeatureSource, rows: [Int]?, _ products: SharedProducts?) throws(Fault) {
        let all = try source.labels()
        self.source = source
        self.rows = rows
        labels = rows.map { $0.map { all[$0] } } ?? all
        self.products = products ?? SharedProducts()
        guard !labels.isEmpty else { throw .badData(source.name, found: "no items", expected: "at least one") }
    }

    private init(_ source: any FeatureSource, rows: [Int], labels: [Int]) {
        self.source = source
        self.rows = rows
        self.labels = labels
        products = SharedProducts()
    }

    var count: Int { labels.count }

    /// Returns the items at `positions`.
    func selected(_ positions: [Int]) -> ScoredItems {
        ScoredItems(source, rows: positions.map { rows?[$0] ?? $0 }, labels: positions.map { labels[$0] })
    }

    /// The features [B×D] of the items `block`: unit rows, or as they are stored.
    private func queries(_ block: Range<Int>, raw: Bool) throws(Fault) -> Queries {
        var features = try source.read(rows: rows.map { Array($0[block]) } ?? Array(block), view: 0)
        if raw { return Queries(features) }
        normalizeRows(&features)
        return Queries(features, block: block, sharing: products)
    }

    /// Calls `body` with each block of items and its features [B×D].
    func forEachBlock(
        of size: Int, raw: Bool = false, _ body: (Range<Int>, Queries) throws(Fault) -> Void
    ) throws(Fault) {
        for block in (0 ..< count).blocks(of: size) {
            try body(block, queries(block, raw: raw))
            if rows == nil { source.release(block) }
        }
    }

    /// Calls `body` with each block of items and its logits [B×C].
    func forEachLogits(
        _ classifier: Classifier, _ body: (Range<Int>, Matrix) throws(Fault) -> Void
    ) throws(Fault) {
        try forEachBlock(of: classifier.blockSize, raw: classifier.readsRaw) { block, queries throws(Fault) in
            try body(block, classifier.logits(queries))
        }
    }

    /// The accuracy in percent, and the mean cross-entropy.
    func score(_ classifier: Classifier) throws(Fault) -> (accuracy: Double, loss: Double) {
        var right = 0
        var loss = 0.0
        try forEachLogits(classifier) { block, logits in
            let labels = Array(labels[block])
            right += rightCount(logits, labels: labels)
            loss += crossEntropy(logits, labels: labels) * Double(labels.count)
        }
        return (percent(right, of: count), loss / Double(count))
    }
}
