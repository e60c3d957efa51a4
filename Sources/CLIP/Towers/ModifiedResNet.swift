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

    func encode(_ pixels: Strip, into features: Strip, _ thread: LayerThread) {
        let scratch = ResidualScratch(largest, precision)
        scratch.x.values.from(0, count: pixels.count).take(pixels)
        stem[0].run(scratch.x.values, into: scratch.a.values, thread)
        stem[1].run(scratch.a.values, into: scratch.b.values, thread)
        stem[2].run(scratch.b.values, into: scratch.a.values, thread)
        let side = (size + 1) / 2
        averagePool(
            scratch.a.values, height: side, width: side, channels: stemChannels, factor: 2, into: scratch.x.values)
        var isSwapped = false
        for block in blocks {
            let (x, other) = isSwapped ? (scratch.y.values, scratch.x.values) : (scratch.x.values, scratch.y.values)
            if block.run(x, other: other, scratch, thread) { isSwapped.toggle() }
        }
        pooling.run(isSwapped ? scratch.y.values : scratch.x.values, into: features, thread)
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

    /// Replaces `x`, or where the shape changes writes `other`; tells whether it did the latter.
    func run(
        _ x: LayerValues, other: LayerValues, _ scratch: borrowing ResidualScratch, _ thread: LayerThread
    ) -> Bool {
        let (a, b) = (scratch.a.values, scratch.b.values)
        first.run(x, into: a, thread)
        second.run(a, into: b, thread)
        if stride > 1 { averagePool(b, height: side, width: side, channels: inner, factor: stride, into: a) }
        let middle = stride > 1 ? a : b
        guard let shortcut else {
            third.run(middle, into: x, thread)
            return false
        }
        if stride > 1 {
            averagePool(x, height: side, width: side, channels: inputs, factor: stride, into: b)
            shortcut.run(b, into: other, thread)
        } else {
            shortcut.run(x, into: other, thread)
        }
        third.run(middle, into: other, thread)
        return true
    }
}

/// Images between layers.
private struct ResidualScratch: ~Copyable {
    let x: LayerBuffer
    let y: LayerBuffer
    let a: LayerBuffer
    let b: LayerBuffer

    init(_ count: Int, _ precision: Precision) {
        x = LayerBuffer(count, precision)
        y = LayerBuffer(count, precision)
        a = LayerBuffer(count, precision)
        b = LayerBuffer(count, precision)
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
    func run(_ x: LayerValues, into features: Strip, _ thread: LayerThread) {
        let (rows, width) = (positions.rows, positions.columns)
        let places = Scratch(rows * width)
        let mixed = Scratch(width)
        let tokens = places.strip.from(width, count: (rows - 1) * width)
        tokens.take(x.from(0, count: tokens.count))
        let average = places.strip.from(0, count: width)
        average.fill(0)
        for row in 1 ..< rows {
            average.add(places.strip.from(row * width, count: width), scale: 1 / Float(rows - 1))
        }
        positions.read { places.strip.add($0) }
        attention.run(
            LayerValues(places.strip), sequences: [0 ..< rows], asking: [0], into: LayerValues(mixed.strip), thread)
        output.run(LayerValues(mixed.strip), into: LayerValues(features), thread)
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
