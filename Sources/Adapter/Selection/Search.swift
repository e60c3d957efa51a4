public import Core
public import Kernels

extension Validation {
    /// Percent of the items that a classifier is right on, and its mean cross-entropy.
    public func score(_ classifier: Classifier) throws(Fault) -> (accuracy: Double, loss: Double) {
        try items.score(classifier)
    }

    /// The α and β of a classifier's cache that most validation items are right with.
    public func search(
        _ classifier: Classifier, _ space: SearchSpace, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        guard let cache = classifier.cache else {
            return SearchResult(classifier: classifier, chosen: [:], accuracy: try score(classifier).accuracy)
        }
        let found =
            kind == .exact ? try exactly(classifier, cache, space) : try onGrid(classifier, cache, space)
        var chosen = classifier
        chosen.cache?.alpha = found.alpha
        chosen.cache?.beta = found.beta
        return SearchResult(
            classifier: chosen, chosen: ["alpha": .number(rounded(found.alpha)), "beta": .number(rounded(found.beta))],
            accuracy: percent(found.count, of: items.count))
    }

    /// The best of several classifiers as they are; the first of equals.
    func best(
        of candidates: [(chosen: [String: SettingValue], classifier: Classifier)]
    ) throws(Fault) -> SearchResult {
        precondition(!candidates.isEmpty)
        var best: SearchResult?
        for candidate in candidates {
            let accuracy = try score(candidate.classifier).accuracy
            guard accuracy > best?.accuracy ?? -1 else { continue }
            best = SearchResult(classifier: candidate.classifier, chosen: candidate.chosen, accuracy: accuracy)
        }
        return best ?? SearchResult(classifier: candidates[0].classifier, chosen: [:], accuracy: 0)
    }

    /// The best γ, α and β, with the classifier that `made` gives for a γ.
    ///
    /// Of equals the first: on the published grid in the order of its loops, in which γ is innermost.
    func search(
        _ space: SearchSpace, by kind: SearchKind, _ made: (_ gamma: Float) -> Classifier
    ) throws(Fault) -> SearchResult {
        precondition(!space.gammas.isEmpty)
        var best: SearchResult?
        for gamma in space.gammas {
            var found = try search(made(Float(gamma)), space, by: kind)
            found.chosen["gamma"] = .number(gamma)
            if let best, found.accuracy < best.accuracy { continue }
            if let best, found.accuracy == best.accuracy, kind == .exact || !space.puts(found, before: best) {
                continue
            }
            best = found
        }
        return best ?? SearchResult(classifier: made(0), chosen: [:], accuracy: 0)
    }

    private typealias Point = (alpha: Float, beta: Float, count: Int)

    /// α over its whole interval.
    ///
    /// An item is right exactly for α in one interval, since every rival class gives one linear inequality; the best α
    /// is where most intervals overlap. Among equals the widest overlap is taken, at its middle: small validation sets
    /// have many equals, and the middle of the widest is the least accident.
    private func exactly(
        _ classifier: Classifier, _ cache: Classifier.Cache, _ space: SearchSpace
    ) throws(Fault) -> Point {
        let betas = space.betas.map { Float($0) }
        let range = space.lowest.alpha ... space.scale.alpha
        let intervals = AlphaIntervals(betaCount: betas.count, itemCount: items.count, range: range)
        try sweep(classifier, cache) { sweep, block, affinities, base in
            sweep.run(affinities, base: base, labels: Array(items.labels[block]), evenBetas: betas) {
                item, rivals, sums in
                intervals.record(item: block.lowerBound + item, rivals, sums: sums)
            }
        }
        let best = intervals.best()
        return (best.alpha, betas[best.betaIndex], best.count)
    }

    /// The published grid, point for point: β outside, α inside, a later point only if strictly better.
    private func onGrid(
        _ classifier: Classifier, _ cache: Classifier.Cache, _ space: SearchSpace
    ) throws(Fault) -> Point {
        let (betas, alphas) = (space.betas.map { Float($0) }, space.alphas.map { Float($0) })
        let grid = GridCounts(alphas: alphas, betaCount: betas.count)
        try sweep(classifier, cache) { sweep, block, affinities, base in
            sweep.run(affinities, base: base, labels: Array(items.labels[block]), anyBetas: betas) { _, rivals, sums in
                grid.record(rivals, sums: sums)
            }
        }
        let best = grid.best(alphaOutside: space.isAlphaOutside)
        return (alphas[best.alphaIndex], betas[best.betaIndex], best.count)
    }

    /// Calls `body` with each block's affinities and logits without the cache.
    private func sweep(
        _ classifier: Classifier, _ cache: Classifier.Cache,
        _ body: (CacheSweep, Range<Int>, _ affinities: Matrix, _ base: Matrix) -> Void
    ) throws(Fault) {
        let sweep = CacheSweep(keys: cache.keys, owners: cache.owners, strengths: cache.strengths)
        try items.forEachBlock(of: sweep.blockSize, raw: classifier.readsRaw) { block, features throws(Fault) in
            let v = classifier.adapted(features)
            body(
                sweep, block, items.affinities(classifier, cache, sweep, v, block),
                items.baseLogits(classifier, v, block))
        }
    }
}

extension SearchSpace {
    /// Whether the published loops meet the point of `a` before that of `b`.
    fileprivate func puts(_ a: SearchResult, before b: SearchResult) -> Bool {
        guard let a = a.classifier.cache, let b = b.classifier.cache else { return false }
        return isAlphaOutside ? (a.alpha, a.beta) < (b.alpha, b.beta) : (a.beta, a.alpha) < (b.beta, b.alpha)
    }
}

/// A chosen number as a setting, without the digits that widening a `Float` makes up.
func rounded(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }

extension SelectionOnTest {
    /// Percent of the test items that a classifier is right on.
    public func accuracy(_ classifier: Classifier) throws(Fault) -> Double { try items.score(classifier).accuracy }
}

extension TestSet {
    /// Calls `body` with each block of items and its logits [B×C], read once in order.
    public func forEachLogits(
        _ classifier: Classifier, _ body: (Range<Int>, Matrix) throws(Fault) -> Void
    ) throws(Fault) {
        try items.forEachLogits(classifier, body)
    }
}
