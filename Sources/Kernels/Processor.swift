internal import COneDNN
internal import CProcessor
internal import Glibc

/// The number of processors this process may run on.
///
/// A scheduler may have given it some of the machine's only.
let coreCount: Int = {
    let allowed = Int(cprocessor_allowed_count())
    return allowed > 0 ? allowed : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}()

/// What does the arithmetic on this machine, in words: for `--version` and for provenance.
public struct Arithmetic: Sendable {
    /// OpenBLAS's version and the kernels it runs on.
    public let matrixProduct: String
    /// oneDNN's version, and whether it has bfloat16 products in hardware.
    public let brainFloat: String
    public let threads: Int

    public static var current: Arithmetic {
        let version = conednn_version()
        let name = "oneDNN \(version / 10000).\(version / 100 % 100).\(version % 100)"
        return Arithmetic(
            matrixProduct: BLAS.shared.description,
            brainFloat: BFloat16.isAvailable ? "\(name), bfloat16 in hardware" : "\(name), no bfloat16 in hardware",
            threads: Parallel.threadCount)
    }
}
