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
    private let blocks: [TransformerBlock]
    private let finalBlock: FinalBlock
    private let lastNorm: LayerNorm
    private let projection: PackedLayer

    /// The number of tokens per batch that suffices for products at full speed.
    private static let usefulRows = 200

    init(_ shape: VisionTransformerShape, _ loader: LayerLoader) throws(Fault) {
        let transformer = shape.transformer
        let width = transformer.width
        var start = try loader.matrix("image.positional_embedding")
        let classEmbedding = try loader.values("image.class_embedding")
        for j in 0 ..< width { start[0, j] += classEmbedding[j] }
        batchSize = max(1, Self.usefulRows / start.rows)
        let rows = batchSize * start.rows
        patches = try loader.layer(
            .linear(
                rows: rows, inputs: 3 * shape.patchSize * shape.patchSize, outputs: width, precision: loader.precision,
                output: .float32, accumulates: true),
            Self.channelsLast(
                try loader.values("image.patch_embedding.weight"), outputs: width, size: shape.patchSize))
        firstNorm = try loader.norm("image.pre_norm", epsilon: transformer.epsilon)
        blocks = try (0 ..< transformer.layers - 1).map { index throws(Fault) in
            try TransformerBlock("image.blocks.\(index)", transformer, rows: rows, isCausal: false, loader)
        }
        finalBlock = try FinalBlock("image.blocks.\(transformer.layers - 1)", transformer, height: batchSize, loader)
        lastNorm = try loader.norm("image.final_norm", epsilon: transformer.epsilon)
        projection = try loader.layer(
            .linear(rows: batchSize, inputs: width, outputs: shape.embeddingWidth, precision: .float32),
            try loader.values("image.projection.weight"))
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
        let (tokens, width) = (start.rows, start.columns)
        let rows = batchSize * tokens
        var memory = Scratch<Float>(rows * width)
        var x = memory.mutableSpan
        var scratch = TransformerScratch(rows: rows, shape.transformer, precision)
        embed(pixels, into: &x, thread)
        firstNorm.run(&x, rows: rows)
        let sequences = (0 ..< batchSize).map { $0 * tokens ..< ($0 + 1) * tokens }
        for block in blocks { block.run(&x, rows: rows, sequences: sequences, &scratch, thread) }
        var lastMemory = Scratch<Float>(batchSize * width)
        var last = lastMemory.mutableSpan
        finalBlock.run(
            x.span, rows: rows, sequences: sequences, wanted: sequences.map(\.lowerBound), into: &last, &scratch,
            thread)
        lastNorm.run(&last, rows: batchSize)
        projection.run(LayerValues(last.span), into: MutableLayerValues(&features), thread)
    }

    /// Patches times weights plus positions; the extra position is a patch of zeros.
    private func embed(_ pixels: Span<Float>, into x: inout MutableSpan<Float>, _ thread: LayerThread) {
        let (side, patch) = (shape.imageSize, shape.patchSize)
        let (tokens, pixelCount, run) = (start.rows, side * side * 3, 3 * patch * patch)
        var gathered = LayerBuffer(batchSize * tokens * run, precision)
        for image in 0 ..< batchSize {
            var values = gathered.mutableValues
            var extra = values.part(image * tokens * run, count: run)
            extra.clear()
            gatherPatches(
                pixels.part(image * pixelCount, count: pixelCount), height: side, width: side, size: patch,
                into: values.part((image * tokens + 1) * run, count: (tokens - 1) * run))
            var rows = x.row(image, width: start.elements.count)
            rows.copy(start.span)
        }
        patches.run(gathered.values, into: MutableLayerValues(&x), thread)
    }
}
