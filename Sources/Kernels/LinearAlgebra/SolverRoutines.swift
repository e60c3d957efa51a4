internal import COpenBLAS

/// OpenBLAS's routines that factorize and solve, in both precisions, each on the calling thread.
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

/// A number in which equations are solved: `Float` or `Double`.
protocol Real: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// `c ← α·op(a)·op(b) + β·c`, row-major, on one thread: `cblas_sgemm`, `cblas_dgemm`.
    static func multiply(
        _ a: Reals<Self>, _ b: Reals<Self>, into c: Reals<Self>, shape: RealShape, alpha: Self, beta: Self)

    /// Solves `L·x = b` or `Lᵀ·x = b` in place of `b` [n×m], with `L` [n×n] lower: `cblas_strsm`, `cblas_dtrsm`.
    static func solveLower(
        _ l: Reals<Self>, lead: Int, transposing: Bool, _ b: Reals<Self>, n: Int, m: Int, leadB: Int)

    /// Solves `x·Lᵀ = b` in place of `b` [m×n], with `L` [n×n] lower: `cblas_strsm`, `cblas_dtrsm`.
    static func solveLowerFromTheRight(_ l: Reals<Self>, lead: Int, _ b: Reals<Self>, n: Int, m: Int, leadB: Int)

    /// Factors the lower triangle of `a` [n×n] into `L·Lᵀ` in place: `spotrf`, `dpotrf`.
    ///
    /// - Returns: whether `a` is positive definite.
    static func factorize(_ a: Reals<Self>, n: Int, lead: Int) -> Bool

    /// Replaces the symmetric `a` [n×n] by its eigenvectors as rows, eigenvalues ascending: `ssyevd`, `dsyevd`.
    ///
    /// - Returns: whether the iteration converged.
    static func eigen(_ a: Reals<Self>, n: Int, values: Reals<Self>, work: Reals<Self>) -> Bool
}

/// The shape of a product of ``Real`` numbers: `op(a)` [m×k], `op(b)` [k×n].
struct RealShape: Sendable {
    var m: Int
    var n: Int
    var k: Int
    var lda: Int
    var ldb: Int
    var ldc: Int
    var transposesA = false
    var transposesB = false
}

extension Real {
    /// Elements of work that ``eigen(_:n:values:work:)`` needs.
    static func eigenWork(_ n: Int) -> Int { 1 + 6 * n + 2 * n * n }
}

private func transposes(_ does: Bool) -> CBLAS_TRANSPOSE { does ? CblasTrans : CblasNoTrans }

extension Float: Real {
    static func multiply(
        _ a: Reals<Float>, _ b: Reals<Float>, into c: Reals<Float>, shape: RealShape, alpha: Float, beta: Float
    ) {
        unsafe BLAS.shared.sgemm(
            CblasRowMajor, transposes(shape.transposesA), transposes(shape.transposesB), blasint(shape.m),
            blasint(shape.n), blasint(shape.k), alpha, a.address, blasint(shape.lda), b.address, blasint(shape.ldb),
            beta, c.address, blasint(shape.ldc))
    }

    static func solveLower(
        _ l: Reals<Float>, lead: Int, transposing: Bool, _ b: Reals<Float>, n: Int, m: Int, leadB: Int
    ) {
        unsafe BLAS.shared.solvers.strsm(
            CblasRowMajor, CblasLeft, CblasLower, transposes(transposing), CblasNonUnit, blasint(n), blasint(m), 1,
            l.address, blasint(lead), b.address, blasint(leadB))
    }

    static func solveLowerFromTheRight(
        _ l: Reals<Float>, lead: Int, _ b: Reals<Float>, n: Int, m: Int, leadB: Int
    ) {
        unsafe BLAS.shared.solvers.strsm(
            CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(m), blasint(n), 1,
            l.address, blasint(lead), b.address, blasint(leadB))
    }

    static func factorize(_ a: Reals<Float>, n: Int, lead: Int) -> Bool {
        // A lower triangle in rows is an upper one in columns.
        var (count, lead, info) = (blasint(n), blasint(lead), blasint(0))
        unsafe BLAS.shared.solvers.spotrf("U", &count, a.address, &lead, &info, 1)
        return info == 0
    }

    static func eigen(_ a: Reals<Float>, n: Int, values: Reals<Float>, work: Reals<Float>) -> Bool {
        var (count, workCount, info) = (blasint(n), blasint(work.count), blasint(0))
        var integers = [blasint](repeating: 0, count: 3 + 5 * n)
        var integerCount = blasint(integers.count)
        var lead = count
        // Eigenvectors in columns, by columns, are rows by rows.
        unsafe BLAS.shared.solvers.ssyevd(
            "V", "U", &count, a.address, &lead, values.address, work.address, &workCount, &integers, &integerCount,
            &info, 1, 1)
        return info == 0
    }
}

extension Double: Real {
    static func multiply(
        _ a: Reals<Double>, _ b: Reals<Double>, into c: Reals<Double>, shape: RealShape, alpha: Double, beta: Double
    ) {
        unsafe BLAS.shared.solvers.dgemm(
            CblasRowMajor, transposes(shape.transposesA), transposes(shape.transposesB), blasint(shape.m),
            blasint(shape.n), blasint(shape.k), alpha, a.address, blasint(shape.lda), b.address, blasint(shape.ldb),
            beta, c.address, blasint(shape.ldc))
    }

    static func solveLower(
        _ l: Reals<Double>, lead: Int, transposing: Bool, _ b: Reals<Double>, n: Int, m: Int, leadB: Int
    ) {
        unsafe BLAS.shared.solvers.dtrsm(
            CblasRowMajor, CblasLeft, CblasLower, transposes(transposing), CblasNonUnit, blasint(n), blasint(m), 1,
            l.address, blasint(lead), b.address, blasint(leadB))
    }

    static func solveLowerFromTheRight(
        _ l: Reals<Double>, lead: Int, _ b: Reals<Double>, n: Int, m: Int, leadB: Int
    ) {
        unsafe BLAS.shared.solvers.dtrsm(
            CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(m), blasint(n), 1,
            l.address, blasint(lead), b.address, blasint(leadB))
    }

    static func factorize(_ a: Reals<Double>, n: Int, lead: Int) -> Bool {
        // A lower triangle in rows is an upper one in columns.
        var (count, lead, info) = (blasint(n), blasint(lead), blasint(0))
        unsafe BLAS.shared.solvers.dpotrf("U", &count, a.address, &lead, &info, 1)
        return info == 0
    }

    static func eigen(_ a: Reals<Double>, n: Int, values: Reals<Double>, work: Reals<Double>) -> Bool {
        var (count, workCount, info) = (blasint(n), blasint(work.count), blasint(0))
        var integers = [blasint](repeating: 0, count: 3 + 5 * n)
        var integerCount = blasint(integers.count)
        var lead = count
        // Eigenvectors in columns, by columns, are rows by rows.
        unsafe BLAS.shared.solvers.dsyevd(
            "V", "U", &count, a.address, &lead, values.address, work.address, &workCount, &integers, &integerCount,
            &info, 1, 1)
        return info == 0
    }
}
