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
package protocol Real: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// `c ← α·op(a)·op(b) + β·c`, row-major, on one thread: `cblas_sgemm`, `cblas_dgemm`.
    static func multiply(
        _ a: Span<Self>, _ b: Span<Self>, into c: inout MutableSpan<Self>, shape: ProductShape, alpha: Self, beta: Self)

    /// Solves `L·x = b` or `Lᵀ·x = b` in place of `b` [n×m], with `L` [n×n] lower: `cblas_strsm`, `cblas_dtrsm`.
    static func solveLower(
        _ l: Span<Self>, lead: Int, transposing: Bool, _ b: inout MutableSpan<Self>, n: Int, m: Int, leadB: Int)

    /// Solves `x·Lᵀ = b` in place of `b` [m×n], with `L` [n×n] lower: `cblas_strsm`, `cblas_dtrsm`.
    static func solveLowerFromTheRight(
        _ l: Span<Self>, lead: Int, _ b: inout MutableSpan<Self>, n: Int, m: Int, leadB: Int)

    /// Factors the lower triangle of `a` [n×n] into `L·Lᵀ` in place: `spotrf`, `dpotrf`.
    ///
    /// - Returns: whether `a` is positive definite.
    static func factorize(_ a: inout MutableSpan<Self>, n: Int, lead: Int) -> Bool

    /// Replaces the symmetric `a` [n×n] by its eigenvectors as rows, eigenvalues ascending: `ssyevd`, `dsyevd`.
    ///
    /// - Returns: whether the iteration converged.
    static func eigen(
        _ a: inout MutableSpan<Self>, n: Int, values: inout MutableSpan<Self>, work: inout MutableSpan<Self>) -> Bool
}

extension Real {
    /// Elements of work that ``eigen(_:n:values:work:)`` needs.
    static func eigenWork(_ n: Int) -> Int { 1 + 6 * n + 2 * n * n }
}

private func transposes(_ does: Bool) -> CBLAS_TRANSPOSE { does ? CblasTrans : CblasNoTrans }

extension Float: Real {
    package static func multiply(
        _ a: Span<Float>, _ b: Span<Float>, into c: inout MutableSpan<Float>, shape: ProductShape, alpha: Float,
        beta: Float
    ) {
        shape.check(a.count, b.count, c.count)
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe c.withUnsafeMutableBufferPointer { c in
                    unsafe BLAS.shared.sgemm(
                        CblasRowMajor, transposes(shape.transposesA), transposes(shape.transposesB), blasint(shape.m),
                        blasint(shape.n), blasint(shape.k), alpha, a.baseAddress, blasint(shape.lda), b.baseAddress,
                        blasint(shape.ldb), beta, c.baseAddress, blasint(shape.ldc))
                }
            }
        }
    }

    package static func solveLower(
        _ l: Span<Float>, lead: Int, transposing: Bool, _ b: inout MutableSpan<Float>, n: Int, m: Int, leadB: Int
    ) {
        precondition(l.count >= extent(n, n, lead) && b.count >= extent(n, m, leadB))
        unsafe l.withUnsafeBufferPointer { l in
            unsafe b.withUnsafeMutableBufferPointer { b in
                unsafe BLAS.shared.solvers.strsm(
                    CblasRowMajor, CblasLeft, CblasLower, transposes(transposing), CblasNonUnit, blasint(n), blasint(m),
                    1, l.baseAddress, blasint(lead), b.baseAddress, blasint(leadB))
            }
        }
    }

    package static func solveLowerFromTheRight(
        _ l: Span<Float>, lead: Int, _ b: inout MutableSpan<Float>, n: Int, m: Int, leadB: Int
    ) {
        precondition(l.count >= extent(n, n, lead) && b.count >= extent(m, n, leadB))
        unsafe l.withUnsafeBufferPointer { l in
            unsafe b.withUnsafeMutableBufferPointer { b in
                unsafe BLAS.shared.solvers.strsm(
                    CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(m), blasint(n), 1,
                    l.baseAddress, blasint(lead), b.baseAddress, blasint(leadB))
            }
        }
    }

    package static func factorize(_ a: inout MutableSpan<Float>, n: Int, lead: Int) -> Bool {
        precondition(a.count >= extent(n, n, lead))
        // A lower triangle in rows is an upper one in columns.
        var count = blasint(n)
        var lead = blasint(lead)
        var info = blasint(0)
        unsafe a.withUnsafeMutableBufferPointer { a in
            unsafe BLAS.shared.solvers.spotrf("U", &count, a.baseAddress, &lead, &info, 1)
        }
        return info == 0
    }

    package static func eigen(
        _ a: inout MutableSpan<Float>, n: Int, values: inout MutableSpan<Float>, work: inout MutableSpan<Float>
    ) -> Bool {
        precondition(a.count >= n * n && values.count >= n && work.count >= eigenWork(n))
        var count = blasint(n)
        var workCount = blasint(work.count)
        var info = blasint(0)
        var integers = [blasint](repeating: 0, count: 3 + 5 * n)
        var integerCount = blasint(integers.count)
        var lead = count
        // Eigenvectors in columns, by columns, are rows by rows.
        unsafe a.withUnsafeMutableBufferPointer { a in
            unsafe values.withUnsafeMutableBufferPointer { values in
                unsafe work.withUnsafeMutableBufferPointer { work in
                    unsafe BLAS.shared.solvers.ssyevd(
                        "V", "U", &count, a.baseAddress, &lead, values.baseAddress, work.baseAddress, &workCount,
                        &integers, &integerCount, &info, 1, 1)
                }
            }
        }
        return info == 0
    }
}

extension Double: Real {
    package static func multiply(
        _ a: Span<Double>, _ b: Span<Double>, into c: inout MutableSpan<Double>, shape: ProductShape, alpha: Double,
        beta: Double
    ) {
        shape.check(a.count, b.count, c.count)
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe c.withUnsafeMutableBufferPointer { c in
                    unsafe BLAS.shared.solvers.dgemm(
                        CblasRowMajor, transposes(shape.transposesA), transposes(shape.transposesB), blasint(shape.m),
                        blasint(shape.n), blasint(shape.k), alpha, a.baseAddress, blasint(shape.lda), b.baseAddress,
                        blasint(shape.ldb), beta, c.baseAddress, blasint(shape.ldc))
                }
            }
        }
    }

    package static func solveLower(
        _ l: Span<Double>, lead: Int, transposing: Bool, _ b: inout MutableSpan<Double>, n: Int, m: Int, leadB: Int
    ) {
        precondition(l.count >= extent(n, n, lead) && b.count >= extent(n, m, leadB))
        unsafe l.withUnsafeBufferPointer { l in
            unsafe b.withUnsafeMutableBufferPointer { b in
                unsafe BLAS.shared.solvers.dtrsm(
                    CblasRowMajor, CblasLeft, CblasLower, transposes(transposing), CblasNonUnit, blasint(n), blasint(m),
                    1, l.baseAddress, blasint(lead), b.baseAddress, blasint(leadB))
            }
        }
    }

    package static func solveLowerFromTheRight(
        _ l: Span<Double>, lead: Int, _ b: inout MutableSpan<Double>, n: Int, m: Int, leadB: Int
    ) {
        precondition(l.count >= extent(n, n, lead) && b.count >= extent(m, n, leadB))
        unsafe l.withUnsafeBufferPointer { l in
            unsafe b.withUnsafeMutableBufferPointer { b in
                unsafe BLAS.shared.solvers.dtrsm(
                    CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(m), blasint(n), 1,
                    l.baseAddress, blasint(lead), b.baseAddress, blasint(leadB))
            }
        }
    }

    package static func factorize(_ a: inout MutableSpan<Double>, n: Int, lead: Int) -> Bool {
        precondition(a.count >= extent(n, n, lead))
        // A lower triangle in rows is an upper one in columns.
        var count = blasint(n)
        var lead = blasint(lead)
        var info = blasint(0)
        unsafe a.withUnsafeMutableBufferPointer { a in
            unsafe BLAS.shared.solvers.dpotrf("U", &count, a.baseAddress, &lead, &info, 1)
        }
        return info == 0
    }

    package static func eigen(
        _ a: inout MutableSpan<Double>, n: Int, values: inout MutableSpan<Double>, work: inout MutableSpan<Double>
    ) -> Bool {
        precondition(a.count >= n * n && values.count >= n && work.count >= eigenWork(n))
        var count = blasint(n)
        var workCount = blasint(work.count)
        var info = blasint(0)
        var integers = [blasint](repeating: 0, count: 3 + 5 * n)
        var integerCount = blasint(integers.count)
        var lead = count
        // Eigenvectors in columns, by columns, are rows by rows.
        unsafe a.withUnsafeMutableBufferPointer { a in
            unsafe values.withUnsafeMutableBufferPointer { values in
                unsafe work.withUnsafeMutableBufferPointer { work in
                    unsafe BLAS.shared.solvers.dsyevd(
                        "V", "U", &count, a.baseAddress, &lead, values.baseAddress, work.baseAddress, &workCount,
                        &integers, &integerCount, &info, 1, 1)
                }
            }
        }
        return info == 0
    }
}
