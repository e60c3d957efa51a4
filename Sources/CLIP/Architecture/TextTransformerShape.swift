internal import Core

/// The sizes of CLIP's text transformer.
struct TextTransformerShape: TextArchitecture {
    let contextLength: Int
    let vocabularySize: Int
    let transformer: TransformerShape

    static func matches(_ weights: StoredWeights) -> Bool { weights.contains("text.token_embedding.weight") }

    init(_ reader: ArchitectureReader) throws(Fault) {
        let tokens = try reader.shape("text.token_embedding.weight", rank: 2)
        vocabularySize = tokens[0]
        contextLength = try reader.shape("text.positional_embedding", rank: 2)[0]
        let settings = reader.configuration.text
        try settings.sizes[.vocabulary]?.check([vocabularySize])
        try settings.sizes[.context]?.check([contextLength])
        transformer = try reader.transformer("text", width: tokens[1], settings)
    }

    var activation: Activation? { transformer.activation }
    var summary: String { "\(transformer.summary), \(contextLength) tokens of \(vocabularySize)" }

    func tensors(embeddingWidth: Int) -> TensorTable {
        let width = transformer.width
        var table = TensorTable()
        table.add("text.token_embedding.weight", [vocabularySize, width])
        table.add("text.positional_embedding", [contextLength, width])
        table.addBlocks("text", transformer)
        table.addLayer("text.final_norm", [width])
        table.add("text.projection.weight", [embeddingWidth, width])
        return table
    }

    func tower(_ loader: LayerLoader) throws(Fault) -> any TextTower { try TextTransformer(self, loader) }
}
