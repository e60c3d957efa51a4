/// The sizes of a stack of transformer blocks.
struct TransformerShape: Sendable, Encodable {
    /// The width W of a token.
    let width: Int
    /// The number of blocks.
    let layers: Int
    /// The number of attention heads.
    let heads: Int
    /// The width of the MLP's hidden layer.
    let hiddenWidth: Int
    let activation: Activation
    /// The constant that LayerNorm adds to the variance.
    let epsilon: Float

    var summary: String { "\(layers) layers, width \(width), \(heads) heads" }
}
