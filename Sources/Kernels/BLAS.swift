internal import COpenBLAS
internal import CProcessor
internal import Glibc

/// OpenBLAS, opened at run time.
///
/// OpenBLAS 0.3.21 selects its kernels while it is loaded, from a list of processors that ends in 2021. On newer AMD
/// processors it selects the AVX2 kernels and runs at half speed. It is therefore opened here, after the environment
/// variable `OPENBLAS_CORETYPE` is set to what the processor supports. A value set by the user is kept.
@safe final class BLAS: @unchecked Sendable {  // immutable after init
    static let shared = BLAS()

    let sgemm: copenblas_sgemm
    let dgemm: copenblas_dgemm
    let single: SolverRoutines
    let double: SolverRoutines
    /// The version and the kernels, such as `OpenBLAS 0.3.21 (SkylakeX kernels)`.
    let description: String

    private init() {
        if cprocessor_has_avx512() != 0 { unsafe setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 0) }
        func symbol(_ name: String, in library: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
            guard let address = unsafe dlsym(library, name) else { preconditionFailure("libopenblas has no \(name)") }
            return unsafe address
        }
        guard let library = unsafe dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL) else {
            preconditionFailure("libopenblas.so.0 cannot be opened; scripts/setup installs it (libopenblas-dev)")
        }
        unsafe sgemm = unsafeBitCast(symbol("cblas_sgemm", in: library), to: copenblas_sgemm.self)
        unsafe dgemm = unsafeBitCast(symbol("cblas_dgemm", in: library), to: copenblas_dgemm.self)
        single = unsafe SolverRoutines("s") { unsafe symbol($0, in: library) }
        double = unsafe SolverRoutines("d") { unsafe symbol($0, in: library) }
        let setThreads = unsafe unsafeBitCast(
            symbol("openblas_set_num_threads", in: library), to: copenblas_set_threads.self)
        // Products are cut into pieces by Parallel, so results do not depend on the number of threads.
        setThreads(1)
        func text(_ name: String) -> String {
            let call = unsafe unsafeBitCast(symbol(name, in: library), to: copenblas_text.self)
            guard let characters = unsafe call() else { return "" }
            return unsafe String(cString: characters)
        }
        let version = text("openblas_get_config").split(separator: " ").prefix(2).joined(separator: " ")
        description = "\(version) (\(text("openblas_get_corename")) kernels)"
    }
}
