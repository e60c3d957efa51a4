internal import Core
internal import Kernels

extension PrecisionRequest {
    /// The precision of a training step's large products with this many prototypes.
    ///
    /// `auto` is bfloat16 if the processor multiplies it in hardware and there are at least a thousand prototypes; with
    /// fewer it is no faster.
    func resolved(prototypes: Int) -> Precision {
        switch self {
        case .auto: prototypes >= 1024 ? .fastest : .float32
        case .float32: .float32
        case .bfloat16: .bfloat16
        }
    }
}
