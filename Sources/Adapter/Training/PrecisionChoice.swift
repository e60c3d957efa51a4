public import Kernels

/// The number format of a training step's large products, or the fastest that suits.
public enum PrecisionChoice: String, Codable, Sendable, CaseIterable {
    case auto, float32, bfloat16

    /// What is used on this machine for `prototypes` of them.
    ///
    /// `auto` is bfloat16 where the processor multiplies it in hardware and there are a thousand prototypes or more;
    /// below that there is nothing to gain.
    public func resolved(prototypes: Int) -> Precision {
        switch self {
        case .auto: prototypes >= 1024 ? .fastest : .float32
        case .float32: .float32
        case .bfloat16: .bfloat16
        }
    }
}
