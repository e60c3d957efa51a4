internal import Core
package import Kernels

/// The leads of one item's class over its rivals without the cache.
package struct Rivals: ~Escapable {
    /// `base_y − base_c` for each class, hugely positive for y itself and beyond the last class.
    let leads: Span<Float>
    /// The class y of the item.
    let label: Int

    @_lifetime(copy leads)
    init(leads: Span<Float>, label: Int) {
        self.leads = leads
        self.label = label
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
    let blockSize: Int

    /// A block of items with their logits without the cache.
    package struct Items: Sendable {
        let affinities: Matrix  // [B×K·paddedClasses]
        let base: Matrix  // [B×C]
        let labels: [Int]  // [B]

        /// Takes ``CacheSweep/affinities(of:)``, logits [B×C] and labels [B].
        package init(affinities: Matrix, base: Matrix, labels: [Int]) {
            precondition(affinities.rows == labels.count && base.rows == labels.count)
            self.affinities = affinities
            self.base = base
            self.labels = labels
        }
    }

    /// Takes the keys F [M×D], their classes, and their weights [M].
    package init(keys cacheKeys: Matrix, keyLabels: KeyLabels, strengths: [Float]? = nil) {
        precondition(cacheKeys.rows == keyLabels.count)
        classCount = keyLabels.classCount
        paddedClasses = (classCount + 15) / 16 * 16
        shots = keyLabels.keysOfClass.map(\.count).max() ?? 0
        let width = cacheKeys.columns
        var arranged = Matrix.zeros(shots * paddedClasses, width)
        var mask = Matrix.zeros(1, shots * paddedClasses)
        var rows = arranged.mutableSpan
        for (label, keys) in keyLabels.keysOfClass.enumerated() {
            for (shot, key) in keys.enumerated() {
                let place = shot * paddedClasses + label
                var row = rows.row(place, width: width)
                row.copy(cacheKeys.span.row(key, width: width))
                mask[0, place] = strengths?[key] ?? 1
            }
        }
        keys = arranged
        present = keyLabels.count == shots * paddedClasses && strengths == nil ? nil : mask
        // 32 MB of affinities at most.
        blockSize = max(16, min(512, (8 << 20) / max(1, shots * paddedClasses)))
    }

    /// The affinities [B×K·paddedClasses] of queries [B×D] with the keys.
    package func affinities(of queries: Matrix) -> Matrix { product(queries, keys, transposingB: true) }

    /// Calls `body` for each item with its rivals and its class sums [β×paddedClasses], for evenly spaced ascending β.
    package func run(
        _ items: Items, evenBetas betas: [Float],
        _ body: @Sendable (_ item: Int, _ rivals: Rivals, _ sums: Span<Float>) -> Void
    ) {
        let step = betas.count > 1 ? (betas[betas.count - 1] - betas[0]) / Float(betas.count - 1) : 0
        let grid = EvenGrid(first: betas[0], step: step, count: betas.count)
        run(items, betaCount: betas.count, body) { affinity, block, workspace, sums in
            sumEvenly(affinity, block, grid, &workspace, into: &sums)
        }
    }

    /// The same for any β, each computed independently, as in the published loop.
    package func run(
        _ items: Items, anyBetas betas: [Float],
        _ body: @Sendable (_ item: Int, _ rivals: Rivals, _ sums: Span<Float>) -> Void
    ) {
        run(items, betaCount: betas.count, body) { affinity, block, _, sums in
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

    /// Calls `sum` for each item and block of classes, with a workspace [5×K×16].
    private func run(
        _ items: Items, betaCount: Int, _ body: @Sendable (Int, Rivals, Span<Float>) -> Void,
        sum:
            @Sendable (
                _ affinity: Span<Float>, _ block: Int, _ workspace: inout MutableSpan<Float>,
                _ sums: inout MutableSpan<Float>
            ) -> Void
    ) {
        precondition(items.base.columns == classCount)
        Parallel.forEach(items.labels.count) { item in
            var leadMemory = Scratch<Float>(paddedClasses)
            var sumMemory = Scratch<Float>(paddedClasses * betaCount)
            var workMemory = Scratch<Float>(5 * 16 * shots)
            var workspace = workMemory.mutableSpan
            var leads = leadMemory.mutableSpan
            var sums = sumMemory.mutableSpan
            let label = items.labels[item]
            let base = items.base.span.row(item, width: classCount)
            leads.update(repeating: 1e30)
            for c in 0 ..< classCount where c != label { leads[c] = base[label] - base[c] }
            let affinity = items.affinities.span.row(item, width: shots * paddedClasses)
            for block in 0 ..< blocks { sum(affinity, block, &workspace, &sums) }
            body(item, Rivals(leads: leads.span, label: label), sums.span)
        }
    }

    /// The weights of the 16 keys at vector `place`.
    @inline(__always)
    private func presence(_ place: Int) -> SIMD16<Float> {
        guard let present else { return SIMD16(repeating: 1) }
        return present.span[vector: place]
    }

    /// Evenly spaced values of β.
    private struct EvenGrid {
        let first: Float
        let step: Float
        let count: Int
    }

    /// The class sums of 16 classes at all β of an even grid.
    ///
    /// The workspace takes the exponentials of the keys at one β [K×16], then their factors for one to four steps of β
    /// [4×K×16].
    @inline(__always)
    private func sumEvenly(
        _ affinity: Span<Float>, _ block: Int, _ grid: EvenGrid, _ e: inout MutableSpan<Float>,
        into sums: inout MutableSpan<Float>
    ) {
        let n = shots
        for k in 0 ..< n {
            let place = k * blocks + block
            let s = affinity[vector: place] - 1
            let f1 = exponential(s * grid.step)
            let f2 = f1 * f1
            e[vector: k] = exponential(s * grid.first) * presence(place)
            e[vector: n + k] = f1
            e[vector: 2 * n + k] = f2
            e[vector: 3 * n + k] = f2 * f1
            e[vector: 4 * n + k] = f2 * f2
        }
        for b in stride(from: 0, to: grid.count, by: 4) {
            var g0 = SIMD16<Float>.zero
            var g1 = SIMD16<Float>.zero
            var g2 = SIMD16<Float>.zero
            var g3 = SIMD16<Float>.zero
            for k in 0 ..< n {
                let x = e[vector: k]
                g0 += x
                g1 = multiplyAdd(x, e[vector: n + k], g1)
                g2 = multiplyAdd(x, e[vector: 2 * n + k], g2)
                g3 = multiplyAdd(x, e[vector: 3 * n + k], g3)
                e[vector: k] = x * e[vector: 4 * n + k]
            }
            let place = b * blocks + block
            sums[vector: place] = g0
            if b + 1 < grid.count { sums[vector: place + blocks] = g1 }
            if b + 2 < grid.count { sums[vector: place + 2 * blocks] = g2 }
            if b + 3 < grid.count { sums[vector: place + 3 * blocks] = g3 }
        }
    }
}
