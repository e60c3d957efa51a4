internal import Core

/// A `Float` product formed from bfloat16 ones, for processors that multiply those an order of magnitude faster.
///
/// With ``Precision/float32`` each factor is the sum of two bfloat16 values, `x ≈ h + l`, that keep 16 of its 24 bits; of
/// the four products of halves the smallest is left out: `ab ≈ h_a h_b + h_a l_b + l_a h_b`, summed in `Float`. The error
/// of a product of unit rows is that of `Float` sums of such length, about 1e-6. With ``Precision/bfloat16`` it is `h_a h_b`
/// alone, good to about 1e-4.
struct RoundedProduct {
    /// One factor as it lies in memory.
    struct Factor: Sendable {
        let values: Strip
        let lead: Int
        let isTransposed: Bool
        var scale: Float = 1
    }

    /// [M×K] and [K×N].
    let a: Factor
    let b: Factor
    let m: Int
    let n: Int
    let k: Int
    let precision: Precision

    /// Whether a product of this shape is faster so than on `Float` kernels.
    static func pays(_ m: Int, _ n: Int, _ k: Int, _ precision: Precision) -> Bool {
        let isLarge = m * n * k >= 1 << 28 && min(m, n, k) >= 32
        return isLarge && (precision == .bfloat16 ? BrainFloat.isAvailable : BrainFloat.isMuchFaster)
    }

    /// Rows that one thread forms at a time.
    private static let tile = 256

    /// `c ← (accumulating ? c : 0) + a·b`, c [m×n].
    func multiply(into c: Strip, accumulating: Bool) {
        let columns = n
        if k >= 2 * max(m, n) {
            multiplyDeep(into: c, accumulating: accumulating)
        } else if m >= n {
            forEachPiece(into: accumulating ? nil : c) { rows, product in
                if accumulating { c[rows.lowerBound * columns ..< rows.upperBound * columns].add(product) }
            }
        } else {
            // cᵀ = bᵀ·aᵀ has more rows; its tiles are turned into place.
            turned.forEachPiece { rows, product in
                turn(product, rows.count, m, into: c[rows.lowerBound ..< c.count], lead: columns, accumulating)
            }
        }
    }

    /// The product of the transposed factors, in the other order.
    private var turned: RoundedProduct {
        RoundedProduct(a: b.turned, b: a.turned, m: n, n: m, k: k, precision: precision)
    }

    /// Forms a few hundred rows of the result at a time and lends each piece to `body` on the thread that formed it.
    ///
    /// The result also goes to `whole`, if someone needs it beside `body`.
    func forEachPiece(into whole: Strip? = nil, _ body: @Sendable (_ rows: Range<Int>, _ product: Strip) -> Void) {
        let right = Halves(count: n * k, precision: precision)
        let pieces = (m + Self.tile - 1) / Self.tile
        Parallel.forEachPiece(of: b.isTransposed ? n : k, size: 64) {
            right.take(b, rows: $0, width: b.isTransposed ? k : n)
        }
        let shape = BrainFloatShape(
            m: min(Self.tile, m), n: n, k: k, lda: k, ldb: b.isTransposed ? k : n, ldc: n, transposesB: b.isTransposed,
            accumulates: false, packsB: true)
        let packed = right.packed(shape)
        Parallel.forEach(pieces) { piece in
            let rows = piece * Self.tile ..< min(m, (piece + 1) * Self.tile)
            let left = Halves(count: Self.tile * k, precision: precision)
            if a.isTransposed { left.takeTurned(a, rows, width: k) } else { left.take(a, rows: rows, width: k, at: 0) }
            if let whole, rows.count == shape.m {
                let out = whole.from(rows.lowerBound * n, count: rows.count * n)
                left.multiply(packed, shape, into: out)
                body(rows, out)
                return
            }
            // A ragged last piece runs with the others' shape: the rows beyond it are not used.
            let product = Scratch(shape.m * n)
            left.multiply(packed, shape, into: product.strip)
            let used = product.strip.from(0, count: rows.count * n)
            whole?.from(rows.lowerBound * n, count: rows.count * n).copy(used)
            body(rows, used)
        }
    }

    /// Cuts the sum over k into eight parts, and adds them in order.
    private func multiplyDeep(into c: Strip, accumulating: Bool) {
        let depth = (k + 7) / 8
        var parts = Matrix.zeros(8, m * n)
        parts.write { parts in
            Parallel.forEach((k + depth - 1) / depth) { part in
                let range = part * depth ..< min(k, (part + 1) * depth)
                let (left, right) = (
                    Halves(count: m * range.count, precision: precision),
                    Halves(count: n * range.count, precision: precision)
                )
                left.takeColumns(a, range, rows: m)
                if b.isTransposed {
                    right.takeColumns(b.turned, range, rows: n)
                } else {
                    right.take(b, rows: range, width: n, at: 0)
                }
                let shape = BrainFloatShape(
                    m: m, n: n, k: range.count, lda: range.count, ldb: b.isTransposed ? range.count : n, ldc: n,
                    transposesB: b.isTransposed, accumulates: false)
                left.multiply(right, shape, into: parts.from(part * m * n, count: m * n))
            }
            Parallel.forEachPiece(of: m * n, size: 1 << 14) { piece in
                let out = c[piece]
                if !accumulating { out.fill(0) }
                for part in 0 ..< 8 { out.add(parts.from(part * m * n + piece.lowerBound, count: piece.count)) }
            }
        }
    }
}

extension RoundedProduct.Factor {
    var turned: Self { Self(values: values, lead: lead, isTransposed: !isTransposed, scale: scale) }
}

/// Writes the transpose of `tile` [rows×columns] to `out`, whose rows are `lead` apart.
private func turn(_ tile: Strip, _ rows: Int, _ columns: Int, into out: Strip, lead: Int, _ accumulating: Bool) {
    for first in stride(from: 0, to: columns, by: 16) {
        for column in first ..< min(columns, first + 16) {
            let line = out.from(column * lead, count: rows)
            if accumulating {
                for row in 0 ..< rows { line[row] += tile[row * columns + column] }
            } else {
                for row in 0 ..< rows { line[row] = tile[row * columns + column] }
            }
        }
    }
}
