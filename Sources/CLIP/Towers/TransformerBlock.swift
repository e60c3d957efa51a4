internal import Core
internal import Kernels

/// The tokens of a batch of sequences, as rows of values.
struct TokenBatch {
    /// The number of rows, which may be more than there are tokens.
    let rows: Int
    /// The rows of each sequence.
    let sequences: [Range<Int>]
    /// The row of each sequence's pooled token, which becomes the features.
    let pooled: [Int]
}

/// A transformer block: attention, then an MLP, each on normalized tokens and added to its input.
struct TransformerBlock: Sendable {
    private let firstNorm: LayerNorm
    private let projection: PackedLayer  // [W → 3W]
    private let attention: Attention
    private let attentionOutput: PackedLayer  // [W → W]
    private let mlp: MLP

    /// Packs block `name`, to run on `rows` tokens at a time.
    init(
        _ name: String, _ shape: TransformerShape, rows: Int, isCausal: Bool, _ loader: LayerLoader
    ) throws(Fault) {
        let width = shape.width
        firstNorm = try loader.norm("\(name).norm1", epsilon: shape.epsilon)
        let (weights, bias) = try loader.projections("\(name).attention", heads: shape.heads)
        projection = try loader.layer(
            .linear(rows: rows, inputs: width, outputs: 3 * width, precision: loader.precision), weights, bias: bias)
        attention = Attention(width: width, heads: shape.heads, isCausal: isCausal)
        attentionOutput = try loader.layer(
            .linear(rows: rows, inputs: width, outputs: width, precision: loader.precision).addingFloats,
            "\(name).attention.output")
        mlp = try MLP(name, shape, rows: rows, loader)
    }

    /// Replaces `x` [rows×W]; the tokens of a sequence attend to each other.
    func run(
        _ x: inout MutableSpan<Float>, _ tokens: TokenBatch, _ scratch: inout TransformerScratch,
        _ thread: LayerThread
    ) {
        firstNorm.run(x.span, rows: tokens.rows, into: scratch.normed.mutableValues)
        attend(tokens, &scratch.normed, &scratch.projected, thread)
        attentionOutput.run(scratch.normed.values, rows: tokens.rows, into: MutableLayerValues(&x), thread)
        mlp.run(&x, rows: tokens.rows, &scratch, thread)
    }

    /// Replaces normalized values by the results of attention.
    private func attend(
        _ tokens: TokenBatch, _ normed: inout LayerBuffer, _ projected: inout LayerBuffer, _ thread: LayerThread
    ) {
        let width = attention.width
        projection.run(normed.values, rows: tokens.rows, into: projected.mutableValues, thread)
        for sequence in tokens.sequences {
            attention.run(
                projected.values.from(sequence.lowerBound * 3 * width, count: sequence.count * 3 * width),
                length: sequence.count, into: normed.mutableValues.from(sequence.lowerBound * width))
        }
    }
}

/// The MLP of a transformer block, with its norm.
struct MLP: Sendable {
    private let norm: LayerNorm
    private let widening: PackedLayer
    private let narrowing: PackedLayer

    /// Packs the MLP of block `name`, to run on `rows` tokens at a time.
    init(_ name: String, _ shape: TransformerShape, rows: Int, _ loader: LayerLoader) throws(Fault) {
        norm = try loader.norm("\(name).norm2", epsilon: shape.epsilon)
        widening = try loader.layer(
            .linear(rows: rows, inputs: shape.width, outputs: shape.hiddenWidth, precision: loader.precision)
                .with(\.activation, shape.activation.layerActivation),
            "\(name).mlp.fc1")
        narrowing = try loader.layer(
            .linear(rows: rows, inputs: shape.hiddenWidth, outputs: shape.width, precision: loader.precision)
                .addingFloats,
            "\(name).mlp.fc2")
    }

    /// Adds to `x` [rows×W] the output of the MLP.
    func run(
        _ x: inout MutableSpan<Float>, rows: Int, _ scratch: inout TransformerScratch, _ thread: LayerThread
    ) {
        norm.run(x.span, rows: rows, into: scratch.normed.mutableValues)
        widen(scratch.normed, rows: rows, into: &scratch.hidden, thread)
        narrowing.run(scratch.hidden.values, rows: rows, into: MutableLayerValues(&x), thread)
    }

    private func widen(
        _ normed: borrowing LayerBuffer, rows: Int, into hidden: inout LayerBuffer, _ thread: LayerThread
    ) {
        widening.run(normed.values, rows: rows, into: hidden.mutableValues, thread)
    }
}

/// The final block of a transformer, which computes only the pooled token of each sequence.
struct FinalBlock: Sendable {
    private let firstNorm: LayerNorm
    private let attention: AttentionPooling
    private let attentionOutput: PackedLayer
    private let mlp: MLP

    /// Packs block `name`, to run on `height` sequences at a time.
    init(_ name: String, _ shape: TransformerShape, height: Int, _ loader: LayerLoader) throws(Fault) {
        firstNorm = try loader.norm("\(name).norm1", epsilon: shape.epsilon)
        attention = try loader.pooling("\(name).attention", heads: shape.heads, height: height)
        attentionOutput = try loader.layer(
            .linear(rows: height, inputs: shape.width, outputs: shape.width, precision: .float32).addingFloats,
            "\(name).attention.output")
        mlp = try MLP(name, shape, rows: height, loader)
    }

    /// Writes the pooled tokens of `x` [rows×W] to `output` [whole runs×W].
    func run(
        _ x: Span<Float>, _ tokens: TokenBatch, into output: inout MutableSpan<Float>,
        _ scratch: inout TransformerScratch, _ thread: LayerThread
    ) {
        let width = attention.width
        let padded = output.count / width
        var mixed = LayerBuffer(output.count, .float32)
        firstNorm.run(x, rows: tokens.rows, into: scratch.normed.mutableValues)
        attention.run(
            scratch.normed.values, sequences: tokens.sequences, queries: tokens.pooled, into: mixed.mutableValues,
            thread)
        output.update(repeating: 0)
        for (i, row) in tokens.pooled.enumerated() {
            var to = output.row(i, width: width)
            to.copy(x.row(row, width: width))
        }
        attentionOutput.run(mixed.values, rows: padded, into: MutableLayerValues(&output), thread)
        mlp.run(&output, rows: padded, &scratch, thread)
    }
}

/// Memory for the values between the parts of a block.
struct TransformerScratch: ~Copyable {
    var normed: LayerBuffer  // [rows×W]
    var projected: LayerBuffer  // [rows×3W]
    var hidden: LayerBuffer  // [rows×hidden]

    init(rows: Int, _ shape: TransformerShape, _ precision: Precision) {
        normed = LayerBuffer(rows * shape.width, precision)
        projected = LayerBuffer(rows * 3 * shape.width, precision)
        hidden = LayerBuffer(rows * shape.hiddenWidth, precision)
    }
}

extension LayerShape {
    /// The layer that adds its results to floats.
    var addingFloats: LayerShape { with(\.outputPrecision, .float32).with(\.accumulates, true) }
}
