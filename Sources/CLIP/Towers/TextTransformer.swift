internal import Core
internal import Kernels

/// CLIP's text transformer, in which a token attends to itself and those before; the end token becomes the features.
///
/// The padding after the end changes nothing, so it is left out: prompts of different lengths lie one after another.
struct TextTransformer: TextTower {
    let maximumPrompts = 64
    let maximumTokens = 576
    private let tokens: Matrix
    private let positions: Matrix
    private let transformer: Transformer

    private static let limits = Transformer.Limits(tokens: 48, sequences: 16)

    init(_ shape: TextTransformerShape, _ loader: LayerLoader) throws(Fault) {
        tokens = try loader.matrix("text.token_embedding.weight")
        positions = try loader.matrix("text.positional_embedding")
        transformer = try Transformer("text", shape.transformer, Self.limits, isCausal: true, loader)
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
        let width = positions.columns
        var sequences: [Range<Int>] = []
        var end = 0
        for prompt in prompts {
            sequences.append(end ..< end + prompt.count)
            end += prompt.count
        }
        let rows = (end + Self.limits.tokens - 1) / Self.limits.tokens * Self.limits.tokens
        var memory = Scratch<Float>(zeros: rows * width)
        var x = memory.mutableSpan
        for (prompt, sequence) in zip(prompts, sequences) { embed(prompt, into: &x, at: sequence.lowerBound) }
        let batch = TokenBatch(rows: rows, sequences: sequences, pooled: sequences.map { $0.upperBound - 1 })
        transformer.encode(&x, batch, into: &features, thread)
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
