/// The eigenvalues and eigenvectors of a symmetric matrix.
///
/// Computed in `Double` for up to 3,000 rows and in `Float` for more. LAPACK runs on one thread, so the bits do not
/// depend on the number of threads.
public struct SymmetricEigen: Sendable {
    /// Ascending.
    public let values: [Float]
    /// The unit eigenvectors as rows, in the order of the values [N×N].
    public let vectors: Matrix

    /// Decomposes `a` [N×N], of which only the lower triangle is read.
    ///
    /// Fails if it is not finite.
    public init?(_ a: Matrix) {
        precondition(a.rows == a.columns, "\(a.rows)×\(a.columns) is not square")
        let n = a.rows
        if n <= CholeskyFactor.largestInDouble {
            guard let (values, vectors) = eigen(a.elements.map(Double.init), rows: n) else { return nil }
            self.values = values.map { Float($0) }
            self.vectors = Matrix(vectors.map { Float($0) }, rows: n, columns: n)
        } else {
            guard let (values, vectors) = eigen(a.elements, rows: n) else { return nil }
            self.values = values
            self.vectors = Matrix(vectors, rows: n, columns: n)
        }
    }
}

/// The ascending eigenvalues of the symmetric `a` [n×n] and its eigenvectors as rows, or nil if `a` is not finite.
func eigen<Value: Real>(_ a: [Value], rows n: Int) -> (values: [Value], vectors: [Value])? {
    guard a.allSatisfy({ $0.isFinite }) else { return nil }
    guard n > 0 else { return ([], []) }
    var vectors = a
    var values = [Value](repeating: 0, count: n)
    return Value.eigen(&vectors, n: n, values: &values) ? (values, vectors) : nil
}

/// The largest eigenvalue of `xᵀx`, which is that of `xxᵀ`, for `x` [N×D], to a relative 1e-6.
///
/// Uses power iteration on the smaller of the two from a fixed start, until the residual bounds the error. If the
/// leading values are too close for that, computes the full decomposition.
public func largestEigenvalue(ofGramOf x: Matrix) -> Double {
    let n = min(x.rows, x.columns)
    guard n > 0 else { return 0 }
    let gram = gramOfSmallerSide(x.elements.map(Double.init), rows: x.rows, columns: x.columns)
    // A start that no eigenvector is orthogonal to, except by construction.
    var v = (0 ..< n).map { 1 + 0.5 * cosine(Double($0 * $0)) }
    for _ in 0 ..< 300 {
        let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0, length.isFinite else { return length }
        for i in 0 ..< n { v[i] /= length }
        let next = realProduct(gram, v, shape: ProductShape(m: n, n: 1, k: n))
        let value = zip(v, next).reduce(0) { $0 + $1.0 * $1.1 }
        let residual = zip(v, next).reduce(0) { $0 + ($1.1 - value * $1.0) * ($1.1 - value * $1.0) }.squareRoot()
        if residual <= 1e-6 * value { return value }
        v = next
    }
    return eigen(gram, rows: n)?.values.last ?? .nan
}

/// `xᵀx` [D×D] or `xxᵀ` [N×N], whichever is smaller, for `x` [N×D].
func gramOfSmallerSide(_ x: [Double], rows: Int, columns: Int) -> [Double] {
    columns <= rows
        ? realProduct(x, x, shape: ProductShape(m: columns, n: columns, k: rows, transposesA: true))
        : realProduct(x, x, shape: ProductShape(m: rows, n: rows, k: columns, transposesB: true))
}
