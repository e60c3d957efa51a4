internal import COpenBLAS

/// OpenBLAS's routines for factorizing and solving, in both precisions.
///
/// Each runs on the calling thread.
@safe struct SolverRoutines: @unchecked Sendable {  // immutable addresses of code
    fileprivate let dgemm: copenblas_dgemm
    fileprivate let strsm: copenblas_strsm
    fileprivate let dtrsm: copenblas_dtrsm
    fileprivate let spotrf: copenblas_spotrf
    fileprivate let dpotrf: copenblas_dpotrf
    fileprivate let ssyevd: copenblas_ssyevd
    fileprivate let dsyevd: copenblas_dsyevd

    init(_ symbol: (String) -> UnsafeMutableRawPointer) {
        unsafe dgemm = unsafeBitCast(symbol("cblas_dgemm"), to: copenblas_dgemm.self)
        unsafe strsm = unsafeBitCast(symbol("cblas_strsm"), to: copenblas_strsm.self)
        unsafe dtrsm = unsafeBitCast(symbol("cblas_dtrsm"), to: copenblas_dtrsm.self)
        unsafe spotrf = unsafeBitCast(symbol("spotrf_"), to: copenblas_spotrf.self)
        unsafe dpotrf = unsafeBitCast(symbol("dpotrf_"), to: copenblas_dpotrf.self)
        unsafe ssyevd = unsafeBitCast(symbol("ssyevd_"), to: copenblas_ssyevd.self)
        unsafe dsyevd = unsafeBitCast(symbol("dsyevd_"), to: copenblas_dsyevd.self)
    }
}

/// A number type for which OpenBLAS solves equations: `Float` or `Double`.
///
/// The requirements are the library's routines on unchecked addresses. The extension's methods check spans and call
/// them.
package protocol Real: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// `cblas_sgemm`, `cblas_dgemm`.
    @unsafe static func gemm(
        _ shape: ProductShape, _ alpha: Self, _ a: UnsafePointer<Self>?, _ b: UnsafePointer<Self>?, _ beta: Self,
        _ c: UnsafeMutablePointer<Self>?)

    /// `cblas_strsm`, `cblas_dtrsm` with the lower triangle `l`, from the left or from the right.
    @unsafe static func trsm(
        fromTheRight: Bool, transposing: Bool, rows: Int, columns: Int, _ l: UnsafePointer<Self>?, _ lead: Int,
        _ b: UnsafeMutablePointer<Self>?, _ leadB: Int)

    /// `spotrf`, `dpotrf` of a lower triangle in rows, which is an upper one in columns; 0 on success.
    @unsafe static func potrf(_ n: Int, _ a: UnsafeMutablePointer<Self>?, _ lead: Int) -> Int32

    /// `ssyevd`, `dsyevd`, whose eigenvectors in columns, by columns, are rows by rows; 0 on success.
    @unsafe static func syevd(
        _ n: Int, _ a: UnsafeMutablePointer<Self>?, _ values: UnsafeMutablePointer<Self>?,
        _ work: UnsafeMutablePointer<Self>?, _ workCount: Int
    ) -> Int32
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

    /// Solves `L·x = b` or `Lᵀ·x = b` in place of `b` [n×m], with `L` [n×n] lower.
    static func solveLower(
        _ l: Span<Self>, lead: Int, transposing: Bool, _ b: inout MutableSpan<Self>, n: Int, m: Int, leadB: Int
    ) {
        precondition(l.count >= extent(n, n, lead) && b.count >= extent(n, m, leadB))
        unsafe l.withUnsafeBufferPointer { l in
            unsafe b.withUnsafeMutableBufferPointer { b in
                unsafe trsm(
                    fromTheRight: false, transposing: transposing, rows: n, columns: m, l.baseAddress, lead,
                    b.baseAddress, leadB)
            }
        }
    }

    /// Solves `x·Lᵀ = b` in place of `b` [m×n], with `L` [n×n] lower.
    static func solveLowerFromTheRight(
        _ l: Span<Self>, lead: Int, _ b: inout MutableSpan<Self>, n: Int, m: Int, leadB: Int
    ) {
        precondition(l.count >= extent(n, n, lead) && b.count >= extent(m, n, leadB))
        unsafe l.withUnsafeBufferPointer { l in
            unsafe b.withUnsafeMutableBufferPointer { b in
                unsafe trsm(
                    fromTheRight: true, transposing: true, rows: m, columns: n, l.baseAddress, lead, b.baseAddress,
                    leadB)
            }
        }
    }

    /// Factors the lower triangle of `a` [n×n] into `L·Lᵀ` in place.
    ///
    /// - Returns: Whether `a` is positive definite.
    static func factorize(_ a: inout MutableSpan<Self>, n: Int, lead: Int) -> Bool {
        precondition(a.count >= extent(n, n, lead))
        return unsafe a.withUnsafeMutableBufferPointer { unsafe potrf(n, $0.baseAddress, lead) } == 0
    }

    /// Replaces the symmetric `a` [n×n] by its eigenvectors as rows, and `values` [n] by the eigenvalues, ascending.
    ///
    /// - Returns: Whether the iteration converged.
    static func eigen(_ a: inout [Self], n: Int, values: inout [Self]) -> Bool {
        precondition(a.count >= n * n && values.count >= n)
        var work = [Self](repeating: 0, count: 1 + 6 * n + 2 * n * n)
        return unsafe syevd(n, &a, &values, &work, work.count) == 0
    }
}

private func transposes(_ does: Bool) -> CBLAS_TRANSPOSE { does ? CblasTrans : CblasNoTrans }

extension Float: Real {
    @unsafe package static func gemm(
        _ shape: ProductShape, _ alpha: Float, _ a: UnsafePointer<Float>?, _ b: UnsafePointer<Float>?, _ beta: Float,
        _ c: UnsafeMutablePointer<Float>?
    ) {
        unsafe BLAS.shared.sgemm(
            CblasRowMajor, transposes(shape.transposesA), transposes(shape.transposesB), blasint(shape.m),
            blasint(shape.n), blasint(shape.k), alpha, a, blasint(shape.lda), b, blasint(shape.ldb), beta, c,
            blasint(shape.ldc))
    }

    @unsafe package static func trsm(
        fromTheRight: Bool, transposing: Bool, rows: Int, columns: Int, _ l: UnsafePointer<Float>?, _ lead: Int,
        _ b: UnsafeMutablePointer<Float>?, _ leadB: Int
    ) {
        unsafe BLAS.shared.solvers.strsm(
            CblasRowMajor, fromTheRight ? CblasRight : CblasLeft, CblasLower, transposes(transposing), CblasNonUnit,
            blasint(rows), blasint(columns), 1, l, blasint(lead), b, blasint(leadB))
    }

    @unsafe package static func potrf(_ n: Int, _ a: UnsafeMutablePointer<Float>?, _ lead: Int) -> Int32 {
        var n = blasint(n)
        var lead = blasint(lead)
        var info = blasint(0)
        unsafe BLAS.shared.solvers.spotrf("U", &n, a, &lead, &info, 1)
        return info
    }

    @unsafe package static func syevd(
        _ n: Int, _ a: UnsafeMutablePointer<Float>?, _ values: UnsafeMutablePointer<Float>?,
        _ work: UnsafeMutablePointer<Float>?, _ workCount: Int
    ) -> Int32 {
        var integers = [blasint](repeating: 0, count: 3 + 5 * n)
        var n = blasint(n)
        var lead = blasint(n)
        var info = blasint(0)
        var workCount = blasint(workCount)
        var integerCount = blasint(integers.count)
        unsafe BLAS.shared.solvers.ssyevd(
            "V", "U", &n, a, &lead, values, work, &workCount, &integers, &integerCount, &info, 1, 1)
        return info
    }
}

extension Double: Real {
    @unsafe package static func gemm(
        _ shape: ProductShape, _ alpha: Double, _ a: UnsafePointer<Double>?, _ b: UnsafePointer<Double>?,
        _ beta: Double,
        _ c: UnsafeMutablePointer<Double>?
    ) {
        unsafe BLAS.shared.solvers.dgemm(
            CblasRowMajor, transposes(shape.transposesA), transposes(shape.transposesB), blasint(shape.m),
            blasint(shape.n), blasint(shape.k), alpha, a, blasint(shape.lda), b, blasint(shape.ldb), beta, c,
            blasint(shape.ldc))
    }

    @unsafe package static func trsm(
        fromTheRight: Bool, transposing: Bool, rows: Int, columns: Int, _ l: UnsafePointer<Double>?, _ lead: Int,
        _ b: UnsafeMutablePointer<Double>?, _ leadB: Int
    ) {
        unsafe BLAS.shared.solvers.dtrsm(
            CblasRowMajor, fromTheRight ? CblasRight : CblasLeft, CblasLower, transposes(transposing), CblasNonUnit,
            blasint(rows), blasint(columns), 1, l, blasint(lead), b, blasint(leadB))
    }

    @unsafe package static func potrf(_ n: Int, _ a: UnsafeMutablePointer<Double>?, _ lead: Int) -> Int32 {
        var n = blasint(n)
        var lead = blasint(lead)
        var info = blasint(0)
        unsafe BLAS.shared.solvers.dpotrf("U", &n, a, &lead, &info, 1)
        return info
    }

    @unsafe package static func syevd(
        _ n: Int, _ a: UnsafeMutablePointer<Double>?, _ values: UnsafeMutablePointer<Double>?,
        _ work: UnsafeMutablePointer<Double>?, _ workCount: Int
    ) -> Int32 {
        var integers = [blasint](repeating: 0, count: 3 + 5 * n)
        var n = blasint(n)
        var lead = blasint(n)
        var info = blasint(0)
        var workCount = blasint(workCount)
        var integerCount = blasint(integers.count)
        unsafe BLAS.shared.solvers.dsyevd(
            "V", "U", &n, a, &lead, values, work, &workCount, &integers, &integerCount, &info, 1, 1)
        return info
    }
}
