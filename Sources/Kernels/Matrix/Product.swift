public import Core

/// `c ← alpha · op(a) · op(b) + beta · c`, on all threads.
///
/// The shapes are `op(a)` [M×K], `op(b)` [K×N] and `c` [M×N]. Pieces are determined by the shape, so the bits do not
/// depend on the number of threads.
public func multiply(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false, alpha: Float = 1,
    beta: Float = 0, into c: inout Matrix
) {
    let factors = RoundedProduct(
        a: ProductFactor(matrix: a, isTransposed: transposingA, scale: alpha),
        b: ProductFactor(matrix: b, isTransposed: transposingB), precision: .float32)
    precondition(
        c.rows == factors.a.rows && c.columns == factors.b.columns, "a product into \(c.rows)×\(c.columns)")
    var c = c.mutableSpan
    multiply(factors, beta: beta, into: &c)
}

/// Returns `scale · op(a) · op(b)` [M×N] of `op(a)` [M×K] and `op(b)` [K×N], computed on all threads.
///
/// With `precision` bfloat16 the factors of a large product are rounded to bfloat16 if that is faster on this
/// processor.
public func product(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false, scale: Float = 1,
    precision: Precision = .float32
) -> Matrix {
    let factors = RoundedProduct(
        a: ProductFactor(matrix: a, isTransposed: transposingA, scale: scale),
        b: ProductFactor(matrix: b, isTransposed: transposingB), precision: precision)
    return Matrix.filled(factors.a.rows, factors.b.columns) { multiply(factors, beta: 0, into: &$0) }
}

private func multiply(_ factors: RoundedProduct, beta: Float, into c: inout MutableSpan<Float>) {
    let a = factors.a
    let b = factors.b
    precondition(a.columns == b.rows, "(\(a.rows)×\(a.columns)) · (\(b.rows)×\(b.columns))")
    if factors.pays, beta == 0 || beta == 1 { return factors.multiply(into: &c, accumulating: beta == 1) }
    let shape = ProductShape(
        m: a.rows, n: b.columns, k: a.columns, transposesA: a.isTransposed, transposesB: b.isTransposed)
    guard shape.m * shape.n * shape.k >= 1 << 18 else {
        return Float.multiply(a.matrix.span, b.matrix.span, into: &c, shape: shape, alpha: a.scale, beta: beta)
    }
    multiplyInPieces(a, b, shape, beta: beta, into: &c)
}

/// Divides a large product into pieces along the longer side of c.
private func multiplyInPieces(
    _ a: ProductFactor, _ b: ProductFactor, _ shape: ProductShape, beta: Float, into c: inout MutableSpan<Float>
) {
    let side = max(shape.m, shape.n)
    let pieces = max(1, min(8, side / 32))
    let shared = SharedSpan(&c)
    Parallel.forEachPiece(of: side, size: (side + pieces - 1) / pieces) { piece in
        var part = shape
        var firstA = 0
        var firstB = 0
        var firstC = 0
        if shape.m >= shape.n {
            part.m = piece.count
            firstA = piece.lowerBound * (shape.transposesA ? 1 : shape.lda)
            firstC = piece.lowerBound * shape.n
        } else {
            part.n = piece.count
            firstB = piece.lowerBound * (shape.transposesB ? shape.ldb : 1)
            firstC = piece.lowerBound
        }
        // Each task writes its own rows or columns of c.
        var c = unsafe shared.piece(firstC ..< shared.count)
        Float.multiply(
            a.matrix.span.extracting(firstA...), b.matrix.span.extracting(firstB...), into: &c, shape: part,
            alpha: a.scale, beta: beta)
    }
}
