internal import COpenBLAS
internal import CProcessor
internal import Glibc

/// OpenBLAS, opened at run time.
///
/// OpenBLAS 0.3.21 selects its kernels while it is loaded, from a list of processors that ends in 2021. On newer AMD
/// processors it selects the AVX2 kernels and runs at half speed. With these, the bits of a row also depend on its
/// position among the others: six rows of twelve are rounded in another way than the other six. It is therefore opened
/// here, after the environment variable `OPENBLAS_CORETYPE` is set to kernels that treat all rows alike: those for
/// AVX-512, or else those for AVX, which take about a fifth longer than those for AVX2 on an AMD processor. A value set
/// by the user is kept.
@safe final class BLAS: @unchecked Sendable {  // immutable after init
    static let shared = BLAS()

    let sgemm: copenblas_sgemm
    let dgemm: copenblas_dgemm
    let single: SolverRoutines
    let double: SolverRoutines
    /// The version and the kernels, such as `OpenBLAS 0.3.21 (SkylakeX kernels)`.
    let description: String

    private init() {
        #if arch(x86_64)
            let variable = "OPENBLAS_CORETYPE"
            let isGiven = unsafe getenv(variable) != nil
            unsafe setenv(variable, cprocessor_has_avx512() != 0 ? "SKYLAKEX" : "SANDYBRIDGE", 0)
            // Jobs that this process submits may run on other processors, and would take it for a value of the user.
            defer { if !isGiven { unsafe unsetenv(variable) } }
        #endif
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
