internal import COneDNN
internal import CProcessor

/// Whether the processor has AVX-512, for which the libraries' products treat all rows alike.
///
/// Those of oneDNN for AVX2 compute the rows that remain of blocks of six in another way, so that a row's bits depend
/// on its position.
package let roundsAllRowsAlike = cprocessor_has_avx512() != 0

/// The libraries that do the arithmetic on this machine, in words, for `--version` and provenance.
public struct Arithmetic: Sendable {
    /// The version and the kernels of OpenBLAS.
    public let matrixProduct: String
    /// The version of oneDNN, and whether the processor has bfloat16 products in hardware.
    public let bfloat16: String

    /// The description for this process.
    public static var current: Arithmetic {
        let version = conednn_version()
        let name = "oneDNN \(version / 10000).\(version / 100 % 100).\(version % 100)"
        return Arithmetic(
            matrixProduct: BLAS.shared.description,
            bfloat16: BFloat16.isAvailable ? "\(name), bfloat16 in hardware" : "\(name), no bfloat16 in hardware")
    }

    /// A line per library.
    public var libraries: [String] { [matrixProduct, bfloat16] }
}
