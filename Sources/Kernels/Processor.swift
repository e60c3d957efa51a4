internal import COneDNN

/// The libraries that do the arithmetic on this machine, in words, for `--version` and provenance.
public struct Arithmetic: Sendable {
    /// OpenBLAS's version and the kernels it runs on.
    public let matrixProduct: String
    /// oneDNN's version, and whether it has bfloat16 products in hardware.
    public let brainFloat: String

    public static var current: Arithmetic {
        let version = conednn_version()
        let name = "oneDNN \(version / 10000).\(version / 100 % 100).\(version % 100)"
        return Arithmetic(
            matrixProduct: BLAS.shared.description,
            brainFloat: BrainFloat.isAvailable ? "\(name), bfloat16 in hardware" : "\(name), no bfloat16 in hardware")
    }

    /// A line per library.
    public var libraries: [String] { [matrixProduct, brainFloat] }
}
