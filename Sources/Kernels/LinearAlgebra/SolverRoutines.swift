internal import COpenBLAS

/// OpenBLAS's routines for factoring and solving in one precision.
///
/// Each runs on the calling thread.
@safe package struct SolverRoutines: @unchecked Sendable {  // immutable addresses of code
    fileprivate let trsm: copenblas_trsm
    fileprivate let potrf: copenblas_potrf
    fileprivate let syevd: copenblas_syevd

    /// Looks up the routines of the precision whose letter is `prefix`, `s` or `d`.
    init(_ prefix: String, _ symbol: (String) -> UnsafeMutableRawPointer) {
        unsafe trsm = unsafeBitCast(symbol("\(prefix)trsm_"), to: copenblas_trsm.self)
        unsafe potrf = unsafeBitCast(symbol("\(prefix)potrf_"), to: copenblas_potrf.self)
        unsafe syevd = unsafeBitCast(symbol("\(prefix)syevd_"), to: copenblas_syevd.self)
    }
}

/// A number type for which OpenBLAS solves equations: `Float` or `Double`.
package protocol Real: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// The routines of this precision.
    static var routines: SolverRoutines { get }

    /// `cblas_sgemm` or `cblas_dgemm` on unchecked addresses.
    @unsafe static func gemm(
        _ shape: ProductShape, _ alpha: Self, _ a: UnsafePointer<Self>?, _ b: UnsafePointer<Self>?, _ beta: Self,
        _ c: UnsafeMutablePointer<Self>?)
}

extension Real {
    /// `c ← α·op(a)·op(b) + β·c`, row-major, on one thread.
    package static func multiply(
        _ a: Span<Self>, _ b: Span<Self>, into c: inout MutableSpan<Self>, shape: ProductShape, alpha: Self, beta: Self
    ) {
        shape.check(a.count, b.count, c.count)
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe c.withUnsafeMutableBufferPointer { c in
                    unsafe gemm(shape, alpha, a.baseAddress, b.baseAddress, beta, c.baseAddress)
                }
            }
        }
    }

    /// Factors the lower triangle of `a` [n×n] into `L·Lᵀ` in place.
    ///
    /// - Returns: Whether `a` is positive definite.
    static func factorize(_ a: inout MutableSpan<Self>, n: Int, lead: Int) -> Bool {
        precondition(a.count >= extent(n, n, lead))
        var n = blasint(n)
        var lead = blasint(lead)
        var info = blasint(0)
        // A lower triangle in rows is an upper one in Fortran's columns.
        unsafe a.withUnsafeMutableBufferPointer { unsafe routines.potrf("U", &n, $0.baseAddress, &lead, &info, 1) }
        return info == 0
    }

    /// Replaces the symmetric `a` [n×n] by its eigenvectors as rows, and `values` [n] by the eigenvalues, ascending.
    ///
    /// - Returns: Whether the iteration converged.
    static func eigen(_ a: inout [Self], n: Int, values: inout [Self]) -> Bool {
        precondition(a.count >= n * n && values.count >= n)
        var work = [Self](repeating: 0, count: 1 + 6 * n + 2 * n * n)
        var integers = [blasint](repeating: 0, count: 3 + 5 * n)
        var workCount = blasint(work.count)
        var integerCount = blasint(integers.count)
        var n = blasint(n)
        var lead = n
        var info = blasint(0)
        unsafe routines.syevd(
            "V", "U", &n, &a, &lead, &values, &work, &workCount, &integers, &integerCount, &info, 1, 1)
        return info == 0
    }
}

/// A lower triangular matrix L [n×n] in rows that are `lead` elements apart.
struct LowerTriangle<Value: Real>: ~Escapable {
    let elements: Span<Value>
    let rows: Int
    let lead: Int

    @_lifetime(copy elements)
    init(_ elements: Span<Value>, rows: Int, lead: Int) {
        precondition(elements.count >= extent(rows, rows, lead))
        self.elements = elements
        self.rows = rows
        self.lead = lead
    }

    /// An equation for x: `L·x = b` and `Lᵀ·x = b` with b [n×count], `x·Lᵀ = b` with b [count×n].
    enum Equation { case plain, transposed, fromTheRight }

    /// Replaces `b`, whose rows are `leadB` elements apart, by the solution of `equation`.
    func solve(_ equation: Equation, _ b: inout MutableSpan<Value>, count: Int, lead leadB: Int) {
        let isRight = equation == .fromTheRight
        precondition(b.count >= (isRight ? extent(count, rows, leadB) : extent(rows, count, leadB)))
        // Fortran reads rows as columns, so that all sides are exchanged.
        var fortranRows = blasint(isRight ? rows : count)
        var fortranColumns = blasint(isRight ? count : rows)
        var lead = blasint(lead)
        var leadB = blasint(leadB)
        var one: Value = 1
        unsafe elements.withUnsafeBufferPointer { l in
            unsafe b.withUnsafeMutableBufferPointer { b in
                unsafe Value.routines.trsm(
                    isRight ? "L" : "R", "U", equation == .plain ? "N" : "T", "N", &fortranRows, &fortranColumns, &one,
                    l.baseAddress, &lead, b.baseAddress, &leadB)
            }
        }
    }
}

extension Float: Real {
    package static var routines: SolverRoutines { BLAS.shared.single }

    @unsafe package static func gemm(
        _ shape: ProductShape, _ alpha: Float, _ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ beta: Float,
        _ c: UnsafeMutablePointer<Float>?
    ) {
        unsafe BLAS.shared.sgemm(
            CblasRowMajor, shape.transposesA ? CblasTrans : CblasNoTrans, shape.transposesB ? CblasTrans : CblasNoTrans,
            blasint(shape.m), blasint(shape.n), blasint(shape.k), alpha, a, blasint(shape.lda), b, blasint(shape.ldb),
            beta, c, blasint(shape.ldc))
    }
}

extension Double: Real {
    package static var routines: SolverRoutines { BLAS.shared.double }

    @unsafe package static func gemm(
        _ shape: ProductShape, _ alpha: Double, _ a: UnsafePointer<Double>?, _ b: UnsafePointer<Double>?,
        _ beta: Double, _ c: UnsafeMutablePointer<Double>?
    ) {
        unsafe BLAS.shared.dgemm(
            CblasRowMajor, shape.transposesA ? CblasTrans : CblasNoTrans, shape.transposesB ? CblasTrans : CblasNoTrans,
            blasint(shape.m), blasint(shape.n), blasint(shape.k), alpha, a, blasint(shape.lda), b, blasint(shape.ldb),
            beta, c, blasint(shape.ldc))
    }
}
