internal import Core
package import Kernels

/// What a class's rivals have over it before the cache counts, for one item.
package struct Rivals: ~Escapable {
    /// `base_y − base_c` for each class, hugely positive for y itself and beyond the last class.
    let leads: Span<Float>
    let label: Int
    let classCount: Int

    @_lifetime(copy leads)
    init(leads: Span<Float>, label: Int, classCount: Int) {
        self.leads = leads
        self.label = label
        self.classCount = classCount
    }
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
        var rows = arranged.mutableSpan
        for (row, key) in slots {
            var row = rows.row(row, width: width)
            row.copy(cacheKeys.span.row(key, width: width))
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
        _ body: @Sendable (_ item: Int, _ rivals: Rivals, _ sums: Span<Float>) -> Void
    ) {
        let first = betas[0]
        let step = betas.count > 1 ? (betas[betas.count - 1] - first) / Float(betas.count - 1) : 0
        run(affinities, base: base, labels: labels, betaCount: betas.count, body) {
            affinity, block, powers, steps, sums in
            sumEvenly(
                affinity, block, first: first, step: step, betaCount: betas.count, &powers, &steps, into: &sums)
        }
    }

    /// The same for any β, each computed independently, as in the published loop.
    package func run(
        _ affinities: Matrix, base: Matrix, labels: [Int], anyBetas betas: [Float],
        _ body: @Sendable (_ item: Int, _ rivals: Rivals, _ sums: Span<Float>) -> Void
    ) {
        run(affinities, base: base, labels: labels, betaCount: betas.count, body) { affinity, block, _, _, sums in
            for (b, beta) in betas.enumerated() {
                var sum = SIMD16<Float>.zero
                for k in 0 ..< shots {
                    let place = k * blocks + block
                    sum += exponential((affinity[vector: place] - 1) * beta) * presence(place)
                }
                sums[vector: b * blocks + block] = sum
            }
        }
    }

    /// Blocks of 16 classes.
    private var blocks: Int { paddedClasses / 16 }

    private func run(
        _ affinities: Matrix, base: Matrix, labels: [Int], betaCount: Int,
        _ body: @Sendable (Int, Rivals, Span<Float>) -> Void,
        sum:
            @Sendable (
                _ affinity: Span<Float>, _ block: Int, _ powers: inout MutableSpan<Float>,
                _ steps: inout MutableSpan<Float>, _ sums: inout MutableSpan<Float>
            ) -> Void
    ) {
        precondition(affinities.rows == labels.count && base.rows == labels.count && base.columns == classCount)
        Parallel.forEach(labels.count) { item in
            var leadMemory = Scratch<Float>(paddedClasses)
            var sumMemory = Scratch<Float>(paddedClasses * betaCount)
            var powerMemory = Scratch<Float>(16 * shots)
            var stepMemory = Scratch<Float>(4 * 16 * shots)
            var powers = powerMemory.mutableSpan
            var steps = stepMemory.mutableSpan
            var leads = leadMemory.mutableSpan
            var sums = sumMemory.mutableSpan
            let label = labels[item]
            let base = base.span.row(item, width: classCount)
            leads.update(repeating: 1e30)
            for c in 0 ..< classCount where c != label { leads[c] = base[label] - base[c] }
            let affinity = affinities.span.row(item, width: shots * paddedClasses)
            for block in 0 ..< blocks { sum(affinity, block, &powers, &steps, &sums) }
            body(item, Rivals(leads: leads.span, label: label, classCount: classCount), sums.span)
        }
    }

    /// How the keys at vector `place` count.
    @inline(__always)
    private func presence(_ place: Int) -> SIMD16<Float> {
        guard let present else { return SIMD16(repeating: 1) }
        return present.span[vector: place]
    }

    /// The class sums of 16 classes at all β of an even grid.
    ///
    /// `e` [K×16] takes the exponentials of the keys at one β, and `f` [4×K×16] their factors for one to four steps of
    /// β.
    @inline(__always)
    private func sumEvenly(
        _ affinity: Span<Float>, _ block: Int, first: Float, step: Float, betaCount: Int,
        _ e: inout MutableSpan<Float>, _ f: inout MutableSpan<Float>, into sums: inout MutableSpan<Float>
    ) {
        let n = e.vectorCount
        for k in 0 ..< n {
            let place = k * blocks + block
            let s = affinity[vector: place] - 1
            let f1 = exponential(s * step)
            let f2 = f1 * f1
            e[vector: k] = exponential(s * first) * presence(place)
            f[vector: k] = f1
            f[vector: n + k] = f2
            f[vector: 2 * n + k] = f2 * f1
            f[vector: 3 * n + k] = f2 * f2
        }
        let f1 = f.span.row(0, width: e.count)
        let f2 = f.span.row(1, width: e.count)
        let f3 = f.span.row(2, width: e.count)
        let f4 = f.span.row(3, width: e.count)
        for b in stride(from: 0, to: betaCount, by: 4) {
            var g0 = SIMD16<Float>.zero
            var g1 = SIMD16<Float>.zero
            var g2 = SIMD16<Float>.zero
            var g3 = SIMD16<Float>.zero
            for k in 0 ..< n {
                let x = e[vector: k]
                g0 += x
                g1 = multiplyAdd(x, f1[vector: k], g1)
                g2 = multiplyAdd(x, f2[vector: k], g2)
                g3 = multiplyAdd(x, f3[vector: k], g3)
                e[vector: k] = x * f4[vector: k]
            }
            let place = b * blocks + block
            sums[vector: place] = g0
            if b + 1 < betaCount { sums[vector: place + blocks] = g1 }
            if b + 2 < betaCount { sums[vector: place + 2 * blocks] = g2 }
            if b + 3 < betaCount { sums[vector: place + 3 * blocks] = g3 }
        }
    }
}
