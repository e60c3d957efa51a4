internal import Core

/// The names and shapes that a model of some architecture must have, no more and no less.
struct WeightTable {
    private(set) var shapes: [String: [Int]] = [:]

    init(_ architecture: Architecture) {
        switch architecture.image {
        case .visionTransformer(let shape): addVision(shape, embedding: architecture.embeddingWidth)
        case .residualNetwork(let shape): addResidual(shape, embedding: architecture.embeddingWidth)
        }
        let text = architecture.text
        let width = text.transformer.width
        shapes["token_embedding.weight"] = [text.vocabularySize, width]
        shapes["positional_embedding"] = [text.contextLength, width]
        shapes["text_projection"] = [width, architecture.embeddingWidth]
        addNorm("ln_final", width)
        addTransformer("transformer", text.transformer)
    }

    private mutating func addVision(_ shape: Architecture.VisionShape, embedding: Int) {
        let width = shape.transformer.width
        let grid = shape.imageSize / shape.patchSize
        shapes["visual.conv1.weight"] = [width, 3, shape.patchSize, shape.patchSize]
        shapes["visual.class_embedding"] = [width]
        shapes["visual.positional_embedding"] = [grid * grid + 1, width]
        shapes["visual.proj"] = [width, embedding]
        addNorm("visual.ln_pre", width)
        addNorm("visual.ln_post", width)
        addTransformer("visual.transformer", shape.transformer)
    }

    private mutating func addResidual(_ shape: Architecture.ResidualShape, embedding: Int) {
        let half = shape.width / 2
        addConvolution("visual", "conv1", "bn1", [half, 3, 3, 3])
        addConvolution("visual", "conv2", "bn2", [half, half, 3, 3])
        addConvolution("visual", "conv3", "bn3", [shape.width, half, 3, 3])
        var inputs = shape.width
        for (stage, count) in shape.layers.enumerated() {
            let inner = shape.width << stage
            for block in 0 ..< count {
                let prefix = "visual.layer\(stage + 1).\(block)"
                addConvolution(prefix, "conv1", "bn1", [inner, inputs, 1, 1])
                addConvolution(prefix, "conv2", "bn2", [inner, inner, 3, 3])
                addConvolution(prefix, "conv3", "bn3", [4 * inner, inner, 1, 1])
                if block == 0 {
                    addConvolution(prefix, "downsample.0", "downsample.1", [4 * inner, inputs, 1, 1])
                }
                inputs = 4 * inner
            }
        }
        let grid = shape.imageSize / 32
        shapes["visual.attnpool.positional_embedding"] = [grid * grid + 1, inputs]
        for (letter, outputs) in [("q", inputs), ("k", inputs), ("v", inputs), ("c", embedding)] {
            shapes["visual.attnpool.\(letter)_proj.weight"] = [outputs, inputs]
            shapes["visual.attnpool.\(letter)_proj.bias"] = [outputs]
        }
    }

    private mutating func addConvolution(_ prefix: String, _ name: String, _ norm: String, _ shape: [Int]) {
        shapes["\(prefix).\(name).weight"] = shape
        for part in ["weight", "bias", "running_mean", "running_var"] {
            shapes["\(prefix).\(norm).\(part)"] = [shape[0]]
        }
    }

    private mutating func addTransformer(_ prefix: String, _ shape: Architecture.TransformerShape) {
        for layer in 0 ..< shape.layers {
            let block = "\(prefix).resblocks.\(layer)"
            addNorm("\(block).ln_1", shape.width)
            addNorm("\(block).ln_2", shape.width)
            shapes["\(block).attn.in_proj_weight"] = [3 * shape.width, shape.width]
            shapes["\(block).attn.in_proj_bias"] = [3 * shape.width]
            addLinear("\(block).attn.out_proj", [shape.width, shape.width])
            addLinear("\(block).mlp.c_fc", [shape.hiddenWidth, shape.width])
            addLinear("\(block).mlp.c_proj", [shape.width, shape.hiddenWidth])
        }
    }

    private mutating func addLinear(_ name: String, _ shape: [Int]) {
        shapes["\(name).weight"] = shape
        shapes["\(name).bias"] = [shape[0]]
    }

    private mutating func addNorm(_ name: String, _ width: Int) {
        shapes["\(name).weight"] = [width]
        shapes["\(name).bias"] = [width]
    }

    /// Compares the table with what is stored.
    ///
    /// - Throws: `badData` naming up to five tensors each that are missing, of another shape, or too many.
    func check(_ weights: StoredWeights) throws(Fault) {
        let missing = shapes.keys.filter { weights.entries[$0] == nil }
        let extra = weights.entries.keys.filter { shapes[$0] == nil } + weights.strangers
        let misshapen = shapes.compactMap { name, shape -> String? in
            guard let stored = weights.entries[name], stored.shape != shape else { return nil }
            return "\(name) \(stored.shape) for \(shape)"
        }
        let complaints = [("missing", missing), ("of another shape", misshapen), ("unknown", extra)].compactMap {
            what, names -> String? in
            guard !names.isEmpty else { return nil }
            let shown = names.sorted().prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
            return "\(names.count) \(what) (\(shown))"
        }
        guard complaints.isEmpty else {
            throw .badData(
                weights.path, found: "tensors " + complaints.joined(separator: "; "),
                expected: "the \(shapes.count) tensors of such a CLIP",
                remedy: "copy the whole model; other architectures than OpenAI's cannot be run")
        }
    }
}
