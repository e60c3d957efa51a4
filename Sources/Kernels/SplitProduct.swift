/// A `Float` product as three bfloat16 ones, for processors that multiply those an order of magnitude faster.
///
/// Each factor is the sum of two bfloat16 values, `x ≈ h + l`, that keep 16 of its 24 bits; of the four products of
/// halves the smallest is left out: `ab ≈ h_a h_b + h_a l_b + l_a h_b`, summed in `Float`. The error of a product of unit
/// rows is that of `Float` sums of such length, about 1e-6.
struct SplitProduct {
    /// One factor as it lies in memory.
    struct Factor: Sendable {
        let values: Strip
        let lead: Int
        let isTransposed: Bool
        let scale: Float

        init(_ values: Strip, lead: Int, isTransposed: Bool, scale: Float) {
            self.values = values
            self.lead = lead
            self.isTransposed = isTransposed
            self.scale = scale
        }
    }

    let a: Factor
    let b: Factor
    let m: Int
    let n: Int
    let k: Int

    /// Whether a product of this shape is faster so.
    static func pays(_ m: Int, _ n: Int, _ k: Int) -> Bool {
        BrainFloat.isMuchFaster && m * n * k >= 1 << 28 && min(m, n, k) >= 32
    }

    /// Rows or columns of the result that one thread forms at a time.
    private static let tile = 512

    /// `c ← (accumulating ? c : 0) + a·b`, c [m×n].
    func multiply(into c: Strip, accumulating: Bool) {
        if n >= m {
            let whole = Halves(count: m * k)
            whole.takeRowMajor(a, rows: 0 ..< m, columns: k)
            Parallel.forEachPiece(of: n, size: Self.tile) { piece in
                let part = Halves(count: piece.count * k)
                let isTransposed = part.takeRight(b, columns: piece, depth: k)
                multiplyHalves(
                    whole, part, isTransposed: isTransposed, rightLead: isTransposed ? k : piece.count, rows: m,
                    columns: piece.count, into: c[piece.lowerBound ..< c.count], accumulating: accumulating)
            }
        } else {
            let whole = Halves(count: n * k)
            let isTransposed = whole.takeRight(b, columns: 0 ..< n, depth: k)
            Parallel.forEachPiece(of: m, size: Self.tile) { piece in
                let part = Halves(count: piece.count * k)
                part.takeRowMajor(a, rows: piece, columns: k)
                multiplyHalves(
                    part, whole, isTransposed: isTransposed, rightLead: isTransposed ? k : n, rows: piece.count,
                    columns: n, into: c[piece.lowerBound * n ..< c.count], accumulating: accumulating)
            }
        }
    }

    /// Forms a few hundred rows of the result at a time and lends each piece to `body` on the thread that formed it.
    func forEachPiece(_ body: @Sendable (_ rows: Range<Int>, _ product: Strip) -> Void) {
        let whole = Halves(count: n * k)
        let isTransposed = whole.takeRight(b, columns: 0 ..< n, depth: k)
        Parallel.forEachPiece(of: m, size: 256) { piece in
            let part = Halves(count: piece.count * k)
            let product = Scratch(piece.count * n)
            part.takeRowMajor(a, rows: piece, columns: k)
            multiplyHalves(
                part, whole, isTransposed: isTransposed, rightLead: isTransposed ? k : n, rows: piece.count,
                columns: n, into: product.strip, accumulating: false)
            body(piece, product.strip)
        }
    }

    private func multiplyHalves(
        _ left: Halves, _ right: Halves, isTransposed: Bool, rightLead: Int, rows: Int, columns: Int, into c: Strip,
        accumulating: Bool
    ) {
        var shape = BrainFloatShape(
            m: rows, n: columns, k: k, lda: k, ldb: rightLead, ldc: n, transposesB: isTransposed,
            accumulates: accumulating)
        BrainFloatProduct.with(shape) { $0.run(left.high, from: 0, right.high, from: 0, into: c) }
        shape.accumulates = true
        BrainFloatProduct.with(shape) {
            $0.run(left.high, from: 0, right.low, from: 0, into: c)
            $0.run(left.low, from: 0, right.high, from: 0, into: c)
        }
    }
}

/// A factor, or a part of one, in two bfloat16 halves.
final class Halves: Sendable {  // written by the thread that makes it, then only read
    let high: BrainFloat
    let low: BrainFloat

    init(count: Int) {
        high = BrainFloat(count: count)
        low = BrainFloat(count: count)
    }

    /// Takes rows `rows` of a left factor [M×K], row after row.
    func takeRowMajor(_ factor: SplitProduct.Factor, rows: Range<Int>, columns: Int) {
        guard factor.isTransposed else {
            for (at, row) in rows.enumerated() {
                let values = factor.values.from(row * factor.lead, count: columns)
                high.split(values, at: at * columns, scale: factor.scale, low: low)
            }
            return
        }
        // 16 rows at a time through a strip that stays in cache.
        let turned = Scratch(16 * columns)
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 16) {
            let height = min(16, rows.upperBound - first)
            for column in 0 ..< columns {
                for row in 0 ..< height {
                    turned.strip[row * columns + column] = factor.values[column * factor.lead + first + row]
                }
            }
            for row in 0 ..< height {
                high.split(
                    turned.strip.from(row * columns, count: columns), at: (first + row - rows.lowerBound) * columns,
                    scale: factor.scale, low: low)
            }
        }
    }

    /// Takes columns `columns` of a right factor [K×N] in the layout it has.
    ///
    /// - Returns: whether that layout is transposed.
    func takeRight(_ factor: SplitProduct.Factor, columns: Range<Int>, depth: Int) -> Bool {
        if factor.isTransposed {
            for (at, column) in columns.enumerated() {
                let values = factor.values.from(column * factor.lead, count: depth)
                high.split(values, at: at * depth, scale: factor.scale, low: low)
            }
        } else {
            for row in 0 ..< depth {
                let values = factor.values.from(row * factor.lead + columns.lowerBound, count: columns.count)
                high.split(values, at: row * columns.count, scale: factor.scale, low: low)
            }
        }
        return factor.isTransposed
    }
}
