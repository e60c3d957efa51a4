internal import Core
internal import Kernels

/// A stack of transformer blocks with the final norm and the projection of each sequence's pooled token to features.
struct Transformer: Sendable {
    /// The largest numbers of tokens and of sequences per product.
    struct Limits: Sendable {
        let tokens: Int
        let sequences: Int
    }

    private let shape: TransformerShape
    private let limits: Limits
    private let precision: Precision
    private let blocks: [TransformerBlock]
    private let finalBlock: FinalBlock
    private let finalNorm: LayerNorm
    private let projection: PackedLayer

    /// Packs the blocks of `tower`, `image` or `text`.
    init(
        _ tower: String, _ shape: TransformerShape, _ limits: Limits, isCausal: Bool, _ loader: LayerLoader
    ) throws(Fault) {
        self.shape = shape
        self.limits = limits
        precision = loader.precision
        blocks = try (0 ..< shape.layers - 1).map { index throws(Fault) in
            try TransformerBlock(
                "\(tower).blocks.\(index)", shape, rows: limits.tokens, isCausal: isCausal, loader)
        }
        finalBlock = try FinalBlock(
            "\(tower).blocks.\(shape.layers - 1)", shape, height: limits.sequences, loader)
        finalNorm = try loader.norm("\(tower).final_norm", epsilon: shape.epsilon)
        let weights = try loader.values("\(tower).projection.weight")  // [D×W]
        projection = try loader.layer(
            .linear(
                rows: limits.sequences, inputs: shape.width, outputs: weights.count / shape.width, precision: .float32),
            weights)
    }

    /// Writes the features [sequences×D] of the tokens `x` [rows×W], which are overwritten.
    func encode(
        _ x: inout MutableSpan<Float>, _ tokens: TokenBatch, into features: inout MutableSpan<Float>,
        _ thread: LayerThread
    ) {
        let padded = (tokens.sequences.count + limits.sequences - 1) / limits.sequences * limits.sequences
        var scratch = TransformerScratch(rows: max(tokens.rows, padded), shape, precision)
        for block in blocks { block.run(&x, tokens, &scratch, thread) }
        var memory = Scratch<Float>(padded * shape.width)
        var pooled = memory.mutableSpan
        finalBlock.run(x.span, tokens, into: &pooled, &scratch, thread)
        finalNorm.run(&pooled, rows: padded)
        var projected = LayerBuffer(padded * projection.shape.outputs, .float32)
        projection.run(LayerValues(pooled.span), rows: padded, into: projected.mutableValues, thread)
        features.copy(projected.values.floats.part(0, count: features.count))
    }
}
