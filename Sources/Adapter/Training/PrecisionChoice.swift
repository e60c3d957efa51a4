public import Kernels

/// The precision of a training step's large products, or the fastest that suits.
public enum PrecisionChoice: String, Codable, Sendable, CaseIterable {
    case auto, float32, bfloat16

    /// The precision on this machine for a number of prototypes.
    ///
    /// `auto` is bfloat16 if the processor multiplies it in hardware and there are at least 1024 prototypes; with
    /// fewer, bfloat16 is not faster.
    public func resolved(prototypes: Int) -> Precision {
        switch self {
        case .auto: prototypes >= 1024 ? .fastest : .float32
        case .float32: .float32
        case .bfloat16: .bfloat16
        }
    }
}
