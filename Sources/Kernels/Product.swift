internal import Core

/// `c ← alpha · op(a) · op(b) + beta · c`, on all threads.
///
/// With `op(a)` [M×K], `op(b)` [K×N] and `c` [M×N]. The pieces follow from the shape alone, so the bits do not depend
/// on the number of threads. With `precision` bfloat16 the factors of a large product are rounded to it where the
/// processor gains by that.
public func multiply(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false, alpha: Float = 1,
    beta: Float = 0, precision: Precision = .float32, into c: inout Matrix
) {
    let shape = ProductShape(a, b, transposingA: transposingA, transposingB: transposingB)
    precondition(c.rows == shape.m && c.columns == shape.n, "\(shape) into \(c.rows)×\(c.columns)")
    c.write { shape.multiply(a, b, alpha: alpha, beta: beta, precision: precision, into: $0) }
}

/// `op(a) · op(b)` in a new matrix.
public func product(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false, scale: Float = 1,
    precision: Precision = .float32
) -> Matrix {
    let shape = ProductShape(a, b, transposingA: transposingA, transposingB: transposingB)
    return Matrix.filled(shape.m, shape.n) {
        shape.multiply(a, b, alpha: scale, beta: 0, precision: precision, into: $0)
    }
}

/// The shape of `op(a) · op(b)`, and how it is formed.
private struct ProductShape {
    let m: Int
    let n: Int
    let k: Int
    let transposingA: Bool
    let transposingB: Bool

    init(_ a: Matrix, _ b: Matrix, transposingA: Bool, transposingB: Bool) {
        (m, k) = transposingA ? (a.columns, a.rows) : (a.rows, a.columns)
        n = transposingB ? b.rows : b.columns
        (self.transposingA, self.transposingB) = (transposingA, transposingB)
        let inner = transposingB ? b.columns : b.rows
        precondition(inner == k, "(\(m)×\(k)) · (\(inner)×\(n))")
    }

    func multiply(_ a: Matrix, _ b: Matrix, alpha: Float, beta: Float, precision: Precision, into c: Strip) {
        a.read { a0 in
            b.read { b0 in
                if RoundedProduct.pays(m, n, k, precision), beta == 0 || beta == 1 {
                    RoundedProduct(
                        a: .init(values: a0, lead: a.columns, isTransposed: transposingA, scale: alpha),
                        b: .init(values: b0, lead: b.columns, isTransposed: transposingB), m: m, n: n, k: k,
                        precision: precision
                    ).multiply(into: c, accumulating: beta == 1)
                } else {
                    multiply(a0, lead: a.columns, b0, lead: b.columns, alpha: alpha, beta: beta, into: c)
                }
            }
        }
    }

    private func multiply(
        _ a: Strip, lead lda: Int, _ b: Strip, lead ldb: Int, alpha: Float, beta: Float, into c: Strip
    ) {
        let blas = BLAS.shared
        let (rowPieces, columnPieces) = pieces(m, n, k)
        let (height, width) = ((m + rowPieces - 1) / rowPieces, (n + columnPieces - 1) / columnPieces)
        let (m, n, k, transposingA, transposingB) = (m, n, k, transposingA, transposingB)
        Parallel.forEach(rowPieces * columnPieces) { piece in
            let (i, j) = (piece / columnPieces * height, piece % columnPieces * width)
            guard i < m, j < n else { return }
            let (startA, startB) = (transposingA ? i : i * lda, transposingB ? j * ldb : j)
            blas.multiply(
                a[startA ..< a.count], b[startB ..< b.count], into: c[i * n + j ..< c.count],
                m: min(height, m - i), n: min(width, n - j), k: k, lda: lda, ldb: ldb, ldc: n,
                transposeA: transposingA, transposeB: transposingB, alpha: alpha, beta: beta)
        }
    }
}

/// How many row and column pieces a product is cut into: along its longer side, and not at all if it is small.
private func pieces(_ m: Int, _ n: Int, _ k: Int) -> (rows: Int, columns: Int) {
    guard m * n * k >= 1 << 18 else { return (1, 1) }
    return m >= n ? (max(1, min(8, m / 32)), 1) : (1, max(1, min(8, n / 32)))
}
