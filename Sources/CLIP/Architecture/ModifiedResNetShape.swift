internal import Core

/// The sizes of CLIP's modified ResNet.
struct ModifiedResNetShape: ImageArchitecture {
    static let kind = "residualNetwork"

    let imageSize: Int
    /// The channels of the first stage's inner convolutions: 64 in RN50.
    let width: Int
    /// The number of blocks per stage.
    let layers: [Int]
    /// The number of heads of the attention pooling.
    let heads: Int
    let embeddingWidth: Int

    private enum CodingKeys: CodingKey { case imageSize, width, layers, heads }

    static func matches(_ weights: StoredWeights) -> Bool { weights.contains("image.stage1.0.conv1.weight") }

    init(_ reader: ArchitectureReader) throws(Fault) {
        let settings = reader.configuration.image
        width = try reader.shape("image.stage1.0.conv1.weight", rank: 4)[0]
        imageSize = try reader.gridSide("image.pooling.positional_embedding") * 32
        var layers: [Int] = []
        for stage in 1 ... 4 { layers.append(try reader.blockCount("image.stage\(stage)")) }
        self.layers = layers
        guard width % 2 == 0 else { throw reader.fault("a ResNet of width \(width)", "an even width") }
        heads = try reader.heads(of: 32 * width, settings)
        embeddingWidth = try reader.shape("image.pooling.output.weight", rank: 2)[0]
        // Other sizes would need another positional embedding, which open_clip does not resize for a ResNet either.
        try settings.sizes[.image]?.check([imageSize])
        try settings.sizes[.width]?.check([width])
        try settings.sizes[.layers]?.check(layers)
        try settings.sizes[.embedding]?.check([embeddingWidth])
    }

    var activation: Activation? { nil }

    var name: String {
        switch (width, layers) {
        case (64, [3, 4, 6, 3]): "RN50"
        case (64, [3, 4, 23, 3]): "RN101"
        case (80, [4, 6, 10, 6]): "RN50x4"
        case (96, [6, 8, 18, 8]): "RN50x16"
        case (128, [3, 15, 36, 10]): "RN50x64"
        default: "RN-\(width)-\(layers.map(String.init).joined(separator: "-"))"
        }
    }

    var summary: String {
        "ResNet, \(layers.map(String.init).joined(separator: "+")) blocks, width \(width), \(heads) heads"
    }

    var tensors: TensorTable {
        let half = width / 2
        var table = TensorTable()
        table.addConvolution("image.stem1", [half, 3, 3, 3])
        table.addConvolution("image.stem2", [half, half, 3, 3])
        table.addConvolution("image.stem3", [width, half, 3, 3])
        var inputs = width
        for (stage, count) in layers.enumerated() {
            let inner = width << stage
            for block in 0 ..< count {
                let name = "image.stage\(stage + 1).\(block)"
                table.addConvolution("\(name).conv1", [inner, inputs, 1, 1])
                table.addConvolution("\(name).conv2", [inner, inner, 3, 3])
                table.addConvolution("\(name).conv3", [4 * inner, inner, 1, 1])
                if block == 0 { table.addConvolution("\(name).shortcut", [4 * inner, inputs, 1, 1]) }
                inputs = 4 * inner
            }
        }
        let side = imageSize / 32
        table.add("image.pooling.positional_embedding", [side * side + 1, inputs])
        for projection in ["query", "key", "value"] {
            table.addLayer("image.pooling.\(projection)", [inputs, inputs])
        }
        table.addLayer("image.pooling.output", [embeddingWidth, inputs])
        return table
    }

    func tower(_ loader: LayerLoader) throws(Fault) -> any ImageTower { try ModifiedResNet(self, loader) }
}
