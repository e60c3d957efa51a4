internal import Core
internal import Kernels

/// CLIP's modified ResNet: a stem of three convolutions, average pooling in place of strides, and attention pooling.
///
/// Images are channels-last throughout. Each BatchNorm is folded into the weights of its convolution.
struct ModifiedResNet: ImageTower {
    let batchSize = 1
    private let size: Int
    private let precision: Precision
    private let stem: [PackedLayer]
    private let stemChannels: Int
    private let blocks: [ResidualBlock]
    private let pooling: AttentionPooling
    /// The largest number of values of an image between layers.
    private let largest: Int

    init(_ shape: ModifiedResNetShape, _ loader: LayerLoader) throws(Fault) {
        let half = shape.width / 2
        let side = (shape.imageSize + 1) / 2
        stem = [
            try loader.convolution(
                "image.stem1", side: shape.imageSize, inputs: 3, outputs: half, size: 3, stride: 2),
            try loader.convolution("image.stem2", side: side, inputs: half, outputs: half, size: 3),
            try loader.convolution("image.stem3", side: side, inputs: half, outputs: shape.width, size: 3),
        ]
        var blocks: [ResidualBlock] = []
        var blockSide = side / 2
        var inputs = shape.width
        for (stage, count) in shape.layers.enumerated() {
            for index in 0 ..< count {
                let block = try ResidualBlock(
                    "image.stage\(stage + 1).\(index)", side: blockSide, inputs: inputs, inner: shape.width << stage,
                    stride: stage > 0 && index == 0 ? 2 : 1, hasShortcut: index == 0, loader)
                blockSide = block.outputSide
                inputs = block.outputs
                blocks.append(block)
            }
        }
        pooling = try AttentionPooling(shape, loader)
        largest = blocks.reduce(max(side * side * shape.width, shape.imageSize * shape.imageSize * 3)) {
            max($0, $1.largest)
        }
        size = shape.imageSize
        precision = loader.precision
        stemChannels = shape.width
        self.blocks = blocks
    }

    func encode(_ pixels: Span<Float>, into features: inout MutableSpan<Float>, _ thread: LayerThread) {
        var x = LayerBuffer(largest, precision)
        var other = LayerBuffer(largest, precision)
        var a = LayerBuffer(largest, precision)
        var b = LayerBuffer(largest, precision)
        load(pixels, into: &x)
        stem[0].run(x.values, into: a.mutableValues, thread)
        stem[1].run(a.values, into: b.mutableValues, thread)
        stem[2].run(b.values, into: a.mutableValues, thread)
        let side = (size + 1) / 2
        averagePool(
            a.values, height: side, width: side, channels: stemChannels, factor: 2, into: x.mutableValues)
        for block in blocks { block.run(&x, other: &other, &a, &b, thread) }
        pooling.run(x.values, into: &features, thread)
    }

    private func load(_ pixels: Span<Float>, into x: inout LayerBuffer) {
        var values = x.mutableValues
        var image = values.part(0, count: pixels.count)
        image.take(pixels)
    }
}

/// A bottleneck block: three convolutions, the middle one 3×3, added to the input or its shortcut.
private struct ResidualBlock: Sendable {
    let outputSide: Int
    let outputs: Int
    /// The largest number of values of an image in this block.
    let largest: Int
    private let side: Int
    private let inputs: Int
    private let inner: Int
    private let stride: Int
    private let first: PackedLayer
    private let second: PackedLayer
    private let third: PackedLayer
    /// The projection of the input to the output's shape, if they differ.
    private let shortcut: PackedLayer?

    /// Packs block `name` for images of `side`×`side` pixels.
    init(
        _ name: String, side: Int, inputs: Int, inner: Int, stride: Int, hasShortcut: Bool, _ loader: LayerLoader
    ) throws(Fault) {
        let out = side / stride
        outputs = 4 * inner
        first = try loader.convolution("\(name).conv1", side: side, inputs: inputs, outputs: inner, size: 1)
        second = try loader.convolution("\(name).conv2", side: side, inputs: inner, outputs: inner, size: 3)
        third = try loader.convolution(
            "\(name).conv3", side: out, inputs: inner, outputs: outputs, size: 1, accumulates: true)
        shortcut =
            hasShortcut
            ? try loader.convolution(
                "\(name).shortcut", side: out, inputs: inputs, outputs: outputs, size: 1, activation: .none) : nil
        self.side = side
        self.inputs = inputs
        self.inner = inner
        self.stride = stride
        outputSide = out
        largest = max(side * side * max(inputs, inner), out * out * outputs)
    }

    /// Replaces `x`; the other three are room for the values between.
    func run(
        _ x: inout LayerBuffer, other: inout LayerBuffer, _ a: inout LayerBuffer, _ b: inout LayerBuffer,
        _ thread: LayerThread
    ) {
        first.run(x.values, into: a.mutableValues, thread)
        second.run(a.values, into: b.mutableValues, thread)
        if stride > 1 {
            averagePool(
                b.values, height: side, width: side, channels: inner, factor: stride, into: a.mutableValues)
            swap(&a, &b)
        }
        if let shortcut {
            if stride > 1 {
                averagePool(
                    x.values, height: side, width: side, channels: inputs, factor: stride, into: a.mutableValues)
                shortcut.run(a.values, into: other.mutableValues, thread)
            } else {
                shortcut.run(x.values, into: other.mutableValues, thread)
            }
            swap(&x, &other)
        }
        third.run(b.values, into: x.mutableValues, thread)
    }
}

/// Attention pooling, in which the average of all positions is the query.
private struct AttentionPooling: Sendable {
    private let positions: Matrix  // [1 + positions×C]
    private let attention: AttentionReadout
    private let output: PackedLayer

    init(_ shape: ModifiedResNetShape, _ loader: LayerLoader) throws(Fault) {
        positions = try loader.matrix("image.pooling.positional_embedding")
        attention = try loader.pooling("image.pooling", heads: shape.heads, height: 1)
        output = try loader.layer(
            .linear(rows: 1, inputs: attention.width, outputs: shape.embeddingWidth, precision: .float32),
            "image.pooling.output")
    }

    /// Writes the features [D] of an image [tokens×C].
    func run(_ x: LayerValues, into features: inout MutableSpan<Float>, _ thread: LayerThread) {
        let (rows, width) = (positions.rows, positions.columns)
        var memory = Scratch<Float>(rows * width)
        var all = memory.mutableSpan
        var tokens = all.part(width, count: (rows - 1) * width)
        tokens.take(x.from(0, count: tokens.count))
        var average = [Float](repeating: 0, count: width)
        var sums = average.mutableSpan
        for row in 1 ..< rows { sums.add(all.span.row(row, width: width), scale: 1 / Float(rows - 1)) }
        var first = all.row(0, width: width)
        first.copy(average.span)
        all.add(positions.span)
        var mixed = LayerBuffer(width, .float32)
        attention.run(
            LayerValues(all.span), sequences: [0 ..< rows], asking: [0], into: mixed.mutableValues, thread)
        output.run(mixed.values, into: MutableLayerValues(&features), thread)
    }
}

extension LayerLoader {
    /// The convolution `NAME` over `side`×`side` pixels with its BatchNorm folded in, and relu unless said otherwise.
    fileprivate func convolution(
        _ name: String, side: Int, inputs: Int, outputs: Int, size: Int, stride: Int = 1,
        activation: LayerActivation = .relu, accumulates: Bool = false
    ) throws(Fault) -> PackedLayer {
        var weights = try values("\(name).weight")
        let gain = try values("\(name).norm.weight")
        let offset = try values("\(name).norm.bias")
        let mean = try values("\(name).norm.mean")
        let variance = try values("\(name).norm.variance")
        var bias = [Float](repeating: 0, count: gain.count)
        let run = weights.count / gain.count
        for output in gain.indices {
            let scale = Double(gain[output]) / (Double(variance[output]) + 1e-5).squareRoot()
            bias[output] = Float(Double(offset[output]) - Double(mean[output]) * scale)
            for i in output * run ..< (output + 1) * run { weights[i] = Float(Double(weights[i]) * scale) }
        }
        let shape = LayerShape.convolution(
            height: side, width: side, inputs: inputs, outputs: outputs, size: size, stride: stride,
            precision: precision, activation: activation, accumulates: accumulates)
        return try layer(shape, weights, bias: bias)
    }
}
