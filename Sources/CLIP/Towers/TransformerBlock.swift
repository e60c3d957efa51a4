internal import Core
internal import Kernels

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
        // The scores' factor 1/√(head width) goes into the queries' weights.
        let scale = 1 / Float(width / shape.heads).squareRoot()
        let projections = ["query", "key", "value"].map { "\(name).attention.\($0)" }
        var weights = try loader.values(projections.map { "\($0).weight" })
        var bias = try loader.values(projections.map { "\($0).bias" })
        for i in 0 ..< width * width { weights[i] *= scale }
        for i in 0 ..< width { bias[i] *= scale }
        projection = try loader.layer(
            .linear(rows: rows, inputs: width, outputs: 3 * width, precision: loader.precision), weights, bias: bias)
        attention = Attention(width: width, heads: shape.heads, isCausal: isCausal)
        attentionOutput = try loader.layer(
            .linear(
                rows: rows, inputs: width, outputs: width, precision: loader.precision, output: .float32,
                accumulates: true), "\(name).attention.output")
        mlp = try MLP(name, shape, rows: rows, loader)
    }

    /// Replaces `x` [rows×W]; the tokens of a sequence attend to each other.
    func run(
        _ x: Strip, rows: Int, sequences: [Range<Int>], _ scratch: borrowing TransformerScratch, _ thread: LayerThread
    ) {
        let width = attention.width
        firstNorm.run(x, rows: rows, into: scratch.normed.values)
        projection.run(scratch.normed.values, rows: rows, into: scratch.projected.values, thread)
        for sequence in sequences {
            attention.run(
                scratch.projected.values.from(sequence.lowerBound * 3 * width, count: sequence.count * 3 * width),
                length: sequence.count, into: scratch.normed.values.from(sequence.lowerBound * width))
        }
        attentionOutput.run(scratch.normed.values, rows: rows, into: LayerValues(x), thread)
        mlp.run(x, rows: rows, scratch, thread)
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
            .linear(
                rows: rows, inputs: shape.width, outputs: shape.hiddenWidth, precision: loader.precision,
                activation: shape.activation.layerActivation), "\(name).mlp.fc1")
        narrowing = try loader.layer(
            .linear(
                rows: rows, inputs: shape.hiddenWidth, outputs: shape.width, precision: loader.precision,
                output: .float32, accumulates: true), "\(name).mlp.fc2")
    }

    /// Adds the MLP's output to `x` [rows×W].
    func run(_ x: Strip, rows: Int, _ scratch: borrowing TransformerScratch, _ thread: LayerThread) {
        norm.run(x, rows: rows, into: scratch.normed.values)
        widening.run(scratch.normed.values, rows: rows, into: scratch.hidden.values, thread)
        narrowing.run(scratch.hidden.values, rows: rows, into: LayerValues(x), thread)
    }
}

/// The final block of a transformer, which computes only the pooled token of each sequence.
struct FinalBlock: Sendable {
    private let firstNorm: LayerNorm
    private let attention: AttentionReadout
    private let attentionOutput: PackedLayer
    private let mlp: MLP
    private let width: Int
    /// The number of sequences that run at a time.
    let height: Int

    /// Packs block `name`, to run on `height` sequences at a time.
    init(_ name: String, _ shape: TransformerShape, height: Int, _ loader: LayerLoader) throws(Fault) {
        firstNorm = try loader.norm("\(name).norm1", epsilon: shape.epsilon)
        attention = try loader.pooling("\(name).attention", heads: shape.heads, height: height)
        attentionOutput = try loader.layer(
            .linear(rows: height, inputs: shape.width, outputs: shape.width, precision: .float32, accumulates: true),
            "\(name).attention.output")
        mlp = try MLP(name, shape, rows: height, loader)
        width = shape.width
        self.height = height
    }

    /// Writes the tokens `wanted` of the sequences in `x` [rows×W] to `output` [whole runs×W].
    func run(
        _ x: Strip, rows: Int, sequences: [Range<Int>], wanted: [Int], into output: Strip,
        _ scratch: borrowing TransformerScratch, _ thread: LayerThread
    ) {
        let padded = (wanted.count + height - 1) / height * height
        let mixed = Scratch(padded * width)
        firstNorm.run(x, rows: rows, into: scratch.normed.values)
        attention.run(
            scratch.normed.values, sequences: sequences, asking: wanted, into: LayerValues(mixed.strip), thread)
        output.fill(0)
        for (i, row) in wanted.enumerated() {
            output.from(i * width, count: width).copy(x.from(row * width, count: width))
        }
        attentionOutput.run(LayerValues(mixed.strip), rows: padded, into: LayerValues(output), thread)
        mlp.run(output, rows: padded, scratch, thread)
    }
}

/// Memory for the values between the parts of a block.
struct TransformerScratch: ~Copyable {
    let normed: LayerBuffer  // [rows×W]
    let projected: LayerBuffer  // [rows×3W]
    let hidden: LayerBuffer  // [rows×hidden]

    init(rows: Int, _ shape: TransformerShape, _ precision: Precision) {
        normed = LayerBuffer(rows * shape.width, precision)
        projected = LayerBuffer(rows * 3 * shape.width, precision)
        hidden = LayerBuffer(rows * shape.hiddenWidth, precision)
    }
}
