internal import Core
internal import Kernels

/// A tower that turns images into features, a few at a time on one thread.
protocol ImageTower: Sendable {
    /// Images that are done at a time; what is computed for one does not depend on the others.
    var imagesAtATime: Int { get }
    /// Writes the features [imagesAtATime×D] of `pixels` [imagesAtATime×side×side×3].
    func encode(_ pixels: Span<Float>, into features: inout MutableSpan<Float>, _ thread: LayerThread)
}

/// A transformer over the patches of an image and one place more, whose value at the end is the image's.
struct VisionTransformer: ImageTower {
    let imagesAtATime: Int
    private let shape: Architecture.VisionShape
    private let precision: Precision
    private let patches: PackedLayer
    /// What each row starts from: its position's vector, and in the first row also that of the extra place.
    private let start: Matrix
    private let firstNorm: LayerNorm
    private let layers: [TransformerLayer]
    private let readout: TransformerReadout
    private let lastNorm: LayerNorm
    private let projection: PackedLayer

    /// Rows that suffice for the products to run at full speed.
    private static let rowsAtATime = 200

    init(_ shape: Architecture.VisionShape, _ loading: LayerLoading) throws(Fault) {
        let (transformer, patch) = (shape.transformer, shape.patchSize)
        let width = transformer.width
        var start = try loading.matrix("visual.positional_embedding")
        let extra = try loading.values("visual.class_embedding")
        for j in 0 ..< width { start[0, j] += extra[j] }
        let places = start.rows
        let count = max(1, Self.rowsAtATime / places)
        let rows = count * places
        patches = try loading.layer(
            .linear(
                rows: rows, inputs: 3 * patch * patch, outputs: width, precision: loading.precision, output: .float32,
                accumulates: true),
            Self.channelsLast(try loading.values("visual.conv1.weight"), outputs: width, size: patch))
        firstNorm = try loading.norm("visual.ln_pre", epsilon: transformer.epsilon)
        var layers: [TransformerLayer] = []
        for i in 0 ..< transformer.layers - 1 {
            let name = "visual.transformer.resblocks.\(i)"
            layers.append(try TransformerLayer(name, transformer, rows: rows, isCausal: false, loading))
        }
        readout = try TransformerReadout(
            "visual.transformer.resblocks.\(transformer.layers - 1)", transformer, height: count, loading)
        lastNorm = try loading.norm("visual.ln_post", epsilon: transformer.epsilon)
        let projected = try loading.matrix("visual.proj")  // [W×D]
        projection = try loading.layer(
            .linear(rows: count, inputs: width, outputs: projected.columns, precision: .float32),
            transposed(projected.elements, rows: width, columns: projected.columns))
        (self.shape, self.start, self.layers, self.precision) = (shape, start, layers, loading.precision)
        imagesAtATime = count
    }

    /// Weights [outputs×3×size×size] in the order of an image's pixels, [outputs×size×size×3].
    private static func channelsLast(_ weights: [Float], outputs: Int, size: Int) -> [Float] {
        var turned = [Float](repeating: 0, count: weights.count)
        let area = size * size
        for output in 0 ..< outputs {
            for channel in 0 ..< 3 {
                for place in 0 ..< area {
                    turned[(output * area + place) * 3 + channel] = weights[(output * 3 + channel) * area + place]
                }
            }
        }
        return turned
    }

    func encode(_ pixels: Span<Float>, into features: inout MutableSpan<Float>, _ thread: LayerThread) {
        let (places, width) = (start.rows, start.columns)
        let rows = imagesAtATime * places
        var memory = Scratch<Float>(rows * width)
        var x = memory.mutableSpan
        var scratch = TransformerScratch(rows: rows, shape.transformer, precision)
        embed(pixels, into: &x, thread)
        firstNorm.run(&x, rows: rows)
        let sequences = (0 ..< imagesAtATime).map { $0 * places ..< ($0 + 1) * places }
        for layer in layers { layer.run(&x, rows: rows, sequences: sequences, &scratch, thread) }
        var lastMemory = Scratch<Float>(imagesAtATime * width)
        var last = lastMemory.mutableSpan
        readout.run(
            x.span, rows: rows, sequences: sequences, wanted: sequences.map(\.lowerBound), into: &last, &scratch,
            thread)
        lastNorm.run(&last, rows: imagesAtATime)
        projection.run(LayerValues(last.span), into: MutableLayerValues(&features), thread)
    }

    /// Patches times weights plus positions; the extra place is a patch of zeros.
    private func embed(_ pixels: Span<Float>, into x: inout MutableSpan<Float>, _ thread: LayerThread) {
        let (side, patch) = (shape.imageSize, shape.patchSize)
        let (places, pixelCount, run) = (start.rows, side * side * 3, 3 * patch * patch)
        var gathered = LayerBuffer(imagesAtATime * places * run, precision)
        for image in 0 ..< imagesAtATime {
            var values = gathered.mutableValues
            var extra = values.part(image * places * run, count: run)
            extra.clear()
            gatherPatches(
                pixels.part(image * pixelCount, count: pixelCount), height: side, width: side, size: patch,
                into: values.part((image * places + 1) * run, count: (places - 1) * run))
            var rows = x.row(image, width: start.elements.count)
            rows.copy(start.span)
        }
        patches.run(gathered.values, into: MutableLayerValues(&x), thread)
    }
}
