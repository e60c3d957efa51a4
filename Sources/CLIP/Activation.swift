/// What a tower's perceptrons bend their values with; the two give features that look alike and are not.
public enum Activation: String, Sendable, Codable, CaseIterable {
    /// x·σ(1.702x), which OpenAI's weights were trained with.
    case quickGELU = "quick_gelu"
    /// x·Φ(x), which most other weights were trained with.
    case gelu
}
