internal import Core
internal import Kernels

/// A transformer over a prompt's tokens, each of which sees itself and those before; the end's value is the prompt's.
///
/// What follows a prompt's end changes nothing, so it is left out: prompts lie one after the other, each in its length.
struct TextTransformer: Sendable {
    private let shape: Architecture.TextShape
    private let precision: Precision
    private let tokens: Matrix
    private let positions: Matrix
    private let layers: [TransformerLayer]
    private let readout: TransformerReadout
    private let lastNorm: LayerNorm
    private let projection: PackedLayer

    /// Rows that a layer's product takes at a time.
    private static let rowsAtATime = 48
    /// Prompts that the last layer takes at a time.
    private static let promptsAtATime = 16
    /// A block of prompts is full with so many of them, or so many tokens.
    static let maximumPrompts = 64
    static let maximumTokens = 576

    init(_ shape: Architecture.TextShape, _ loading: LayerLoading) throws(Fault) {
        let transformer = shape.transformer
        tokens = try loading.matrix("token_embedding.weight")
        positions = try loading.matrix("positional_embedding")
        var layers: [TransformerLayer] = []
        for i in 0 ..< transformer.layers - 1 {
            layers.append(
                try TransformerLayer(
                    "transformer.resblocks.\(i)", transformer, rows: Self.rowsAtATime, isCausal: true, loading))
        }
        readout = try TransformerReadout(
            "transformer.resblocks.\(transformer.layers - 1)", transformer, height: Self.promptsAtATime, loading)
        lastNorm = try loading.norm("ln_final", epsilon: transformer.epsilon)
        let projected = try loading.matrix("text_projection")  // [W×D]
        projection = try loading.layer(
            .linear(
                rows: Self.promptsAtATime, inputs: transformer.width, outputs: projected.columns,
                precision: .float32),
            transposed(projected.elements, rows: transformer.width, columns: projected.columns))
        (self.shape, self.layers, self.precision) = (shape, layers, loading.precision)
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
        let rows = (end + Self.rowsAtATime - 1) / Self.rowsAtATime * Self.rowsAtATime
        let padded = (prompts.count + readout.height - 1) / readout.height * readout.height
        var memory = Scratch<Float>(zeros: rows * width)
        var x = memory.mutableSpan
        for (prompt, sequence) in zip(prompts, sequences) { embed(prompt, into: &x, at: sequence.lowerBound) }
        var scratch = TransformerScratch(rows: max(rows, padded), shape.transformer, precision)
        for layer in layers { layer.run(&x, rows: rows, sequences: sequences, &scratch, thread) }
        var lastMemory = Scratch<Float>(padded * width)
        var last = lastMemory.mutableSpan
        readout.run(
            x.span, rows: rows, sequences: sequences, wanted: sequences.map { $0.upperBound - 1 }, into: &last,
            &scratch, thread)
        lastNorm.run(&last, rows: padded)
        var projected = LayerBuffer(padded * outputs, .float32)
        projection.run(LayerValues(last.span), rows: padded, into: projected.mutableValues, thread)
        features.copy(projected.values.floats.part(0, count: prompts.count * outputs))
    }

    private func embed(_ prompt: ArraySlice<Int32>, into x: inout MutableSpan<Float>, at row: Int) {
        let width = positions.columns
        for (place, token) in prompt.enumerated() {
            var to = x.row(row + place, width: width)
            to.copy(tokens.span.row(Int(token), width: width))
            to.add(positions.span.row(place, width: width))
        }
    }
}
