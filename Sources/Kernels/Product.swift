/// `c ← alpha · op(a) · op(b) + beta · c`, on all threads.
///
/// With `op(a)` [M×K], `op(b)` [K×N] and `c` [M×N]. The pieces follow from the shape alone, so the bits do not depend
/// on the number of threads. With `precision` bfloat16 the factors of a large product are rounded to it where the
/// processor gains by that.
public func multiply(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false, alpha: Float = 1,
    beta: Float = 0, precision: Precision = .float32, into c: inout Matrix
) {
    let (m, k) = transposingA ? (a.columns, a.rows) : (a.rows, a.columns)
    let n = transposingB ? b.rows : b.columns
    precondition(
        (transposingB ? b.columns : b.rows) == k && c.rows == m && c.columns == n,
        "(\(m)×\(k)) · (\(transposingB ? b.columns : b.rows)×\(n)) into \(c.rows)×\(c.columns)")
    let blas = BLAS.shared
    a.read { a0 in
        b.read { b0 in
            let (lda, ldb) = (a.columns, b.columns)
            c.write { c0 in
                if RoundedProduct.pays(m, n, k, precision), beta == 0 || beta == 1 {
                    RoundedProduct(
                        a: .init(values: a0, lead: lda, isTransposed: transposingA, scale: alpha),
                        b: .init(values: b0, lead: ldb, isTransposed: transposingB), m: m, n: n, k: k,
                        precision: precision
                    ).multiply(into: c0, accumulating: beta == 1)
                    return
                }
                let (rowPieces, columnPieces) = pieces(m, n, k)
                let (height, width) = ((m + rowPieces - 1) / rowPieces, (n + columnPieces - 1) / columnPieces)
                Parallel.forEach(rowPieces * columnPieces) { piece in
                    let (i, j) = (piece / columnPieces * height, piece % columnPieces * width)
                    guard i < m, j < n else { return }
                    let (startA, startB) = (transposingA ? i : i * lda, transposingB ? j * ldb : j)
                    blas.multiply(
                        a0[startA ..< a0.count], b0[startB ..< b0.count], into: c0[i * n + j ..< c0.count],
                        m: min(height, m - i), n: min(width, n - j), k: k, lda: lda, ldb: ldb, ldc: n,
                        transposeA: transposingA, transposeB: transposingB, alpha: alpha, beta: beta)
                }
            }
        }
    }
}

/// `op(a) · op(b)` in a new matrix.
public func product(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false, scale: Float = 1,
    precision: Precision = .float32
) -> Matrix {
    var c = Matrix.zeros(transposingA ? a.columns : a.rows, transposingB ? b.rows : b.columns)
    multiply(a, b, transposingA: transposingA, transposingB: transposingB, alpha: scale, precision: precision, into: &c)
    return c
}

/// How many row and column pieces a product is cut into: along its longer side, and not at all if it is small.
private func pieces(_ m: Int, _ n: Int, _ k: Int) -> (rows: Int, columns: Int) {
    guard m * n * k >= 1 << 18 else { return (1, 1) }
    return m >= n ? (max(1, min(8, m / 32)), 1) : (1, max(1, min(8, n / 32)))
}
