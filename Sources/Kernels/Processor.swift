internal import COneDNN
internal import CProcessor
internal import Glibc

/// The number of processors this process may run on.
///
/// A scheduler may allow fewer than the machine has.
let coreCount: Int = {
    let allowed = Int(cprocessor_allowed_count())
    return allowed > 0 ? allowed : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}()

/// A description of the libraries and threads used for arithmetic, for `--version` and for provenance.
public struct Arithmetic: Sendable {
    /// The version and the kernels of OpenBLAS.
    public let matrixProduct: String
    /// The version of oneDNN, and whether the processor has bfloat16 products in hardware.
    public let bfloat16: String
    /// The number of threads in use.
    public let threads: Int

    /// The description for this process.
    public static var current: Arithmetic {
        let version = conednn_version()
        let name = "oneDNN \(version / 10000).\(version / 100 % 100).\(version % 100)"
        return Arithmetic(
            matrixProduct: BLAS.shared.description,
            bfloat16: BFloat16.isAvailable ? "\(name), bfloat16 in hardware" : "\(name), no bfloat16 in hardware",
            threads: Parallel.threadCount)
    }
}
