internal import Core
package import Kernels

/// The pairs of prototypes of one class that are part of the within-class term.
///
/// The published code applies the margin to its mask in place: a pair whose cosine was once below it stays excluded for
/// the rest of training.
package struct OpenPairs: Sendable {
    /// 1 for an open pair, 0 for a closed one: prototype × position in its class [M×K].
    package fileprivate(set) var mask: Matrix
    /// The cosine below which a pair is closed.
    let margin: Float

    /// Takes a mask [M×K].
    init(mask: Matrix, margin: Float) {
        self.mask = mask
        self.margin = margin
    }

    /// All pairs open.
    package init(_ keyLabels: KeyLabels, margin: Float = 0) {
        let most = keyLabels.keysOfClass.map(\.count).max() ?? 0
        let ones = [Float](repeating: 1, count: keyLabels.count * most)
        self.init(mask: Matrix(ones, rows: keyLabels.count, columns: most), margin: margin)
    }
}

/// Computes the InfoNCE term that spreads the prototypes of one class, and its gradient.
///
/// As ``betweenClassInfoNCE(_:keyLabels:_:addingGradientTo:)`` with `m_ij` = 1 for open pairs of one class and 0
/// elsewhere: all other M − n_i pairs add exp(0) to the sum. Pairs whose cosine is below the margin are closed first.
/// Only the K×K blocks of the classes are computed.
///
/// Cluster-Adapter, `info_nce` with `t2` and margin 0.
///
/// - Returns: the term, without its weight λ.
package func withinClassInfoNCE(
    _ prototypes: Matrix, keyLabels: KeyLabels, _ term: InfoNCETerm, open: inout OpenPairs,
    addingGradientTo gradient: inout Matrix
) -> Double {
    let count = prototypes.rows
    let width = prototypes.columns
    precondition(keyLabels.count == count && gradient.rows == count && gradient.columns == width)
    let most = open.mask.columns
    var values = [Float](repeating: 0, count: keyLabels.classCount)
    let scale = term.scale(count)
    let margin = open.margin
    let p = prototypes.span
    var maskElements = open.mask.mutableSpan
    var gradientElements = gradient.mutableSpan
    let mask = SharedSpan(&maskElements)
    let dP = SharedSpan(&gradientElements)
    Parallel.forEachRow(of: keyLabels.classCount, size: 1, &values) { c, value in
        let keys = keyLabels.keysOfClass[c]
        var block = ClassBlock(p, keys: keys, width: width)
        for (row, key) in keys.enumerated() {
            // A key belongs to one class, so no other task has its rows.
            var open = unsafe mask.piece(key * most ..< key * most + keys.count)
            value[0] += block.weigh(row, open: &open, margin: margin, τ: term.temperature, closedCount: count)
        }
        let sum = block.repulsion()
        for (row, key) in keys.enumerated() {
            var out = unsafe dP.piece(key * width ..< (key + 1) * width)
            out.add(sum.span.row(row, width: width), scale: scale)
        }
    }
    return values.reduce(0) { $0 + Double($1) } / Double(count)
}

/// The prototypes of one class and their similarities.
private struct ClassBlock: ~Copyable {
    private let count: Int
    private let width: Int
    private var rows: Scratch<Float>  // [K×D]
    private var similarities: Scratch<Float>  // [K×K], then the weights π

    init(_ p: Span<Float>, keys: [Int], width: Int) {
        count = keys.count
        self.width = width
        rows = Scratch(keys.count * width)
        similarities = Scratch(keys.count * keys.count)
        for (row, key) in keys.enumerated() {
            var copies = rows.mutableSpan
            var copy = copies.row(row, width: width)
            copy.copy(p.row(key, width: width))
        }
        guard count > 0 else { return }
        let shape = ProductShape(m: count, n: count, k: width, transposesB: true)
        multiply(rows, rows, into: &similarities, shape: shape)
    }

    /// Turns row `row` of the similarities into `π − δ` and gives the row's part of the term.
    mutating func weigh(
        _ row: Int, open: inout MutableSpan<Float>, margin: Float, τ: Float, closedCount: Int
    ) -> Float {
        let count = count
        var similarities = similarities.mutableSpan
        var line = similarities.row(row, width: count)
        let own = line[row]
        var sum: Float = 0
        var openCount = 0
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

    /// `Σ_i (π_ij − δ_ij) q_i` for each of the class's prototypes j [K×D].
    func repulsion() -> Scratch<Float> {
        var sum = Scratch<Float>(count * width)
        guard count > 0 else { return sum }
        let shape = ProductShape(m: count, n: width, k: count, transposesA: true)
        multiply(similarities, rows, into: &sum, shape: shape)
        return sum
    }
}

/// `c ← op(a)·op(b)` on the calling thread.
private func multiply(
    _ a: borrowing Scratch<Float>, _ b: borrowing Scratch<Float>, into c: inout Scratch<Float>, shape: ProductShape
) {
    var c = c.mutableSpan
    Float.multiply(a.span, b.span, into: &c, shape: shape, alpha: 1, beta: 0)
}
