public import Kernels

/// Computes the InfoNCE term that spreads prototypes of different classes, and its gradient.
///
/// With unit prototypes P [M×D], a detached copy Q of them and `S = QPᵀ`,
///
///     R = mean_i [ log Σ_j exp(m_ij S_ij / τ) − S_ii / τ ],   m_ij = 0 within a class, 1 on the diagonal
///
/// A masked pair still adds exp(0) to the sum, as in the published code. Only the key side P has a gradient:
/// `dP_j += λ/(Mτ) Σ_i (π_ij − δ_ij) m_ij q_i` with `π_ij = exp(m_ij S_ij/τ)/Z_i`. No M×M matrix is stored: one pass over
/// the upper tiles of the symmetric S gives all Z, a second one sums `Σ_i π_ij q_i` tile by tile.
///
/// Cluster-Adapter, `info_nce` with `t1` (TPAMI 2024, doi 10.1109/TPAMI.2024.3460180). With one prototype per class it is
/// the term of the class texts (`t3`).
///
/// - Returns: R, without its weight λ.
public func betweenClassInfoNCE(
    _ prototypes: Prototypes, keyLabels: KeyLabels, temperature τ: Float, weight λ: Float,
    addingGradientTo gradient: inout Matrix
) -> Double {
    let (count, width) = (prototypes.rows.rows, prototypes.rows.columns)
    precondition(keyLabels.count == count && gradient.rows == count && gradient.columns == width)
    let tiles = prototypes.tiles
    return prototypes.rows.read { p in
        let sums = shiftedSums(tiles, keyLabels: keyLabels, τ: τ)
        var value = 0.0
        for i in 0 ..< count {
            let row = p.from(i * width, count: width)
            value += naturalLogarithm(Double(sums[i])) + Double((1 - row.dot(row)) / τ)
        }
        gradient.write { dP in
            addRepulsion(p, tiles: tiles, keyLabels: keyLabels, sums: sums, τ: τ, scale: λ / (Float(count) * τ), to: dP)
        }
        return value / Double(count)
    }
}

/// `Z_i·exp(−1/τ)` [M]: the sums of ``betweenClassInfoNCE(_:keyLabels:temperature:weight:addingGradientTo:)``.
///
/// S is symmetric: each pair is computed once, in a tile on or above the diagonal, and added to both rows.
private func shiftedSums(_ tiles: PrototypeTiles, keyLabels: KeyLabels, τ: Float) -> [Float] {
    let (count, height, span) = (tiles.count, tiles.height, tiles.span)
    let blocks = (count + height - 1) / height
    // One row of partial sums per block, added in a fixed order below.
    var ofColumns = Matrix.zeros(blocks, count)
    var ofRows = Matrix.zeros(1, count)
    let workers = tiles.workers()
    ofColumns.write { ofColumns in
        ofRows.write { ofRows in
            Parallel.forEach(blocks) { thread, block in
                let (worker, first) = (workers[thread], block * height)
                for j in stride(from: first / span * span, to: count, by: span) {
                    worker.computeSimilarities(tiles, first, j)
                    for row in 0 ..< min(height, count - first) {
                        // Columns from the diagonal on; the diagonal element is added once.
                        let i = first + row
                        let from = max(j, i)
                        guard from < min(j + span, count) else { continue }
                        let line = worker.similarities.strip.from(
                            row * span + from - j, count: min(j + span, count) - from)
                        line.hideOwnClass(of: i, from: from, keyLabels: keyLabels)
                        let own = from == i ? 1 : 0
                        let others = ofColumns.from(block * count + from + own, count: line.count - own)
                        if own == 1 { ofRows[i] += exponential((line[0] - 1) * (1 / τ)) }
                        ofRows[i] += line[own ..< line.count].addExponentials(rate: 1 / τ, to: others)
                    }
                }
            }
        }
    }
    let floor = exponential(-1 / τ)
    return (0 ..< count).map { i in
        let masked = Float(keyLabels.keysOfClass[keyLabels.labels[i]].count - 1) * floor
        return (0 ..< blocks).reduce(masked + ofRows[0, i]) { $0 + ofColumns[$1, i] }
    }
}

/// Adds `scale (Σ_i π_ij q_i − q_j)` to dP_j, with one task per block of rows j.
private func addRepulsion(
    _ p: Strip, tiles: PrototypeTiles, keyLabels: KeyLabels, sums: [Float], τ: Float, scale: Float, to dP: Strip
) {
    let (count, width, height, span) = (tiles.count, tiles.width, tiles.height, tiles.span)
    let inverse = Matrix(sums.map { 1 / $0 }, rows: 1, columns: count)
    let workers = tiles.workers()
    inverse.read { inverse in
        Parallel.forEach((count + height - 1) / height) { thread, block in
            let (worker, first) = (workers[thread], block * height)
            let s = worker.similarities.strip
            worker.gathered.strip.fill(0)
            for j in stride(from: 0, to: count, by: span) {
                worker.computeSimilarities(tiles, first, j)
                let live = min(span, count - j)
                for row in 0 ..< min(height, count - first) {
                    let line = s.from(row * span, count: live)
                    line.hideOwnClass(of: first + row, from: j, keyLabels: keyLabels)
                    worker.weigh(tiles, row: row, rate: 1 / τ, factors: inverse.from(j, count: live))
                }
                worker.gather(tiles, j)
            }
            for row in 0 ..< min(height, count - first) {
                let out = dP.from((first + row) * width, count: width)
                out.add(worker.gathered.strip.from(row * width, count: width), scale: scale)
                out.add(p.from((first + row) * width, count: width), scale: -scale)
            }
        }
    }
}

extension Strip {
    /// Sets the similarities of prototype `i` with its own class so low that they add nothing, and that with itself to 1.
    ///
    /// The latter is the largest of its row, and rounded factors change it by up to 1e-3.
    @inline(__always)
    fileprivate func hideOwnClass(of i: Int, from first: Int, keyLabels: KeyLabels) {
        for j in keyLabels.keysOfClass[keyLabels.labels[i]] where j >= first && j < first + count {
            self[j - first] = j == i ? 1 : -1e4
        }
    }

    /// Adds `e = exp((s − 1)·rate)` of each element to the element of `sums` beside it.
    ///
    /// - Returns: Σ e.
    @inline(__always)
    fileprivate func addExponentials(rate: Float, to sums: Strip) -> Float {
        var sum = SIMD16<Float>.zero
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) {
            let e = exponential((self[lanes: i] - 1) * rate)
            sums[lanes: i] += e
            sum += e
        }
        var rest: Float = 0
        for i in whole ..< count {
            let e = exponential((self[i] - 1) * rate)
            sums[i] += e
            rest += e
        }
        return sumOfLanes(sum) + rest
    }
}
