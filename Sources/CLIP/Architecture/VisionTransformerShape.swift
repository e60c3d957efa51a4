internal import Core

/// The sizes of CLIP's vision transformer.
struct VisionTransformerShape: ImageArchitecture {
    static let kind = "visionTransformer"

    let imageSize: Int
    /// The side of a patch, in pixels.
    let patchSize: Int
    let transformer: TransformerShape
    let embeddingWidth: Int

    private enum CodingKeys: CodingKey { case imageSize, patchSize, transformer }

    static func matches(_ weights: StoredWeights) -> Bool {
        weights.contains("image.patch_embedding.weight") || weights.contains("image.class_embedding")
    }

    init(_ reader: ArchitectureReader) throws(Fault) {
        let convolution = try reader.shape("image.patch_embedding.weight", rank: 4)
        patchSize = convolution[2]
        imageSize = try reader.gridSide("image.positional_embedding") * patchSize
        transformer = try reader.transformer(
            "image", width: convolution[0], reader.configuration.image, widestImpliedHeads: 1024)
        embeddingWidth = try reader.shape("image.projection.weight", rank: 2)[0]
    }

    var activation: Activation? { transformer.activation }

    var name: String {
        let letters = [384: "S", 768: "B", 1024: "L", 1280: "H", 1408: "g", 1664: "bigG"]
        let size = letters[transformer.width] ?? "\(transformer.width)x\(transformer.layers)"
        let resolution = imageSize == 224 ? "" : "@\(imageSize)px"
        return "ViT-\(size)/\(patchSize)\(resolution)"
    }

    var summary: String { "ViT, \(transformer.summary), patches of \(patchSize)" }

    var tensors: TensorTable {
        let width = transformer.width
        let side = imageSize / patchSize
        var table = TensorTable()
        table.add("image.patch_embedding.weight", [width, 3, patchSize, patchSize])
        table.add("image.class_embedding", [width])
        table.add("image.positional_embedding", [side * side + 1, width])
        table.addLayer("image.pre_norm", [width])
        table.addBlocks("image", transformer)
        table.addLayer("image.final_norm", [width])
        table.add("image.projection.weight", [embeddingWidth, width])
        return table
    }

    func tower(_ loader: LayerLoader) throws(Fault) -> any ImageTower { try VisionTransformer(self, loader) }
}
