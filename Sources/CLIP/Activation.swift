internal import COneDNN

/// The activation of the MLP blocks; features of the two are similar but not interchangeable.
public enum Activation: String, Sendable, Codable, CaseIterable {
    /// x·σ(1.702x), the activation of OpenAI's weights.
    case quickGELU = "quick_gelu"
    /// x·Φ(x), the activation of most other weights.
    case gelu

    /// The activation as a layer applies it.
    var layerActivation: LayerActivation {
        switch self {
        case .quickGELU: .quickGELU
        case .gelu: .gelu
        }
    }
}

/// The function that a layer applies to its results before they are stored.
package enum LayerActivation: Hashable, Sendable {
    case none
    case relu
    /// x·σ(1.702x)
    case quickGELU
    /// x·Φ(x)
    case gelu

    /// The door's code for the operation.
    var code: Int32 {
        switch self {
        case .none: Int32(conednn_linear)
        case .relu: Int32(conednn_relu)
        case .quickGELU: Int32(conednn_quick_gelu)
        case .gelu: Int32(conednn_gelu)
        }
    }
}
