public import Core
public import Kernels

extension Validation {
    /// The accuracy of a classifier in percent, and its mean cross-entropy.
    public func score(_ classifier: Classifier) throws(Fault) -> (accuracy: Double, loss: Double) {
        try items.score(classifier)
    }

    /// The result of a search that chose a classifier.
    func result(
        _ classifier: Classifier, chosen: [String: SettingValue], ends: [SearchEnd] = []
    ) throws(Fault) -> SearchResult {
        SearchResult(classifier: classifier, chosen: chosen, accuracy: try score(classifier).accuracy, ends: ends)
    }

    /// Chooses the α and β of a classifier's cache with the highest accuracy.
    public func search(
        _ classifier: Classifier, _ space: SearchSpace, by kind: SearchKind
    ) throws(Fault) -> SearchResult {
        guard let cache = classifier[CacheTerm.self] else { return try result(classifier, chosen: [:]) }
        let found =
            kind == .exact ? try exactly(classifier, cache, space) : try onGrid(classifier, cache, space)
        var chosen = classifier
        chosen[CacheTerm.self]?.alpha = found.alpha
        chosen[CacheTerm.self]?.beta = found.beta
        return SearchResult(
            classifier: chosen, chosen: ["alpha": .number(rounded(found.alpha)), "beta": .number(rounded(found.beta))],
            accuracy: percent(found.count, of: items.count), ends: space.ends(beta: found.beta, alpha: found.alpha))
    }

    /// Chooses γ, α and β; `made` gives the classifier of a γ.
    ///
    /// Of equals, the first: on the published grid in the order of its loops, in which γ is innermost.
    func search(
        _ space: SearchSpace, by kind: SearchKind, _ made: (_ gamma: Float) -> Classifier
    ) throws(Fault) -> SearchResult {
        precondition(!space.gammas.isEmpty)
        var best: SearchResult?
        for gamma in space.gammas {
            var found = try search(made(Float(gamma)), space, by: kind)
            found.chosen["gamma"] = .number(gamma)
            found.ends += space.ends(gamma: gamma)
            if let best, found.accuracy < best.accuracy { continue }
            if let best, found.accuracy == best.accuracy, kind == .exact || !space.puts(found, before: best) {
                continue
            }
            best = found
        }
        return best ?? SearchResult(classifier: made(0), chosen: [:], accuracy: 0)
    }

    private typealias Point = (alpha: Float, beta: Float, count: Int)

    /// Searches α over its whole interval.
    ///
    /// An item is classified correctly exactly for α in one interval, since every rival class gives one linear
    /// inequality. The best α is where most intervals overlap. Small validation sets have many equally good overlaps;
    /// the middle of the widest is the least arbitrary choice.
    private func exactly(
        _ classifier: Classifier, _ cache: CacheTerm, _ space: SearchSpace
    ) throws(Fault) -> Point {
        let betas = space.betas.map { Float($0) }
        let intervals = AlphaIntervals(betaCount: betas.count, itemCount: items.count, range: space.alphaRange)
        try sweep(classifier, cache) { sweep, first, block in
            sweep.run(block, evenBetas: betas) { item, rivals, sums in
                intervals.record(item: first + item, rivals, sums: sums)
            }
        }
        let best = intervals.best()
        return (best.alpha, betas[best.betaIndex], best.count)
    }

    /// Searches the published grid: β in the outer loop, α in the inner one, and of equals the first point.
    private func onGrid(
        _ classifier: Classifier, _ cache: CacheTerm, _ space: SearchSpace
    ) throws(Fault) -> Point {
        let betas = space.betas.map { Float($0) }
        let alphas = space.alphas.map { Float($0) }
        let grid = GridCounts(alphas: alphas, betaCount: betas.count)
        try sweep(classifier, cache) { sweep, _, block in
            sweep.run(block, anyBetas: betas) { _, rivals, sums in grid.record(rivals, sums: sums) }
        }
        let best = grid.best(alphaOutside: space.isAlphaOutside)
        return (alphas[best.alphaIndex], betas[best.betaIndex], best.count)
    }

    /// Calls `body` with the number of each block's first item, and the block.
    private func sweep(
        _ classifier: Classifier, _ cache: CacheTerm, _ body: (CacheSweep, _ first: Int, CacheSweep.Items) -> Void
    ) throws(Fault) {
        let sweep = CacheSweep(keys: cache.keys, keyLabels: cache.keyLabels, strengths: cache.strengths)
        let rest = classifier.without(CacheTerm.self)
        try items.forEachBlock(of: sweep.blockSize, raw: classifier.readsRaw) { block, queries throws(Fault) in
            let queries = classifier.transformed(queries)
            let affinities = cache.own(queries).affinities(to: cache.keys, in: sweep)
            let labels = Array(items.labels[block])
            body(sweep, block.lowerBound, .init(affinities: affinities, base: rest.logits(queries), labels: labels))
        }
    }
}

extension SearchSpace {
    /// Whether the published loops reach the point of `a` before that of `b`.
    fileprivate func puts(_ a: SearchResult, before b: SearchResult) -> Bool {
        guard let a = a.classifier[CacheTerm.self], let b = b.classifier[CacheTerm.self] else { return false }
        return isAlphaOutside ? (a.alpha, a.beta) < (b.alpha, b.beta) : (a.beta, a.alpha) < (b.beta, b.alpha)
    }
}

/// The shortest decimal number that is equal to `value` as a `Float`.
func rounded(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }

extension SelectionOnTest {
    /// The accuracy of a classifier on test, in percent.
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
