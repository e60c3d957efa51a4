internal import Core

/// The sizes of CLIP's vision transformer.
struct VisionTransformerShape: ImageArchitecture {
    static let kind = "visionTransformer"

    let imageSize: Int
    /// The side of a patch, in pixels.
    let patchSize: Int
    /// The side of the grid of the stored positional embedding, which is resized to ``gridSide``.
    let storedGridSide: Int
    let transformer: TransformerShape
    let embeddingWidth: Int

    private enum CodingKeys: CodingKey { case imageSize, patchSize, transformer }

    static func matches(_ weights: StoredWeights) -> Bool {
        weights.contains("image.patch_embedding.weight") || weights.contains("image.class_embedding")
    }

    /// The largest side of the grid of patches.
    private static let largestGrid = 128

    init(_ reader: ArchitectureReader) throws(Fault) {
        let settings = reader.configuration.image
        let convolution = try reader.shape("image.patch_embedding.weight", rank: 4)
        patchSize = convolution[2]
        try settings.sizes[.patch]?.check([patchSize])
        storedGridSide = try reader.gridSide("image.positional_embedding")
        imageSize = settings.sizes[.image]?.size ?? storedGridSide * patchSize
        if let stated = settings.sizes[.image], imageSize / patchSize != storedGridSide {
            guard settings.resizesPositions else { throw stated.contradiction([storedGridSide * patchSize]) }
            guard (1 ... Self.largestGrid).contains(imageSize / patchSize) else {
                throw stated.fault(
                    expected: "\(patchSize) to \(Self.largestGrid * patchSize) pixels, for patches of \(patchSize)")
            }
        }
        transformer = try reader.transformer(
            "image", width: convolution[0], settings, widestImpliedHeads: 1024)
        embeddingWidth = try reader.shape("image.projection.weight", rank: 2)[0]
        try settings.sizes[.embedding]?.check([embeddingWidth])
    }

    /// The side of the grid of patches; pixels beyond it are not seen.
    var gridSide: Int { imageSize / patchSize }

    var activation: Activation? { transformer.activation }

    var name: String {
        let letters = [384: "S", 768: "B", 1024: "L", 1280: "H", 1408: "g", 1664: "bigG"]
        let size = letters[transformer.width] ?? "\(transformer.width)x\(transformer.layers)"
        let resolution = imageSize == 224 ? "" : "@\(imageSize)px"
        return "ViT-\(size)/\(patchSize)\(resolution)"
    }

    var summary: String {
        let resized = ", positions of \(storedGridSide) x \(storedGridSide) resized to \(gridSide) x \(gridSide)"
        return "ViT, \(transformer.summary), patches of \(patchSize)" + (gridSide == storedGridSide ? "" : resized)
    }

    var tensors: TensorTable {
        let width = transformer.width
        var table = TensorTable()
        table.add("image.patch_embedding.weight", [width, 3, patchSize, patchSize])
        table.add("image.class_embedding", [width])
        table.add("image.positional_embedding", [storedGridSide * storedGridSide + 1, width])
        table.addLayer("image.pre_norm", [width])
        table.addBlocks("image", transformer)
        table.addLayer("image.final_norm", [width])
        table.add("image.projection.weight", [embeddingWidth, width])
        return table
    }

    func tower(_ loader: LayerLoader) throws(Fault) -> any ImageTower { try VisionTransformer(self, loader) }
}
