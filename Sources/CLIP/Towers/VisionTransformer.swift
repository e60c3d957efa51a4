internal import Core
internal import Kernels

/// CLIP's vision transformer: a class token and the patches of an image; the class token becomes the features.
struct VisionTransformer: ImageTower {
    let batchSize: Int
    private let shape: VisionTransformerShape
    private let precision: Precision
    private let patches: PackedLayer
    /// The initial tokens of an image: the positional embedding, plus the class embedding in the first row.
    private let start: Matrix
    private let firstNorm: LayerNorm
    private let transformer: Transformer

    /// The number of tokens per batch that suffices for products at full speed.
    private static let usefulRows = 200

    init(_ shape: VisionTransformerShape, _ loader: LayerLoader) throws(Fault) {
        let width = shape.transformer.width
        var start = try loader.matrix("image.positional_embedding")
        if shape.gridSide != shape.storedGridSide { start = start.resizedPositions(to: shape.gridSide) }
        let classEmbedding = try loader.values("image.class_embedding")
        for j in 0 ..< width { start[0, j] += classEmbedding[j] }
        // An image's features must not depend on its place in a batch.
        batchSize = roundsAllRowsAlike ? max(1, Self.usefulRows / start.rows) : 1
        let rows = batchSize * start.rows
        let patchShape = LayerShape.linear(
            rows: rows, inputs: 3 * shape.patchSize * shape.patchSize, outputs: width, precision: loader.precision)
        let patchWeights = Self.channelsLast(
            try loader.values("image.patch_embedding.weight"), outputs: width, size: shape.patchSize)
        patches = try loader.layer(patchShape.addingFloats, patchWeights)
        firstNorm = try loader.norm("image.pre_norm", epsilon: shape.transformer.epsilon)
        transformer = try Transformer(
            "image", shape.transformer, .init(tokens: rows, sequences: batchSize), isCausal: false, loader)
        self.shape = shape
        self.start = start
        precision = loader.precision
    }

    /// Reorders weights [outputs×3×size×size] to an image's order of values, [outputs×size×size×3].
    private static func channelsLast(_ weights: [Float], outputs: Int, size: Int) -> [Float] {
        var result = [Float](repeating: 0, count: weights.count)
        let area = size * size
        for output in 0 ..< outputs {
            for channel in 0 ..< 3 {
                for pixel in 0 ..< area {
                    result[(output * area + pixel) * 3 + channel] = weights[(output * 3 + channel) * area + pixel]
                }
            }
        }
        return result
    }

    func encode(_ pixels: Span<Float>, into features: inout MutableSpan<Float>, _ thread: LayerThread) {
        let rows = batchSize * start.rows
        var memory = Scratch<Float>(rows * start.columns)
        var x = memory.mutableSpan
        embed(pixels, into: &x, thread)
        firstNorm.run(&x, rows: rows)
        let sequences = (0 ..< batchSize).map { $0 * start.rows ..< ($0 + 1) * start.rows }
        let tokens = TokenBatch(rows: rows, sequences: sequences, pooled: sequences.map(\.lowerBound))
        transformer.encode(&x, tokens, into: &features, thread)
    }

    /// Patches times weights plus positions; the extra position is a patch of zeros.
    private func embed(_ pixels: Span<Float>, into x: inout MutableSpan<Float>, _ thread: LayerThread) {
        let tokens = start.rows
        let pixelCount = shape.imageSize * shape.imageSize * 3
        let run = 3 * shape.patchSize * shape.patchSize
        var gathered = LayerBuffer(batchSize * tokens * run, precision)
        for image in 0 ..< batchSize {
            var values = gathered.mutableValues
            var extra = values.part(image * tokens * run, count: run)
            extra.clear()
            gatherPatches(
                pixels.part(image * pixelCount, count: pixelCount), side: shape.imageSize, size: shape.patchSize,
                into: values.part((image * tokens + 1) * run, count: (tokens - 1) * run))
            var rows = x.row(image, width: start.elements.count)
            rows.copy(start.span)
        }
        patches.run(gathered.values, into: MutableLayerValues(&x), thread)
    }
}
