public import Core

/// `c ← alpha · op(a) · op(b) + beta · c`, on all threads.
///
/// The shapes are `op(a)` [M×K], `op(b)` [K×N] and `c` [M×N]. Pieces are determined by the shape, so the bits do not
/// depend on the number of threads. With `precision` bfloat16 the factors of a large product are rounded to bfloat16 if
/// that is faster on this processor.
public func multiply(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false, alpha: Float = 1,
    beta: Float = 0, precision: Precision = .float32, into c: inout Matrix
) {
    let shape = ProductShape(a, b, transposingA: transposingA, transposingB: transposingB)
    precondition(c.rows == shape.m && c.columns == shape.n, "\(shape) into \(c.rows)×\(c.columns)")
    var c = c.mutableSpan
    multiply(a, b, shape, alpha: alpha, beta: beta, precision: precision, into: &c)
}

/// Returns `scale · op(a) · op(b)` [M×N]; see ``multiply(_:_:transposingA:transposingB:alpha:beta:precision:into:)``.
public func product(
    _ a: Matrix, _ b: Matrix, transposingA: Bool = false, transposingB: Bool = false, scale: Float = 1,
    precision: Precision = .float32
) -> Matrix {
    let shape = ProductShape(a, b, transposingA: transposingA, transposingB: transposingB)
    return Matrix.filled(shape.m, shape.n) {
        multiply(a, b, shape, alpha: scale, beta: 0, precision: precision, into: &$0)
    }
}

extension ProductShape {
    fileprivate init(_ a: Matrix, _ b: Matrix, transposingA: Bool, transposingB: Bool) {
        let m = transposingA ? a.columns : a.rows
        let k = transposingA ? a.rows : a.columns
        let n = transposingB ? b.rows : b.columns
        let inner = transposingB ? b.columns : b.rows
        precondition(inner == k, "(\(m)×\(k)) · (\(inner)×\(n))")
        self.init(
            m: m, n: n, k: k, lda: a.columns, ldb: b.columns, ldc: n, transposesA: transposingA,
            transposesB: transposingB)
    }
}

private func multiply(
    _ a: Matrix, _ b: Matrix, _ shape: ProductShape, alpha: Float, beta: Float, precision: Precision,
    into c: inout MutableSpan<Float>
) {
    guard RoundedProduct.pays(shape.m, shape.n, shape.k, precision), beta == 0 || beta == 1 else {
        return multiplyInPieces(a.span, b.span, shape, alpha: alpha, beta: beta, into: &c)
    }
    let left = ProductFactor(a.span, lead: shape.lda, isTransposed: shape.transposesA, scale: alpha)
    let right = ProductFactor(b.span, lead: shape.ldb, isTransposed: shape.transposesB)
    RoundedProduct(left, right, m: shape.m, n: shape.n, k: shape.k, precision: precision)
        .multiply(into: &c, accumulating: beta == 1)
}

/// Divides a large product into pieces along the longer side of c.
private func multiplyInPieces(
    _ a: Span<Float>, _ b: Span<Float>, _ shape: ProductShape, alpha: Float, beta: Float,
    into c: inout MutableSpan<Float>
) {
    let m = shape.m
    let n = shape.n
    guard m * n * shape.k >= 1 << 18 else {
        return Float.multiply(a, b, into: &c, shape: shape, alpha: alpha, beta: beta)
    }
    let side = max(m, n)
    let pieces = max(1, min(8, side / 32))
    let shared = SharedSpan(&c)
    Parallel.forEachPiece(of: side, size: (side + pieces - 1) / pieces) { piece in
        var part = shape
        var firstA = 0
        var firstB = 0
        var firstC = 0
        if m >= n {
            part.m = piece.count
            firstA = piece.lowerBound * (shape.transposesA ? 1 : shape.lda)
            firstC = piece.lowerBound * n
        } else {
            part.n = piece.count
            firstB = piece.lowerBound * (shape.transposesB ? shape.ldb : 1)
            firstC = piece.lowerBound
        }
        // Each task writes its own rows or columns of c.
        var c = unsafe shared.piece(firstC ..< shared.count)
        Float.multiply(
            a.extracting(firstA...), b.extracting(firstB...), into: &c, shape: part, alpha: alpha, beta: beta)
    }
}
