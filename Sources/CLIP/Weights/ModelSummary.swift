public import Core
internal import TensorFiles

/// What a page of information says of a model.
public struct ModelSummary: Sendable, Codable, Equatable {
    /// Such as `ViT-B/32`.
    public var name: String
    public var architecture: Architecture
    /// `openAI` or `huggingFace`: by which names the tensors go.
    public var naming: String
    public var activationSource: String
    /// The types in which the weights are stored.
    public var storedTypes: [String]
    public var imageParameters: Int
    public var textParameters: Int
    /// The digest of the weights' content, ``ModelWeights/contentDigest()``.
    public var digest: Digest
}

extension ModelWeights {
    /// Values of the image tower and of the text tower.
    private var parameterCounts: (image: Int, text: Int) {
        var (image, text) = (0, 0)
        for (name, shape) in WeightTable(architecture).shapes {
            let count = shape.reduce(1, *)
            if name.hasPrefix("visual.") { image += count } else { text += count }
        }
        return (image, text)
    }

    /// Values of the tower that has more of them.
    package var largestTower: Int { max(parameterCounts.image, parameterCounts.text) }

    /// Sizes, parameters and digest; reads all weights once.
    public func summary() throws(Fault) -> ModelSummary {
        let (image, text) = parameterCounts
        return ModelSummary(
            name: architecture.name, architecture: architecture, naming: stored.naming.rawValue,
            activationSource: activationSource,
            storedTypes: Set(stored.entries.values.map(\.type.rawValue)).sorted(), imageParameters: image,
            textParameters: text, digest: try contentDigest())
    }
}
