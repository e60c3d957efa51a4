internal import Core
internal import TensorFiles

/// Reads a model's sizes off its tensors.
///
/// Sizes come from files: each is held within a bound before anything is computed with it.
struct ArchitectureReading {
    let weights: StoredWeights
    let configuration: ModelConfiguration

    private static let maximumSize = 1 << 20
    private static let maximumLayerCount = 1000

    func architecture() throws(Fault) -> Architecture {
        let textProjection = try shape("text_projection", rank: 2)
        let tokens = try shape("token_embedding.weight", rank: 2)
        let image: Architecture.ImageTower
        if weights.entries["visual.layer1.0.conv1.weight"] != nil {
            image = .residualNetwork(try residualShape())
        } else {
            image = .visionTransformer(try visionShape())
        }
        let text = Architecture.TextShape(
            contextLength: try shape("positional_embedding", rank: 2)[0], vocabularySize: tokens[0],
            transformer: try transformer("transformer", width: tokens[1], configuration.text, isVision: false))
        return Architecture(image: image, text: text, embeddingWidth: textProjection[1])
    }

    private func visionShape() throws(Fault) -> Architecture.VisionShape {
        let convolution = try shape("visual.conv1.weight", rank: 4)
        let grid = try grid("visual.positional_embedding")
        return Architecture.VisionShape(
            imageSize: grid * convolution[2], patchSize: convolution[2],
            transformer: try transformer(
                "visual.transformer", width: convolution[0], configuration.image, isVision: true))
    }

    private func residualShape() throws(Fault) -> Architecture.ResidualShape {
        let width = try shape("visual.layer1.0.conv1.weight", rank: 4)[0]
        let grid = try grid("visual.attnpool.positional_embedding")
        var layers: [Int] = []
        for stage in 1 ... 4 { layers.append(try layerCount("visual.layer\(stage).")) }
        guard width % 2 == 0 else {
            throw fault("a ResNet of width \(width)", "an even width")
        }
        return Architecture.ResidualShape(imageSize: grid * 32, width: width, layers: layers, heads: width / 2)
    }

    private func transformer(
        _ prefix: String, width: Int, _ told: ModelConfiguration.Tower, isVision: Bool
    ) throws(Fault) -> Architecture.TransformerShape {
        let heads: Int
        if let given = told.heads { heads = given } else { heads = try impliedHeads(width, isVision: isVision) }
        guard heads > 0, width % heads == 0 else {
            throw fault("\(heads) heads for a width of \(width)", "heads that divide it")
        }
        guard let activation = told.activation else { throw missingActivation() }
        return Architecture.TransformerShape(
            width: width, layers: try layerCount("\(prefix).resblocks."), heads: heads,
            hiddenWidth: try shape("\(prefix).resblocks.0.mlp.c_fc.weight", rank: 2)[0], activation: activation,
            epsilon: told.epsilon ?? 1e-5)
    }

    /// A head for each 64 places, as in all of OpenAI's models; the widest vision towers of others have wider heads.
    private func impliedHeads(_ width: Int, isVision: Bool) throws(Fault) -> Int {
        guard width % 64 == 0, !isVision || width <= 1024 else {
            throw .configuration(
                weights.path, found: "a tower of width \(width) and no word on its heads",
                expected: "their number in config.json or open_clip_config.json",
                remedy: "put the model's configuration beside its weights")
        }
        return width / 64
    }

    private func missingActivation() -> Fault {
        .configuration(
            weights.path, found: "no configuration that names the activation, and weights do not show it",
            expected: "quick_gelu (OpenAI's weights) or gelu (most of open_clip's)",
            remedy: "say which with \(option: "activation"), or put config.json or open_clip_config.json beside them")
    }

    /// The layers `PREFIXn.` that there are; that none is missing between them is seen when all names are compared.
    private func layerCount(_ prefix: String) throws(Fault) -> Int {
        var numbers: Set<Substring> = []
        for name in weights.entries.keys where name.hasPrefix(prefix) {
            numbers.insert(name.dropFirst(prefix.count).prefix { $0 != "." })
        }
        guard (1 ... Self.maximumLayerCount).contains(numbers.count) else {
            throw fault(
                "\(numbers.count) layers '\(prefix)N'", "1 to \(Self.maximumLayerCount), as in a CLIP of OpenAI's kind")
        }
        return numbers.count
    }

    /// The side of the square of places that a table of positions is for, besides its first row.
    private func grid(_ name: String) throws(Fault) -> Int {
        let rows = try shape(name, rank: 2)[0]
        let side = Int(Double(rows - 1).squareRoot().rounded())
        guard side > 0, side * side == rows - 1 else {
            throw fault("\(rows) rows in '\(name)'", "one more than a square number")
        }
        return side
    }

    private func shape(_ name: String, rank: Int) throws(Fault) -> [Int] {
        guard let entry = weights.entries[name] else {
            throw fault("no tensor '\(name)' among \(weights.entries.count)", "the weights of a CLIP of OpenAI's kind")
        }
        guard entry.shape.count == rank, entry.shape.allSatisfy({ (1 ... Self.maximumSize).contains($0) }) else {
            throw fault("'\(name)' of shape \(entry.shape)", "\(rank) sizes of 1 to \(Self.maximumSize)")
        }
        return entry.shape
    }

    private func fault(_ found: String, _ expected: String) -> Fault {
        .badData(
            weights.path, found: found, expected: expected,
            remedy: "use weights in OpenAI's, open_clip's or transformers' CLIP layout")
    }
}
