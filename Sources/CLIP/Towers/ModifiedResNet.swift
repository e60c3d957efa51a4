internal import Core
internal import Kernels

/// CLIP's modified ResNet: a stem of three convolutions, average pooling in place of strides, and attention pooling.
///
/// Images are channels-last throughout. Each BatchNorm is folded into the weights of its convolution.
struct ModifiedResNet: ImageTower {
    let batchSize = 1
    private let precision: Precision
    /// The side of the images between the convolutions of the stem.
    private let side: Int
    private let stem: [PackedLayer]
    private let blocks: [ResidualBlock]
    private let pooling: ResNetPooling
    /// The largest number of values of an image between layers.
    private let largest: Int

    init(_ shape: ModifiedResNetShape, _ loader: LayerLoader) throws(Fault) {
        precision = loader.precision
        side = (shape.imageSize + 1) / 2
        stem = [
            try loader.convolution("image.stem1", side: shape.imageSize, stride: 2),
            try loader.convolution("image.stem2", side: side),
            try loader.convolution("image.stem3", side: side),
        ]
        var blocks: [ResidualBlock] = []
        var blockSide = side / 2
        for (stage, count) in shape.layers.enumerated() {
            for index in 0 ..< count {
                let block = try ResidualBlock(
                    "image.stage\(stage + 1).\(index)", side: blockSide, stride: stage > 0 && index == 0 ? 2 : 1,
                    loader)
                blockSide = block.outputSide
                blocks.append(block)
            }
        }
        self.blocks = blocks
        pooling = try ResNetPooling(shape, loader)
        largest = blocks.reduce(max(side * side * shape.width, shape.imageSize * shape.imageSize * 3)) {
            max($0, $1.largest)
        }
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
        averagePool(a.values, side: side, channels: stem[2].shape.outputs, factor: 2, into: x.mutableValues)
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
    /// The largest number of values of an image in this block.
    let largest: Int
    private let side: Int
    private let stride: Int
    private let first: PackedLayer
    private let second: PackedLayer
    private let third: PackedLayer
    /// The projection of the input to the output's shape, if they differ.
    private let shortcut: PackedLayer?

    /// Packs block `name` for images of `side`×`side` pixels.
    init(_ name: String, side: Int, stride: Int, _ loader: LayerLoader) throws(Fault) {
        self.side = side
        self.stride = stride
        outputSide = side / stride
        first = try loader.convolution("\(name).conv1", side: side)
        second = try loader.convolution("\(name).conv2", side: side)
        third = try loader.convolution("\(name).conv3", side: outputSide, accumulates: true)
        shortcut =
            loader.contains("\(name).shortcut.weight")
            ? try loader.convolution("\(name).shortcut", side: outputSide, activation: .none) : nil
        largest = max(
            side * side * max(first.shape.inputs, first.shape.outputs), outputSide * outputSide * third.shape.outputs)
    }

    /// Replaces `x`; the other three are memory for the values between.
    func run(
        _ x: inout LayerBuffer, other: inout LayerBuffer, _ a: inout LayerBuffer, _ b: inout LayerBuffer,
        _ thread: LayerThread
    ) {
        first.run(x.values, into: a.mutableValues, thread)
        second.run(a.values, into: b.mutableValues, thread)
        if stride > 1 {
            averagePool(
                b.values, side: side, channels: second.shape.outputs, factor: stride, into: a.mutableValues)
            swap(&a, &b)
        }
        if let shortcut {
            if stride > 1 {
                averagePool(
                    x.values, side: side, channels: first.shape.inputs, factor: stride, into: a.mutableValues)
                shortcut.run(a.values, into: other.mutableValues, thread)
            } else {
                shortcut.run(x.values, into: other.mutableValues, thread)
            }
            swap(&x, &other)
        }
        third.run(b.values, into: x.mutableValues, thread)
    }
}

/// Attention pooling, in which the average of all tokens is the query.
private struct ResNetPooling: Sendable {
    private let positions: Matrix  // [1 + tokens×C]
    private let attention: AttentionPooling
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
        let rows = positions.rows
        let width = positions.columns
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
            LayerValues(all.span), sequences: [0 ..< rows], queries: [0], into: mixed.mutableValues, thread)
        output.run(mixed.values, into: MutableLayerValues(&features), thread)
    }
}
