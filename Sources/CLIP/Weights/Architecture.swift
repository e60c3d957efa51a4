/// The sizes of a CLIP, as its tensors and its configuration tell them.
public struct Architecture: Sendable, Codable, Equatable {
    public enum ImageTower: Sendable, Codable, Equatable {
        case visionTransformer(VisionShape)
        case residualNetwork(ResidualShape)
    }

    /// A vision transformer.
    public struct VisionShape: Sendable, Codable, Equatable {
        /// Pixels of a side of the image.
        public var imageSize: Int
        /// Pixels of a side of a patch.
        public var patchSize: Int
        public var transformer: TransformerShape
    }

    /// A ResNet with three convolutions at its start, averages before its strides, and attention at its end.
    public struct ResidualShape: Sendable, Codable, Equatable {
        /// Pixels of a side of the image.
        public var imageSize: Int
        /// Channels of the first stage's inner convolutions: 64 in RN50.
        public var width: Int
        /// Blocks of the four stages.
        public var layers: [Int]
        /// Heads of the attention at the end.
        public var heads: Int
    }

    /// A stack of attention and perceptron layers.
    public struct TransformerShape: Sendable, Codable, Equatable {
        public var width: Int
        public var layers: Int
        public var heads: Int
        /// Width of the perceptrons' inner layer.
        public var hiddenWidth: Int
        public var activation: Activation
        /// What is added to a variance before its root is taken.
        public var epsilon: Float
    }

    /// The text tower.
    public struct TextShape: Sendable, Codable, Equatable {
        public var contextLength: Int
        public var vocabularySize: Int
        public var transformer: TransformerShape
    }

    public var image: ImageTower
    public var text: TextShape
    /// Width of the features that both towers give.
    public var embeddingWidth: Int

    /// Pixels of a side of the images.
    public var imageSize: Int {
        switch image {
        case .visionTransformer(let shape): shape.imageSize
        case .residualNetwork(let shape): shape.imageSize
        }
    }

    /// The name that the field has for these sizes, such as `ViT-B/32` or `RN50`; else one that tells them.
    public var name: String {
        switch image {
        case .visionTransformer(let shape):
            let letters = [384: "S", 768: "B", 1024: "L", 1280: "H", 1408: "g", 1664: "bigG"]
            let size = letters[shape.transformer.width] ?? "\(shape.transformer.width)x\(shape.transformer.layers)"
            let resolution = shape.imageSize == 224 ? "" : "@\(shape.imageSize)px"
            return "ViT-\(size)/\(shape.patchSize)\(resolution)"
        case .residualNetwork(let shape):
            switch (shape.width, shape.layers) {
            case (64, [3, 4, 6, 3]): return "RN50"
            case (64, [3, 4, 23, 3]): return "RN101"
            case (80, [4, 6, 10, 6]): return "RN50x4"
            case (96, [6, 8, 18, 8]): return "RN50x16"
            case (128, [3, 15, 36, 10]): return "RN50x64"
            default: return "RN-\(shape.width)-\(shape.layers.map(String.init).joined(separator: "-"))"
            }
        }
    }
}
