internal import Core
internal import Kernels

/// Items of a part that are read block by block, in their plain view.
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

    var count: Int { labels.count }
    var width: Int { source.width }

    /// Features [B×D] of the items `block`: unit rows, or as they are stored.
    func read(_ block: Range<Int>, raw: Bool, into features: inout Matrix) throws(Fault) {
        try source.read(rows: rows.map { Array($0[block]) } ?? Array(block), view: 0, into: &features)
        if !raw { normalizeRows(&features) }
    }

    /// Calls `body` with each block of items and its features [B×D].
    func forEachBlock(
        of size: Int, raw: Bool = false, _ body: (Range<Int>, Matrix) throws(Fault) -> Void
    ) throws(Fault) {
        var features = Matrix.zeros(0, width)
        for start in stride(from: 0, to: count, by: size) {
            let block = start ..< min(count, start + size)
            try read(block, raw: raw, into: &features)
            try body(block, features)
            if rows == nil { source.release(block) }
        }
    }

    /// All items' features [N×D]: for methods whose validation is one matrix.
    func all(raw: Bool = false) throws(Fault) -> Matrix {
        var features = Matrix.zeros(0, width)
        try read(0 ..< count, raw: raw, into: &features)
        return features
    }

    /// Calls `body` with each block of items and its logits [B×C].
    func forEachLogits(
        _ classifier: Classifier, _ body: (Range<Int>, Matrix) throws(Fault) -> Void
    ) throws(Fault) {
        try forEachBlock(of: classifier.blockSize, raw: classifier.readsRaw) { block, features throws(Fault) in
            let v = classifier.adapted(features)
            try body(block, classifier.logits(v, base: baseLogits(classifier, v, block)))
        }
    }

    /// The logits without a cache [B×C] of `v`, with texts' products that other methods have formed already.
    func baseLogits(_ classifier: Classifier, _ v: Matrix, _ block: Range<Int>) -> Matrix {
        guard classifier.bottleneck == nil, let text = classifier.text else { return classifier.baseLogits(v) }
        let similarities = products.product(of: block, with: text) { product(v, text, transposingB: true) }
        return classifier.baseLogits(v, text: similarities)
    }

    /// The affinities of `v` with a cache as a sweep takes them, likewise.
    func affinities(
        _ classifier: Classifier, _ cache: Classifier.Cache, _ sweep: CacheSweep, _ v: Matrix, _ block: Range<Int>
    )
        -> Matrix
    {
        func formed() -> Matrix { sweep.affinities(of: cache.query(v)) }
        let isPlain = classifier.bottleneck == nil && cache.channelWeights == nil && cache.channels == nil
        return isPlain ? products.product(of: block, with: cache.keys, make: formed) : formed()
    }

    /// Percent right, and the mean cross-entropy.
    func score(_ classifier: Classifier) throws(Fault) -> (accuracy: Double, loss: Double) {
        var (right, loss) = (0, 0.0)
        try forEachLogits(classifier) { block, logits in
            let labels = Array(labels[block])
            right += rightCount(logits, labels: labels)
            loss += crossEntropy(logits, labels: labels) * Double(labels.count)
        }
        return (percent(right, of: count), loss / Double(count))
    }
}
