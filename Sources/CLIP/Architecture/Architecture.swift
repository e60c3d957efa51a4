internal import Core

/// The kinds and sizes of a model's towers, as its tensors and its configuration describe them.
public struct Architecture: Sendable, Encodable {
    /// The image tower.
    let image: any ImageArchitecture
    /// The text tower; nil for a model that encodes images alone.
    let text: (any TextArchitecture)?

    /// The width D of the features.
    public var embeddingWidth: Int { image.embeddingWidth }
    /// The side of an input image, in pixels.
    public var imageSize: Int { image.imageSize }
    /// The published name for these sizes, such as `ViT-B/32` or `RN50`, or a description of other sizes.
    public var name: String { image.name }
    /// The maximum number of tokens in a prompt; 0 without a text tower.
    public var contextLength: Int { text?.contextLength ?? 0 }
    /// The number of tokens that the text tower embeds; 0 without a text tower.
    public var vocabularySize: Int { text?.vocabularySize ?? 0 }

    /// The activation of the MLP blocks, or of both towers where they differ.
    public var activationName: String {
        let ofImages = image.activation?.rawValue
        let ofTexts = text?.activation?.rawValue
        guard let ofImages, let ofTexts, ofImages != ofTexts else { return ofTexts ?? ofImages ?? "none" }
        return "\(ofImages), text \(ofTexts)"
    }

    /// Reads the towers' sizes, and compares the names and shapes of all tensors with what towers of these sizes need.
    ///
    /// - Throws: `badData` for tensors of another model, `configuration` where a size or the activation is missing.
    init(_ reader: ArchitectureReader) throws(Fault) {
        image = try reader.imageArchitecture()
        text = image.hasTextTower ? try reader.textArchitecture() : nil
        try tensors.check(reader.weights)
    }

    /// The names and shapes of all tensors.
    var tensors: TensorTable {
        var table = image.tensors
        if let text { table.add(text.tensors(embeddingWidth: embeddingWidth)) }
        return table
    }

    private enum CodingKeys: CodingKey { case image, text, embeddingWidth }

    /// Encodes the image tower under the name of its kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        // The form that the compiler gives an enumeration with one case per kind, which readers of summaries expect.
        try container.encode([type(of: image).kind: ["_0": AnyEncodable(value: image)]], forKey: .image)
        try container.encodeIfPresent(text.map(AnyEncodable.init), forKey: .text)
        try container.encode(embeddingWidth, forKey: .embeddingWidth)
    }
}

private struct AnyEncodable: Encodable {
    let value: any Encodable

    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}
