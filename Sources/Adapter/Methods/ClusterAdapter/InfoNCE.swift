internal import Core
package import Kernels

/// The temperature and the weight of an InfoNCE term.
package struct InfoNCETerm: Sendable {
    let temperature: Float  // τ
    let weight: Float  // λ: the weight in the loss

    /// Takes τ and λ.
    package init(temperature: Float, weight: Float) {
        self.temperature = temperature
        self.weight = weight
    }

    /// λ/(Mτ), the factor of the gradient for `count` prototypes.
    func scale(_ count: Int) -> Float { weight / (Float(count) * temperature) }
}

/// Computes the InfoNCE term that spreads prototypes of different classes, and its gradient.
///
/// With unit prototypes P [M×D], a detached copy Q of them and `S = QPᵀ`,
///
///     R = mean_i [ log Σ_j exp(m_ij S_ij / τ) − S_ii / τ ],   m_ij = 0 within a class, 1 on the diagonal
///
/// A masked pair still adds exp(0) to the sum, as in the published code. Only the key side P has a gradient:
/// `dP_j += λ/(Mτ) Σ_i (π_ij − δ_ij) m_ij q_i` with `π_ij = exp(m_ij S_ij/τ)/Z_i`. No M×M matrix is stored: one pass
/// over the upper tiles of the symmetric S gives all Z, a second one sums `Σ_i π_ij q_i` tile by tile.
///
/// Cluster-Adapter, `info_nce` with `t1` (TPAMI 2024, doi 10.1109/TPAMI.2024.3460180). With one prototype per class it
/// is the term of the class texts (`t3`).
///
/// - Returns: R, without its weight λ.
package func betweenClassInfoNCE(
    _ prototypes: Prototypes, keyLabels: KeyLabels, _ term: InfoNCETerm, addingGradientTo gradient: inout Matrix
) -> Double {
    let count = prototypes.rows.rows
    let width = prototypes.rows.columns
    precondition(keyLabels.count == count && gradient.rows == count && gradient.columns == width)
    let p = prototypes.rows.span
    let sums = shiftedSums(prototypes.tiles, keyLabels: keyLabels, τ: term.temperature)
    var value = 0.0
    for i in 0 ..< count {
        let row = p.row(i, width: width)
        value += naturalLogarithm(Double(sums[i])) + Double((1 - row.dot(row)) / term.temperature)
    }
    addRepulsion(prototypes, keyLabels: keyLabels, sums: sums, term, to: &gradient)
    return value / Double(count)
}

/// `Z_i·exp(−1/τ)` [M]: the sums of ``betweenClassInfoNCE(_:keyLabels:_:addingGradientTo:)``.
///
/// S is symmetric: each pair is computed once, in a tile on or above the diagonal, and added to both rows.
private func shiftedSums(_ tiles: PrototypeTiles, keyLabels: KeyLabels, τ: Float) -> [Float] {
    let count = tiles.tiling.count
    let height = tiles.tiling.height
    let span = tiles.tiling.span
    let blocks = (count + height - 1) / height
    // One row of partial sums per block, added in a fixed order below.
    var ofColumns = Matrix.zeros(blocks, count)
    var ofRows = [Float](repeating: 0, count: blocks * height)
    Parallel.forEachRow(of: blocks, size: 1, &ofColumns, &ofRows) { block, ofColumns, ofRows in
        var worker = PrototypeTiles.Worker(tiles)
        let first = block * height
        for j in stride(from: first / span * span, to: count, by: span) {
            worker.computeSimilarities(first, j)
            var similarities = worker.similarities.mutableSpan
            for row in 0 ..< min(height, count - first) {
                // Columns from the row on; the first of them, once, is the row itself.
                let i = first + row
                let from = max(j, i)
                guard from < min(j + span, count) else { continue }
                var line = similarities.part(row * span + from - j, count: min(j + span, count) - from)
                line.hideOwnClass(of: i, from: from, keyLabels: keyLabels)
                let own = from == i ? 1 : 0
                var others = ofColumns.part(from + own, count: line.count - own)
                if own == 1 { ofRows[row] += exponential((line[0] - 1) * (1 / τ)) }
                ofRows[row] += line.span.extracting(own...).addExponentials(rate: 1 / τ, to: &others)
            }
        }
    }
    let floor = exponential(-1 / τ)
    return (0 ..< count).map { i in
        let masked = Float(keyLabels.keysOfClass[keyLabels.labels[i]].count - 1) * floor
        return (0 ..< blocks).reduce(masked + ofRows[i]) { $0 + ofColumns[$1, i] }
    }
}

/// Adds `λ/(Mτ) (Σ_i π_ij q_i − q_j)` to dP_j, with one task per block of rows j.
private func addRepulsion(
    _ prototypes: Prototypes, keyLabels: KeyLabels, sums: [Float], _ term: InfoNCETerm, to gradient: inout Matrix
) {
    let tiles = prototypes.tiles
    let p = prototypes.rows.span
    let count = tiles.tiling.count
    let width = tiles.tiling.width
    let height = tiles.tiling.height
    let span = tiles.tiling.span
    let rate = 1 / term.temperature
    let scale = term.scale(count)
    let inverse = sums.map { 1 / $0 }
    Parallel.forEachPiece(of: count, size: height, &gradient) { rows, dP in
        var worker = PrototypeTiles.Worker(tiles)
        for j in stride(from: 0, to: count, by: span) {
            worker.computeSimilarities(rows.lowerBound, j)
            let live = min(span, count - j)
            for (row, i) in rows.enumerated() {
                worker.hideOwnClass(of: i, row: row, from: j, count: live, keyLabels: keyLabels)
                worker.weigh(row: row, rate: rate, factors: inverse.span.part(j, count: live))
            }
            worker.gather(j)
        }
        for (row, i) in rows.enumerated() {
            var out = dP.row(row, width: width)
            out.add(worker.gathered.span.row(row, width: width), scale: scale)
            out.add(p.row(i, width: width), scale: -scale)
        }
    }
}

extension PrototypeTiles.Worker {
    fileprivate mutating func hideOwnClass(of i: Int, row: Int, from first: Int, count: Int, keyLabels: KeyLabels) {
        let start = row * tiles.tiling.span
        var similarities = similarities.mutableSpan
        var line = similarities.part(start, count: count)
        line.hideOwnClass(of: i, from: first, keyLabels: keyLabels)
    }
}

extension MutableSpan<Float> {
    /// Makes the similarities of prototype `i` with its own class so low that they count for nothing, and that with
    /// itself 1.
    ///
    /// The latter is the largest of its row, and rounded factors change it by up to 1e-3.
    @inline(__always)
    fileprivate mutating func hideOwnClass(of i: Int, from first: Int, keyLabels: KeyLabels) {
        for j in keyLabels.keysOfClass[keyLabels.labels[i]] where j >= first && j < first + count {
            self[j - first] = j == i ? 1 : -1e4
        }
    }
}

extension Span<Float> {
    /// Adds `e = exp((s − 1)·rate)` of each element to the element of `sums` beside it.
    ///
    /// - Returns: Σ e.
    @inline(__always)
    fileprivate func addExponentials(rate: Float, to sums: inout MutableSpan<Float>) -> Float {
        precondition(sums.count == count)
        var sum = SIMD16<Float>.zero
        for k in 0 ..< vectorCount {
            let e = exponential((self[vector: k] - 1) * rate)
            sums[vector: k] += e
            sum += e
        }
        var rest: Float = 0
        for i in remainder {
            let e = exponential((self[i] - 1) * rate)
            sums[i] += e
            rest += e
        }
        return sumOfLanes(sum) + rest
    }
}
