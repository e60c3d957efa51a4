package import Kernels

/// The margins of one item's class over its rivals before the cache is added.
package struct Rivals {
    /// `base_y − base_c` for each class c, and 1e30 for y itself and beyond the last class.
    let leads: Strip
    let label: Int
    let classCount: Int
}

/// The class sums `Σ_{k of c} exp(β(s_k − 1))` of items, at many β, from one affinity product.
///
/// Keys are laid out shot-major (key k of class c at k·C + c), so that class sums are plain vector additions. For
/// each item, 16 classes at a time stay in the first-level cache while β varies. On an even grid, four steps of β cost
/// five operations per key (`e·F, e·F², e·F³` are added and `e ← e·F⁴`), where F is the factor of one step.
package struct CacheSweep: Sendable {
    private let keys: Matrix  // [K·paddedClasses × D]
    private let shots: Int  // K, the most keys of a class
    private let classCount: Int
    private let paddedClasses: Int
    /// The weight of each key, 0 where a class has fewer than K; nil if all classes have K keys of weight 1.
    private let present: Matrix?
    /// The number of items whose affinities are computed at once.
    package let blockSize: Int

    /// Takes the keys F [M×D], their classes, and their weights [M].
    package init(keys cacheKeys: Matrix, keyLabels: KeyLabels, strengths: [Float]? = nil) {
        precondition(cacheKeys.rows == keyLabels.count)
        classCount = keyLabels.classCount
        paddedClasses = (classCount + 15) / 16 * 16
        var positions = [Int](repeating: 0, count: classCount)
        var slots: [(row: Int, key: Int)] = []
        for (key, label) in keyLabels.labels.enumerated() {
            slots.append((positions[label] * paddedClasses + label, key))
            positions[label] += 1
        }
        shots = positions.max() ?? 0
        var arranged = Matrix.zeros(shots * paddedClasses, cacheKeys.columns)
        var mask = Matrix.zeros(1, shots * paddedClasses)
        let width = cacheKeys.columns
        arranged.write { out in
            cacheKeys.read { from in
                for (row, key) in slots {
                    out.from(row * width, count: width).copy(from.from(key * width, count: width))
                }
            }
        }
        for (row, key) in slots { mask[0, row] = strengths?[key] ?? 1 }
        keys = arranged
        present = slots.count == shots * paddedClasses && strengths == nil ? nil : mask
        // 32 MB of affinities at most.
        blockSize = max(16, min(512, (8 << 20) / max(1, shots * paddedClasses)))
    }

    /// The affinities [B×K·paddedClasses] of queries [B×D] with the keys, as ``run(_:base:labels:evenBetas:_:)`` takes
    /// them.
    package func affinities(of queries: Matrix) -> Matrix { product(queries, keys, transposingB: true) }

    /// Calls `body` for each item with its rivals and its class sums [β×paddedClasses], for evenly spaced ascending β.
    ///
    /// `base` are the logits without the cache [B×C].
    package func run(
        _ affinities: Matrix, base: Matrix, labels: [Int], evenBetas betas: [Float],
        _ body: @Sendable (_ item: Int, _ rivals: Rivals, _ sums: Strip) -> Void
    ) {
        let first = betas[0]
        let step = betas.count > 1 ? (betas[betas.count - 1] - first) / Float(betas.count - 1) : 0
        run(affinities, base: base, labels: labels, betaCount: betas.count, body) { affinity, column, sums in
            let powers = Scratch(6 * 16 * shots)
            sumEvenly(affinity, column, first: first, step: step, betaCount: betas.count, powers.strip, into: sums)
        }
    }

    /// The same for any β, each computed independently, as in the published loop.
    package func run(
        _ affinities: Matrix, base: Matrix, labels: [Int], anyBetas betas: [Float],
        _ body: @Sendable (_ item: Int, _ rivals: Rivals, _ sums: Strip) -> Void
    ) {
        run(affinities, base: base, labels: labels, betaCount: betas.count, body) { affinity, column, sums in
            for (b, beta) in betas.enumerated() {
                var sum = SIMD16<Float>.zero
                for k in 0 ..< shots {
                    let place = k * paddedClasses + column
                    sum += exponential((affinity[lanes: place] - 1) * beta) * presence(place)
                }
                sums[lanes: b * paddedClasses + column] = sum
            }
        }
    }

    private func run(
        _ affinities: Matrix, base: Matrix, labels: [Int], betaCount: Int,
        _ body: @Sendable (Int, Rivals, Strip) -> Void,
        sum: @Sendable (_ affinity: Strip, _ column: Int, _ sums: Strip) -> Void
    ) {
        precondition(affinities.rows == labels.count && base.rows == labels.count && base.columns == classCount)
        let scratch = (0 ..< Parallel.threadCount).map { _ in SweepMemory(paddedClasses * (betaCount + 1)) }
        let width = shots * paddedClasses
        affinities.read { affinities in
            base.read { base in
                Parallel.forEach(
                    labels.count,
                    worker: { worker, item in
                        let memory = scratch[worker].scratch.strip
                        let leads = memory.from(0, count: paddedClasses)
                        let sums = memory.from(paddedClasses, count: paddedClasses * betaCount)
                        let label = labels[item]
                        let own = base[item * classCount + label]
                        leads.fill(1e30)
                        for c in 0 ..< classCount where c != label { leads[c] = own - base[item * classCount + c] }
                        let affinity = affinities.from(item * width, count: width)
                        for column in stride(from: 0, to: paddedClasses, by: 16) { sum(affinity, column, sums) }
                        body(item, Rivals(leads: leads, label: label, classCount: classCount), sums)
                    })
            }
        }
    }

    @inline(__always)
    private func presence(_ place: Int) -> SIMD16<Float> {
        guard let present else { return SIMD16(repeating: 1) }
        return present.read { $0[lanes: place] }
    }

    /// The class sums of 16 classes at all β of an even grid.
    @inline(__always)
    private func sumEvenly(
        _ affinity: Strip, _ column: Int, first: Float, step: Float, betaCount: Int, _ powers: Strip, into sums: Strip
    ) {
        let n = shots
        for k in 0 ..< n {
            let place = k * paddedClasses + column
            let s = affinity[lanes: place] - 1
            let f = exponential(s * step)
            let f2 = f * f
            powers[lanes: (5 * k) * 16] = exponential(s * first) * presence(place)
            powers[lanes: (5 * k + 1) * 16] = f
            powers[lanes: (5 * k + 2) * 16] = f2
            powers[lanes: (5 * k + 3) * 16] = f2 * f
            powers[lanes: (5 * k + 4) * 16] = f2 * f2
        }
        for b in stride(from: 0, to: betaCount, by: 4) {
            var (g0, g1, g2, g3) = (SIMD16<Float>.zero, SIMD16<Float>.zero, SIMD16<Float>.zero, SIMD16<Float>.zero)
            for k in 0 ..< n {
                let at = 5 * k * 16
                let e = powers[lanes: at]
                g0 += e
                g1 = multiplyAdd(e, powers[lanes: at + 16], g1)
                g2 = multiplyAdd(e, powers[lanes: at + 32], g2)
                g3 = multiplyAdd(e, powers[lanes: at + 48], g3)
                powers[lanes: at] = e * powers[lanes: at + 64]
            }
            let place = b * paddedClasses + column
            sums[lanes: place] = g0
            if b + 1 < betaCount { sums[lanes: place + paddedClasses] = g1 }
            if b + 2 < betaCount { sums[lanes: place + 2 * paddedClasses] = g2 }
            if b + 3 < betaCount { sums[lanes: place + 3 * paddedClasses] = g3 }
        }
    }
}

/// The memory of one thread in a sweep.
private final class SweepMemory: Sendable {
    let scratch: Scratch
    init(_ count: Int) { scratch = Scratch(count) }
}
