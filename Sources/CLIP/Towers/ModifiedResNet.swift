internal import Core
internal import Kernels

/// A ResNet with three convolutions at its start, averages before its strides, and attention at its end.
///
/// Images are channels-last throughout. A convolution's norm is folded into its weights.
struct ModifiedResNet: ImageTower {
    let imagesAtATime = 1
    private let size: Int
    private let precision: Precision
    private let stem: [PackedLayer]
    private let stemChannels: Int
    private let blocks: [ResidualBlock]
    private let pooling: AttentionPooling
    /// The most values that any image between layers has.
    private let largest: Int

    init(_ shape: Architecture.ResidualShape, _ loading: LayerLoading) throws(Fault) {
        let (precision, half) = (loading.precision, shape.width / 2)
        let side = (shape.imageSize + 1) / 2
        stem = [
            try loading.convolution(
                "visual", "conv1", "bn1",
                .convolution(
                    height: shape.imageSize, width: shape.imageSize, inputs: 3, outputs: half, size: 3, stride: 2,
                    precision: precision, activation: .relu)),
            try loading.convolution(
                "visual", "conv2", "bn2",
                .convolution(
                    height: side, width: side, inputs: half, outputs: half, size: 3, precision: precision,
                    activation: .relu)),
            try loading.convolution(
                "visual", "conv3", "bn3",
                .convolution(
                    height: side, width: side, inputs: half, outputs: shape.width, size: 3, precision: precision,
                    activation: .relu)),
        ]
        var blocks: [ResidualBlock] = []
        var (place, inputs) = (side / 2, shape.width)
        for (stage, count) in shape.layers.enumerated() {
            for index in 0 ..< count {
                let block = try ResidualBlock(
                    "visual.layer\(stage + 1).\(index)", side: place, inputs: inputs, inner: shape.width << stage,
                    stride: stage > 0 && index == 0 ? 2 : 1, hasShortcut: index == 0, loading)
                (place, inputs) = (block.outputSide, block.outputs)
                blocks.append(block)
            }
        }
        pooling = try AttentionPooling(heads: shape.heads, loading)
        largest = blocks.reduce(max(side * side * shape.width, shape.imageSize * shape.imageSize * 3)) {
            max($0, $1.largest)
        }
        (size, self.precision, self.blocks) = (shape.imageSize, precision, blocks)
        stemChannels = shape.width
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

/// Three convolutions, of which the middle one sees neighbours, added to what came in.
private struct ResidualBlock: Sendable {
    let outputSide: Int
    let outputs: Int
    /// The most values that an image in this block has.
    let largest: Int
    private let side: Int
    private let inputs: Int
    private let inner: Int
    private let stride: Int
    private let first: PackedLayer
    private let second: PackedLayer
    private let third: PackedLayer
    /// Where what came in has another shape than what goes out.
    private let shortcut: PackedLayer?

    /// Takes block `name` for images of `side`×`side` places.
    init(
        _ name: String, side: Int, inputs: Int, inner: Int, stride: Int, hasShortcut: Bool, _ loading: LayerLoading
    ) throws(Fault) {
        let (precision, out) = (loading.precision, side / stride)
        outputs = 4 * inner
        first = try loading.convolution(
            name, "conv1", "bn1",
            .convolution(
                height: side, width: side, inputs: inputs, outputs: inner, size: 1, precision: precision,
                activation: .relu))
        second = try loading.convolution(
            name, "conv2", "bn2",
            .convolution(
                height: side, width: side, inputs: inner, outputs: inner, size: 3, precision: precision,
                activation: .relu))
        third = try loading.convolution(
            name, "conv3", "bn3",
            .convolution(
                height: out, width: out, inputs: inner, outputs: outputs, size: 1, precision: precision,
                activation: .relu, accumulates: true))
        shortcut =
            hasShortcut
            ? try loading.convolution(
                name, "downsample.0", "downsample.1",
                .convolution(
                    height: out, width: out, inputs: inputs, outputs: outputs, size: 1, precision: precision,
                    activation: .none)) : nil
        (self.side, self.inputs, self.inner, self.stride, outputSide) = (side, inputs, inner, stride, out)
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

/// Attention in which the average of all places asks.
private struct AttentionPooling: Sendable {
    private let positions: Matrix  // [1 + places×C]
    private let attention: AttentionReadout
    private let output: PackedLayer

    init(heads: Int, _ loading: LayerLoading) throws(Fault) {
        let name = "visual.attnpool"
        positions = try loading.matrix("\(name).positional_embedding")
        guard
            let attention = AttentionReadout(
                query: try loading.values("\(name).q_proj.weight"),
                queryBias: try loading.values("\(name).q_proj.bias"),
                key: try loading.values("\(name).k_proj.weight"), value: try loading.values("\(name).v_proj.weight"),
                valueBias: try loading.values("\(name).v_proj.bias"), heads: heads, height: 1,
                in: loading.arena)
        else { throw LayerLoading.unavailable }
        self.attention = attention
        let bias = try loading.values("\(name).c_proj.bias")
        output = try loading.layer(
            .linear(rows: 1, inputs: attention.width, outputs: bias.count, precision: .float32), "\(name).c_proj")
    }

    /// Writes the features [D] of an image [places×C].
    func run(_ x: LayerValues, into features: inout MutableSpan<Float>, _ thread: LayerThread) {
        let (rows, width) = (positions.rows, positions.columns)
        var memory = Scratch<Float>(rows * width)
        var places = memory.mutableSpan
        var tokens = places.part(width, count: (rows - 1) * width)
        tokens.take(x.from(0, count: tokens.count))
        var average = [Float](repeating: 0, count: width)
        var sums = average.mutableSpan
        for row in 1 ..< rows { sums.add(places.span.row(row, width: width), scale: 1 / Float(rows - 1)) }
        var first = places.row(0, width: width)
        first.copy(average.span)
        places.add(positions.span)
        var mixed = LayerBuffer(width, .float32)
        attention.run(
            LayerValues(places.span), sequences: [0 ..< rows], asking: [0], into: mixed.mutableValues, thread)
        output.run(mixed.values, into: MutableLayerValues(&features), thread)
    }
}

extension LayerLoading {
    /// The convolution `PREFIX.NAME` with the norm `PREFIX.NORM` folded into it.
    fileprivate func convolution(
        _ prefix: String, _ name: String, _ norm: String, _ shape: LayerShape
    ) throws(Fault) -> PackedLayer {
        var weights = try values("\(prefix).\(name).weight")
        let gain = try values("\(prefix).\(norm).weight")
        let offset = try values("\(prefix).\(norm).bias")
        let mean = try values("\(prefix).\(norm).running_mean")
        let variance = try values("\(prefix).\(norm).running_var")
        var bias = [Float](repeating: 0, count: gain.count)
        let run = weights.count / gain.count
        for output in gain.indices {
            let scale = Double(gain[output]) / (Double(variance[output]) + 1e-5).squareRoot()
            bias[output] = Float(Double(offset[output]) - Double(mean[output]) * scale)
            for i in output * run ..< (output + 1) * run { weights[i] = Float(Double(weights[i]) * scale) }
        }
        return try layer(shape, weights, bias: bias)
    }
}
