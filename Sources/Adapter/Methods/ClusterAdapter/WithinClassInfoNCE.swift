internal import Core
public import Kernels

/// The pairs of prototypes of one class that are part of the within-class term.
///
/// The published code applies the margin to its mask in place: a pair whose cosine was once below it stays excluded for the
/// rest of training.
public struct OpenPairs: Sendable, Equatable {
    /// 1 for an open pair, 0 for a closed one: prototype × position in its class [M×K].
    public var mask: Matrix

    /// All pairs open.
    public init(_ keyLabels: KeyLabels) {
        let most = keyLabels.keysOfClass.map(\.count).max() ?? 0
        mask = Matrix([Float](repeating: 1, count: keyLabels.count * most), rows: keyLabels.count, columns: most)
    }

    /// Takes a mask [M×K].
    public init(mask: Matrix) { self.mask = mask }
}

/// Computes the InfoNCE term that spreads the prototypes of one class, and its gradient.
///
/// As ``betweenClassInfoNCE(_:keyLabels:temperature:weight:addingGradientTo:)`` with `m_ij` = 1 for open pairs of
/// one class and 0 elsewhere: all other M − n_i pairs add exp(0) to the sum. Pairs whose cosine is below `margin` are
/// closed first. Only the K×K blocks of the classes are computed.
///
/// Cluster-Adapter, `info_nce` with `t2` and margin 0.
///
/// - Returns: the term, without its weight λ.
public func withinClassInfoNCE(
    _ prototypes: Matrix, keyLabels: KeyLabels, temperature τ: Float, weight λ: Float, margin: Float,
    open: inout OpenPairs, addingGradientTo gradient: inout Matrix
) -> Double {
    let (count, width) = (prototypes.rows, prototypes.columns)
    precondition(keyLabels.count == count && gradient.rows == count && gradient.columns == width)
    let most = open.mask.columns
    var values = Matrix.zeros(keyLabels.classCount, 1)
    let scale = λ / (Float(count) * τ)
    prototypes.read { p in
        open.mask.write { mask in
            values.write { values in
                gradient.write { dP in
                    Parallel.forEach(keyLabels.classCount) { c in
                        let keys = keyLabels.keysOfClass[c]
                        let block = ClassBlock(p, keys: keys, width: width)
                        for (row, key) in keys.enumerated() {
                            values[c] += block.weigh(
                                row, open: mask.from(key * most, count: keys.count), margin: margin, τ: τ,
                                closedCount: count)
                        }
                        block.addRepulsion(to: dP, keys: keys, scale: scale)
                    }
                }
            }
        }
    }
    return values.elements.reduce(0) { $0 + Double($1) } / Double(count)
}

/// The prototypes of one class and their similarities.
private struct ClassBlock: ~Copyable {
    private let count: Int
    private let width: Int
    private let rows: Scratch  // [K×D]
    private let similarities: Scratch  // [K×K], then the weights π

    init(_ p: Strip, keys: [Int], width: Int) {
        (count, self.width) = (keys.count, width)
        rows = Scratch(keys.count * width)
        similarities = Scratch(keys.count * keys.count)
        for (row, key) in keys.enumerated() {
            rows.strip.from(row * width, count: width).copy(p.from(key * width, count: width))
        }
        guard count > 0 else { return }
        BLAS.shared.multiply(
            rows.strip, rows.strip, into: similarities.strip, m: count, n: count, k: width, lda: width, ldb: width,
            ldc: count, transposeA: false, transposeB: true, alpha: 1, beta: 0)
    }

    /// Replaces row `row` of the similarities by `π − δ`, and returns the row's part of the term.
    func weigh(_ row: Int, open: Strip, margin: Float, τ: Float, closedCount: Int) -> Float {
        let line = similarities.strip.from(row * count, count: count)
        let own = line[row]
        var (sum, openCount): (Float, Int) = (0, 0)
        for j in 0 ..< count {
            if line[j] < margin { open[j] = 0 }
            guard open[j] != 0 else {
                line[j] = 0
                continue
            }
            line[j] = exponential((line[j] - 1) / τ)
            sum += line[j]
            openCount += 1
        }
        sum += Float(closedCount - openCount) * exponential(-1 / τ)
        line.scale(by: 1 / sum)
        line[row] -= open[row]
        return naturalLogarithm(sum) + (1 - own) / τ
    }

    /// `dP_j += scale Σ_i (π_ij − δ_ij) q_i`.
    func addRepulsion(to dP: Strip, keys: [Int], scale: Float) {
        guard count > 0 else { return }
        let sum = Scratch(count * width)
        BLAS.shared.multiply(
            similarities.strip, rows.strip, into: sum.strip, m: count, n: width, k: count, lda: count, ldb: width,
            ldc: width, transposeA: true, transposeB: false, alpha: 1, beta: 0)
        for (row, key) in keys.enumerated() {
            dP.from(key * width, count: width).add(sum.strip.from(row * width, count: width), scale: scale)
        }
    }
}
