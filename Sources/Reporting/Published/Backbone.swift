/// An image encoder of published tables, with OpenAI's weights.
enum Backbone: String, Sendable {
    case rn50 = "RN50"
    case rn101 = "RN101"
    case vitB16 = "ViT-B/16"
    case vitB32 = "ViT-B/32"

    /// Recognizes the encoder by a model's name; nil for other encoders and for weights trained on other data.
    init?(model: String) {
        let name = model.lowercased().filter { $0.isLetter || $0.isNumber }
        let others = ["laion", "datacomp", "dfn", "metaclip", "siglip", "yfcc", "cc12m", "commonpool", "eva", "rn50x"]
        guard !others.contains(where: name.contains) else { return nil }
        let spellings: [(Backbone, [String])] = [
            (.rn50, ["rn50", "resnet50"]), (.rn101, ["rn101", "resnet101"]),
            (.vitB16, ["vitb16", "vitbasepatch16"]), (.vitB32, ["vitb32", "vitbasepatch32"]),
        ]
        // ViT-B-16-plus-240 and similar models are other encoders.
        guard !name.contains("plus"),
            let found = spellings.first(where: { $0.1.contains(where: name.contains) })
        else { return nil }
        self = found.0
    }
}
