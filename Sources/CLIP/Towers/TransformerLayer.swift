internal import Core
internal import Kernels

/// One layer of a transformer: attention, then a perceptron, each on normalised values and added to what came in.
struct TransformerLayer: Sendable {
    private let firstNorm: LayerNorm
    private let projection: PackedLayer  // [W → 3W]
    private let attention: Attention
    private let attentionOutput: PackedLayer  // [W → W]
    private let perceptron: Perceptron

    /// Takes layer `name`, to run on `rows` rows at a time.
    init(
        _ name: String, _ shape: Architecture.TransformerShape, rows: Int, isCausal: Bool, _ loading: LayerLoading
    ) throws(Fault) {
        let (width, precision) = (shape.width, loading.precision)
        firstNorm = try loading.norm("\(name).ln_1", epsilon: shape.epsilon)
        // The scores' factor 1/√(head width) goes into the queries' weights.
        let scale = 1 / Float(width / shape.heads).squareRoot()
        var weights = try loading.values("\(name).attn.in_proj_weight")
        var bias = try loading.values("\(name).attn.in_proj_bias")
        for i in 0 ..< width * width { weights[i] *= scale }
        for i in 0 ..< width { bias[i] *= scale }
        projection = try loading.layer(
            .linear(rows: rows, inputs: width, outputs: 3 * width, precision: precision), weights, bias: bias)
        attention = Attention(width: width, heads: shape.heads, isCausal: isCausal)
        attentionOutput = try loading.layer(
            .linear(
                rows: rows, inputs: width, outputs: width, precision: precision, output: .float32, accumulates: true),
            "\(name).attn.out_proj")
        perceptron = try Perceptron(name, shape, rows: rows, loading)
    }

    /// Replaces `x` [rows×W]; places of one sequence attend to each other.
    func run(
        _ x: inout MutableSpan<Float>, rows: Int, sequences: [Range<Int>], _ scratch: inout TransformerScratch,
        _ thread: LayerThread
    ) {
        firstNorm.run(x.span, rows: rows, into: scratch.normed.mutableValues)
        attend(rows: rows, sequences: sequences, &scratch.normed, &scratch.projected, thread)
        attentionOutput.run(scratch.normed.values, rows: rows, into: MutableLayerValues(&x), thread)
        perceptron.run(&x, rows: rows, &scratch, thread)
    }

    /// Replaces normalised values by what attention makes of them.
    private func attend(
        rows: Int, sequences: [Range<Int>], _ normed: inout LayerBuffer, _ projected: inout LayerBuffer,
        _ thread: LayerThread
    ) {
        let width = attention.width
        projection.run(normed.values, rows: rows, into: projected.mutableValues, thread)
        for sequence in sequences {
            attention.run(
                projected.values.from(sequence.lowerBound * 3 * width, count: sequence.count * 3 * width),
                length: sequence.count, into: normed.mutableValues.from(sequence.lowerBound * width))
        }
    }
}

/// The second half of a transformer's layer.
struct Perceptron: Sendable {
    private let norm: LayerNorm
    private let widening: PackedLayer
    private let narrowing: PackedLayer

    /// Takes the perceptron of layer `name`, to run on `rows` rows at a time.
    init(
        _ name: String, _ shape: Architecture.TransformerShape, rows: Int, _ loading: LayerLoading
    ) throws(Fault) {
        norm = try loading.norm("\(name).ln_2", epsilon: shape.epsilon)
        widening = try loading.layer(
            .linear(
                rows: rows, inputs: shape.width, outputs: shape.hiddenWidth, precision: loading.precision,
                activation: shape.activation.layerActivation), "\(name).mlp.c_fc")
        narrowing = try loading.layer(
            .linear(
                rows: rows, inputs: shape.hiddenWidth, outputs: shape.width, precision: loading.precision,
                output: .float32, accumulates: true), "\(name).mlp.c_proj")
    }

    /// Adds to `x` [rows×W] what the perceptron makes of it.
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

/// The last layer of a transformer, of which only one place of each sequence is wanted.
struct TransformerReadout: Sendable {
    private let firstNorm: LayerNorm
    private let attention: AttentionReadout
    private let attentionOutput: PackedLayer
    private let perceptron: Perceptron
    private let width: Int
    /// Sequences that are done at a time.
    let height: Int

    /// Takes layer `name`, to run on `height` sequences at a time.
    init(
        _ name: String, _ shape: Architecture.TransformerShape, height: Int, _ loading: LayerLoading
    ) throws(Fault) {
        let width = shape.width
        firstNorm = try loading.norm("\(name).ln_1", epsilon: shape.epsilon)
        let weights = try loading.values("\(name).attn.in_proj_weight")
        let bias = try loading.values("\(name).attn.in_proj_bias")
        let square = width * width
        guard
            let attention = AttentionReadout(
                query: Array(weights[..<square]), queryBias: Array(bias[..<width]),
                key: Array(weights[square ..< 2 * square]), value: Array(weights[(2 * square)...]),
                valueBias: Array(bias[(2 * width)...]), heads: shape.heads, height: height,
                in: loading.arena)
        else { throw LayerLoading.unavailable }
        self.attention = attention
        attentionOutput = try loading.layer(
            .linear(rows: height, inputs: width, outputs: width, precision: .float32, accumulates: true),
            "\(name).attn.out_proj")
        perceptron = try Perceptron(name, shape, rows: height, loading)
        (self.width, self.height) = (width, height)
    }

    /// Writes the places `wanted` of the sequences in `x` [rows×W] to `output` [whole runs×W].
    func run(
        _ x: Span<Float>, rows: Int, sequences: [Range<Int>], wanted: [Int], into output: inout MutableSpan<Float>,
        _ scratch: inout TransformerScratch, _ thread: LayerThread
    ) {
        let padded = (wanted.count + height - 1) / height * height
        var mixed = LayerBuffer(padded * width, .float32)
        firstNorm.run(x, rows: rows, into: scratch.normed.mutableValues)
        attention.run(
            scratch.normed.values, sequences: sequences, asking: wanted, into: mixed.mutableValues, thread)
        output.update(repeating: 0)
        for (i, row) in wanted.enumerated() {
            var to = output.row(i, width: width)
            to.copy(x.row(row, width: width))
        }
        attentionOutput.run(mixed.values, rows: padded, into: MutableLayerValues(&output), thread)
        perceptron.run(&output, rows: padded, &scratch, thread)
    }
}

/// Room for the values between the parts of a layer.
struct TransformerScratch: ~Copyable {
    var normed: LayerBuffer  // [rows×W]
    var projected: LayerBuffer  // [rows×3W]
    var hidden: LayerBuffer  // [rows×hidden]

    init(rows: Int, _ shape: Architecture.TransformerShape, _ precision: Precision) {
        normed = LayerBuffer(rows * shape.width, precision)
        projected = LayerBuffer(rows * 3 * shape.width, precision)
        hidden = LayerBuffer(rows * shape.hiddenWidth, precision)
    }
}
