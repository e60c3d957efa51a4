internal import Core

/// A `Float` product computed from bfloat16 products, for processors on which these are ten times as fast.
///
/// With ``Precision/float32`` each element is the sum of two bfloat16 values, `x ≈ h + l`, which keep 16 of its 24
/// bits. The smallest of the four products of halves is omitted: `ab ≈ h_a h_b + h_a l_b + l_a h_b`, summed in `Float`.
/// The error for unit rows is about 1e-6, as that of `Float` sums of this length. With ``Precision/bfloat16`` the
/// product is `h_a h_b` alone, with an error of about 1e-4.
struct RoundedProduct: Sendable {
    /// The factors [M×K] and [K×N].
    let a: ProductFactor
    let b: ProductFactor
    let precision: Precision

    private var m: Int { a.rows }
    private var n: Int { b.columns }
    private var k: Int { a.columns }

    /// Whether this method is faster than the `Float` kernels for a product of this shape.
    var pays: Bool {
        let isLarge = m * n * k >= 1 << 28 && min(m, n, k) >= 32
        return isLarge && (precision == .bfloat16 ? BFloat16.isAvailable : BFloat16.isMuchFaster)
    }

    /// `c ← (accumulating ? c : 0) + a·b`, c [m×n].
    func multiply(into c: inout MutableSpan<Float>, accumulating: Bool) {
        if k >= 2 * max(m, n) {
            multiplyDeep(into: &c, accumulating: accumulating)
        } else if m >= n {
            let product = PreparedProduct(self)
            Parallel.forEachPiece(of: m, size: PreparedProduct.height, &c) { rows, c in
                guard accumulating else { return product.form(rows, into: &c) }
                var piece = Scratch<Float>(c.count)
                var span = piece.mutableSpan
                product.form(rows, into: &span)
                c.add(span.span)
            }
        } else {
            multiplyTransposed(into: &c, accumulating: accumulating)
        }
    }

    /// Computes cᵀ = bᵀ·aᵀ, which has more rows, and transposes its pieces into c.
    private func multiplyTransposed(into c: inout MutableSpan<Float>, accumulating: Bool) {
        let product = PreparedProduct(RoundedProduct(a: b.transposed, b: a.transposed, precision: precision))
        let width = m
        let height = n
        let shared = SharedSpan(&c)
        Parallel.forEachPiece(of: height, size: PreparedProduct.height) { rows in
            var piece = Scratch<Float>(rows.count * width)
            var tile = piece.mutableSpan
            product.form(rows, into: &tile)
            for first in stride(from: 0, to: width, by: 16) {
                for column in first ..< min(width, first + 16) {
                    // Each task writes its own columns of c.
                    let start = column * height + rows.lowerBound
                    var line = unsafe shared.piece(start ..< start + rows.count)
                    if accumulating {
                        for row in 0 ..< rows.count { line[row] += tile[row * width + column] }
                    } else {
                        for row in 0 ..< rows.count { line[row] = tile[row * width + column] }
                    }
                }
            }
        }
    }

    /// Divides the sum over k into eight parts and adds these in order.
    private func multiplyDeep(into c: inout MutableSpan<Float>, accumulating: Bool) {
        let depth = (k + 7) / 8
        let size = m * n
        var parts = Matrix.zeros(8, size)
        Parallel.forEachRow(of: 8, size: 1, &parts) { part, out in
            let range = part * depth ..< min(k, (part + 1) * depth)
            guard !range.isEmpty else { return }
            var left = SplitFactor(count: m * range.count, precision: precision)
            var right = SplitFactor(count: n * range.count, precision: precision)
            left.take(a, rows: 0 ..< m, columns: range)
            if b.isTransposed {
                right.take(b.transposed, rows: 0 ..< n, columns: range)
            } else {
                right.take(b, rows: range, columns: 0 ..< n)
            }
            let shape = ProductShape(m: m, n: n, k: range.count, transposesB: b.isTransposed)
            left.multiply(right, BFloat16Product.Shape(shape), into: &out)
        }
        let summands = parts.span
        Parallel.forEachPiece(of: size, size: 1 << 14, &c) { piece, out in
            if !accumulating { out.update(repeating: 0) }
            for part in 0 ..< 8 { out.add(summands.part(part * size + piece.lowerBound, count: piece.count)) }
        }
    }
}

/// A product whose right factor is split and packed, to be computed a few rows at a time.
struct PreparedProduct: ~Copyable, Sendable {
    /// The largest number of rows computed at a time.
    static let height = 256

    private let a: ProductFactor
    private let right: SplitFactor
    private let shape: BFloat16Product.Shape
    private let precision: Precision

    init(_ product: RoundedProduct) {
        a = product.a
        precision = product.precision
        let b = product.b
        var plain = SplitFactor(count: b.matrix.elements.count, precision: precision)
        plain.takeAll(b)
        shape = BFloat16Product.Shape(
            ProductShape(m: min(Self.height, a.rows), n: b.columns, k: b.rows, transposesB: b.isTransposed),
            packsB: true)
        right = plain.packed(shape)
    }

    /// Computes `rows` of the product, at most ``height``, into `c` [rows×n].
    func form(_ rows: Range<Int>, into c: inout MutableSpan<Float>) {
        let whole = shape.product
        var left = SplitFactor(count: whole.m * whole.k, precision: precision)
        left.take(a, rows: rows, columns: 0 ..< whole.k)
        guard rows.count < whole.m else { return left.multiply(right, shape, into: &c) }
        // A smaller last piece uses the same compiled shape. The extra rows are discarded.
        var memory = Scratch<Float>(whole.m * whole.n)
        var product = memory.mutableSpan
        left.multiply(right, shape, into: &product)
        c.copy(product.span.part(0, count: rows.count * whole.n))
    }
}
