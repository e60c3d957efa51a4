public import Artifacts
public import Kernels

/// What a search of α and β found.
public struct SearchResult: Sendable, Equatable {
    public var alpha: Float
    public var beta: Float
    /// Percent of the items that are right there.
    public var accuracy: Double
}

extension Validation {
    /// The α and β that most validation items are right with, α over its whole interval.
    ///
    /// An item is right exactly for α in one interval, since every rival class gives one linear inequality; the best α
    /// is where most intervals overlap. Among equals the widest overlap is taken, at its middle: small validation sets
    /// have many equals, and the middle of the widest is the least accident.
    ///
    /// - Returns: nil for a classifier that has no cache to search.
    public func searchExactly(_ classifier: CacheClassifier, _ space: SearchSpace) throws(Fault) -> SearchResult? {
        guard let cache = classifier.cache else { return nil }
        let sweep = CacheSweep(keys: cache.keys, owners: cache.owners)
        let betas = space.betas.map { Float($0) }
        let range: ClosedRange<Float> = 0.1 ... space.scale.alpha
        let intervals = AlphaIntervals(betaCount: betas.count, itemCount: items.count, range: range)
        try items.forEachBlock(of: sweep.blockSize) { block, features throws(Fault) in
            let (queries, base) = (classifier.query(features), classifier.baseLogits(features))
            sweep.run(queries, base: base, labels: Array(items.labels[block]), evenBetas: betas) { item, rivals, sums in
                intervals.record(item: block.lowerBound + item, rivals, sums: sums)
            }
        }
        let best = intervals.best()
        return SearchResult(
            alpha: best.alpha, beta: betas[best.betaIndex], accuracy: percent(best.count, of: items.count))
    }

    /// The published grid, point for point: β outside, α inside, a later point only if strictly better.
    public func searchGrid(_ classifier: CacheClassifier, _ space: SearchSpace) throws(Fault) -> SearchResult? {
        guard let cache = classifier.cache else { return nil }
        let sweep = CacheSweep(keys: cache.keys, owners: cache.owners)
        let (betas, alphas) = (space.betas.map { Float($0) }, space.alphas.map { Float($0) })
        let grid = GridCounts(alphas: alphas, betaCount: betas.count)
        try items.forEachBlock(of: sweep.blockSize) { block, features throws(Fault) in
            let (queries, base) = (classifier.query(features), classifier.baseLogits(features))
            sweep.run(queries, base: base, labels: Array(items.labels[block]), anyBetas: betas) { _, rivals, sums in
                grid.record(rivals, sums: sums)
            }
        }
        let best = grid.best()
        return SearchResult(
            alpha: alphas[best.alphaIndex], beta: betas[best.betaIndex],
            accuracy: percent(best.count, of: items.count))
    }

    /// Percent of the items that a classifier is right on, and its mean cross-entropy.
    public func score(_ classifier: CacheClassifier) throws(Fault) -> (accuracy: Double, loss: Double) {
        try items.score(classifier)
    }
}

extension SelectionOnTest {
    /// Percent of the test items that a classifier is right on.
    public func accuracy(_ classifier: CacheClassifier) throws(Fault) -> Double {
        var right = 0
        try items.forEachBlock(of: 1024) { block, features throws(Fault) in
            right += rightCount(classifier.logits(features), labels: Array(items.labels[block]))
        }
        return percent(right, of: items.count)
    }
}

extension ScoredItems {
    /// Percent right, and the mean cross-entropy.
    func score(_ classifier: CacheClassifier) throws(Fault) -> (accuracy: Double, loss: Double) {
        var (right, loss) = (0, 0.0)
        try forEachBlock(of: 1024) { block, features throws(Fault) in
            let (logits, labels) = (classifier.logits(features), Array(labels[block]))
            right += rightCount(logits, labels: labels)
            loss += crossEntropy(logits, labels: labels) * Double(labels.count)
        }
        return (percent(right, of: count), loss / Double(count))
    }
}

extension TestSet {
    /// Calls `body` with each block of items and its logits [B×C], read once in order.
    public func forEachLogits(
        _ classifier: CacheClassifier, _ body: (Range<Int>, Matrix) throws(Fault) -> Void
    ) throws(Fault) {
        try items.forEachBlock(of: 1024) { block, features throws(Fault) in
            try body(block, classifier.logits(features))
        }
    }
}
