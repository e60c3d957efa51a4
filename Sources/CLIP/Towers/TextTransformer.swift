internal import Core
internal import Kernels

/// CLIP's text transformer, in which a token attends to itself and those before; the end token becomes the features.
///
/// The padding after the end changes nothing, so it is left out: prompts of different lengths lie one after another.
struct TextTransformer: TextTower {
    let maximumPrompts = 64
    let maximumTokens = 576
    private let shape: TextTransformerShape
    private let precision: Precision
    private let tokens: Matrix
    private let positions: Matrix
    private let blocks: [TransformerBlock]
    private let finalBlock: FinalBlock
    private let lastNorm: LayerNorm
    private let projection: PackedLayer

    /// The number of tokens that a block's product takes at a time.
    private static let rowsPerProduct = 48
    /// The number of prompts that the final block takes at a time.
    private static let promptsPerProduct = 16

    init(_ shape: TextTransformerShape, _ loader: LayerLoader) throws(Fault) {
        let transformer = shape.transformer
        tokens = try loader.matrix("text.token_embedding.weight")
        positions = try loader.matrix("text.positional_embedding")
        blocks = try (0 ..< transformer.layers - 1).map { index throws(Fault) in
            try TransformerBlock("text.blocks.\(index)", transformer, rows: Self.rowsPerProduct, isCausal: true, loader)
        }
        finalBlock = try FinalBlock(
            "text.blocks.\(transformer.layers - 1)", transformer, height: Self.promptsPerProduct, loader)
        lastNorm = try loader.norm("text.final_norm", epsilon: transformer.epsilon)
        let weights = try loader.values("text.projection.weight")  // [D×W]
        projection = try loader.layer(
            .linear(
                rows: Self.promptsPerProduct, inputs: transformer.width, outputs: weights.count / transformer.width,
                precision: .float32), weights)
        self.shape = shape
        precision = loader.precision
    }

    /// The prompt up to its largest token, where OpenAI's towers read their result.
    func prompt(_ tokens: [Int32]) -> ArraySlice<Int32>? {
        guard let largest = tokens.max(), let end = tokens.firstIndex(of: largest) else { return nil }
        return tokens[...end]
    }

    /// Writes the features [prompts×D] of `prompts`, each cut after its end.
    func encode(
        _ prompts: ArraySlice<ArraySlice<Int32>>, into features: inout MutableSpan<Float>, _ thread: LayerThread
    ) {
        let (width, outputs) = (positions.columns, projection.shape.outputs)
        var sequences: [Range<Int>] = []
        var end = 0
        for prompt in prompts {
            sequences.append(end ..< end + prompt.count)
            end += prompt.count
        }
        let rows = (end + Self.rowsPerProduct - 1) / Self.rowsPerProduct * Self.rowsPerProduct
        let padded = (prompts.count + finalBlock.height - 1) / finalBlock.height * finalBlock.height
        var memory = Scratch<Float>(zeros: rows * width)
        var x = memory.mutableSpan
        for (prompt, sequence) in zip(prompts, sequences) { embed(prompt, into: &x, at: sequence.lowerBound) }
        var scratch = TransformerScratch(rows: max(rows, padded), shape.transformer, precision)
        for block in blocks { block.run(&x, rows: rows, sequences: sequences, &scratch, thread) }
        var lastMemory = Scratch<Float>(padded * width)
        var last = lastMemory.mutableSpan
        finalBlock.run(
            x.span, rows: rows, sequences: sequences, wanted: sequences.map { $0.upperBound - 1 }, into: &last,
            &scratch, thread)
        lastNorm.run(&last, rows: padded)
        var projected = LayerBuffer(padded * outputs, .float32)
        projection.run(LayerValues(last.span), rows: padded, into: projected.mutableValues, thread)
        features.copy(projected.values.floats.part(0, count: prompts.count * outputs))
    }

    private func embed(_ prompt: ArraySlice<Int32>, into x: inout MutableSpan<Float>, at row: Int) {
        let width = positions.columns
        for (position, token) in prompt.enumerated() {
            var to = x.row(row + position, width: width)
            to.copy(tokens.span.row(Int(token), width: width))
            to.add(positions.span.row(position, width: width))
        }
    }
}
