import Adapter
import Core
import Foundation
import Kernels
import Synchronization
import TestSupport
import Testing

/// Items, their logits without a cache, and keys of 19 classes, which have different numbers of keys.
private struct Sample {
    static let classCount = 19
    let queries: Matrix
    let base: Matrix
    let labels: [Int]
    let keys: Matrix
    let keyLabels: KeyLabels
    let strengths: [Float]?

    init(hasStrengths: Bool) {
        var generator = SeededGenerator(seed: 31)
        queries = randomUnitRows(40, 12, using: &generator)
        base = randomMatrix(40, Self.classCount, scale: 0.6, using: &generator)
        labels = (0 ..< 40).map { ($0 * 7) % Self.classCount }
        let classes = (0 ..< 57).map { ($0 * $0) % Self.classCount }
        keys = randomUnitRows(classes.count, 12, using: &generator)
        keyLabels = KeyLabels(classes, classCount: Self.classCount)
        strengths = hasStrengths ? classes.indices.map { 0.5 + Float($0 % 5) / 4 } : nil
    }

    var sweep: CacheSweep { CacheSweep(keys: keys, keyLabels: keyLabels, strengths: strengths) }

    var items: CacheSweep.Items { .init(affinities: sweep.affinities(of: queries), base: base, labels: labels) }

    /// The class sums of one item by their definition, in `Double`.
    func sums(item: Int, beta: Float) -> [Double] {
        var sums = [Double](repeating: 0, count: Self.classCount)
        for (key, label) in keyLabels.labels.enumerated() {
            let similarity = zip(queries.row(item), keys.row(key)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            sums[label] += Double(strengths?[key] ?? 1) * exp(Double(beta) * (similarity - 1))
        }
        return sums
    }

    /// The number of items that are right at one point, by the definition.
    func count(alpha: Float, beta: Float) -> Int {
        labels.indices.count { item in
            let sums = sums(item: item, beta: beta)
            let logits = sums.indices.map { Double(base[item, $0]) + Double(alpha) * sums[$0] }
            return logits.firstIndex(of: logits.max() ?? 0) == labels[item]
        }
    }
}

private let betas: [Float] = [0.5, 1.75, 3, 4.25, 5.5, 6.75]

@Test(arguments: [false, true], [false, true])
func classSumsFollowTheirDefinition(hasStrengths: Bool, isEven: Bool) {
    let sample = Sample(hasStrengths: hasStrengths)
    let sweep = sample.sweep
    let padded = (Sample.classCount + 15) / 16 * 16
    let found = Mutex(Matrix.zeros(sample.labels.count, betas.count * Sample.classCount))
    let record: @Sendable (Int, Rivals, Span<Float>) -> Void = { item, _, sums in
        for b in betas.indices {
            for c in 0 ..< Sample.classCount {
                let sum = sums[b * padded + c]
                found.withLock { $0[item, b * Sample.classCount + c] = sum }
            }
        }
    }
    if isEven {
        sweep.run(sample.items, evenBetas: betas, record)
    } else {
        sweep.run(sample.items, anyBetas: betas, record)
    }
    let sums = found.withLock { $0 }
    for item in sample.labels.indices {
        let expected = betas.flatMap { sample.sums(item: item, beta: $0) }
        #expect(zip(sums.row(item), expected).allSatisfy { abs(Double($0) - $1) < 1e-4 * max(1, $1) }, "item \(item)")
    }
}

@Test(arguments: [false, true]) func gridCountsAreThoseOfEveryPoint(hasStrengths: Bool) {
    let sample = Sample(hasStrengths: hasStrengths)
    let alphas: [Float] = [0.1, 0.4, 0.9, 1.6, 2.5, 4, 8]
    let grid = GridCounts(alphas: alphas, betaCount: betas.count)
    sample.sweep.run(sample.items, anyBetas: betas) { _, rivals, sums in grid.record(rivals, sums: sums) }
    let counts = betas.map { beta in alphas.map { sample.count(alpha: $0, beta: beta) } }
    let most = counts.joined().max() ?? 0
    let outer = grid.best()
    #expect(outer.count == most && counts[outer.betaIndex][outer.alphaIndex] == most)
    #expect(counts[..<outer.betaIndex].allSatisfy { !$0.contains(most) })
    #expect(!counts[outer.betaIndex][..<outer.alphaIndex].contains(most))
    let inner = grid.best(alphaOutside: true)
    #expect(inner.count == most && counts[inner.betaIndex][inner.alphaIndex] == most)
    #expect(counts.allSatisfy { !$0[..<inner.alphaIndex].contains(most) })
}

@Test(arguments: [false, true]) func noAlphaBeatsTheOneWhereMostIntervalsOverlap(hasStrengths: Bool) {
    let sample = Sample(hasStrengths: hasStrengths)
    let intervals = AlphaIntervals(betaCount: betas.count, itemCount: sample.labels.count, range: 0.1 ... 8)
    sample.sweep.run(sample.items, evenBetas: betas) { item, rivals, sums in
        intervals.record(item: item, rivals, sums: sums)
    }
    let best = intervals.best()
    #expect(sample.count(alpha: best.alpha, beta: betas[best.betaIndex]) == best.count)
    for beta in betas {
        for step in 0 ... 80 {
            #expect(sample.count(alpha: 0.1 + Float(step) * 7.9 / 80, beta: beta) <= best.count)
        }
    }
}
