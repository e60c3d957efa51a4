/// Where one stored tensor belongs, in OpenAI's names, which are this project's.
struct WeightPlace: Equatable {
    var name: String
    /// Which of three pieces of `in_proj` it is: queries, keys or values.
    var piece: Int?
    /// Whether it is stored with its two axes exchanged.
    var isTransposed = false
}

/// The ways in which people name the tensors of a CLIP.
enum WeightNaming: String, Sendable, CaseIterable {
    /// As OpenAI's weights and open_clip.
    case openAI
    /// As `CLIPModel` of transformers.
    case huggingFace

    /// Tells by which names the tensors go.
    init(of names: [String]) {
        let isHuggingFace = names.contains { $0.hasPrefix("vision_model.") || $0.hasPrefix("text_model.") }
        self = isHuggingFace ? .huggingFace : .openAI
    }

    /// Where the tensor stored as `name` belongs; nil where there is no such tensor in a CLIP.
    func place(of name: String) -> WeightPlace? {
        switch self {
        case .openAI: WeightPlace(name: name)
        case .huggingFace: Self.huggingFacePlace(name)
        }
    }

    /// Whether a tensor says nothing of the features: counters, tables that can be computed, the logits' scale.
    static func isIgnored(_ name: String) -> Bool {
        let last = name.split(separator: ".").last ?? ""
        let ignored: Set<Substring> = [
            "num_batches_tracked", "position_ids", "attn_mask", "logit_scale", "logit_bias", "input_resolution",
            "context_length", "vocab_size",
        ]
        return ignored.contains(last)
    }

    private static func huggingFacePlace(_ name: String) -> WeightPlace? {
        if let place = huggingFaceSingles[name] { return place }
        for (tower, prefix) in [("vision_model", "visual.transformer"), ("text_model", "transformer")] {
            guard name.hasPrefix("\(tower).encoder.layers.") else { continue }
            let rest = name.dropFirst("\(tower).encoder.layers.".count)
            guard let dot = rest.firstIndex(of: "."), let layer = Int(rest[..<dot]), layer >= 0 else { return nil }
            guard var place = huggingFaceLayer[String(rest[rest.index(after: dot)...])] else { return nil }
            place.name = "\(prefix).resblocks.\(layer).\(place.name)"
            return place
        }
        return nil
    }

    private static let huggingFaceSingles: [String: WeightPlace] = [
        "vision_model.embeddings.class_embedding": WeightPlace(name: "visual.class_embedding"),
        "vision_model.embeddings.patch_embedding.weight": WeightPlace(name: "visual.conv1.weight"),
        "vision_model.embeddings.position_embedding.weight": WeightPlace(name: "visual.positional_embedding"),
        // So spelled.
        "vision_model.pre_layrnorm.weight": WeightPlace(name: "visual.ln_pre.weight"),
        "vision_model.pre_layrnorm.bias": WeightPlace(name: "visual.ln_pre.bias"),
        "vision_model.post_layernorm.weight": WeightPlace(name: "visual.ln_post.weight"),
        "vision_model.post_layernorm.bias": WeightPlace(name: "visual.ln_post.bias"),
        "visual_projection.weight": WeightPlace(name: "visual.proj", isTransposed: true),
        "text_model.embeddings.token_embedding.weight": WeightPlace(name: "token_embedding.weight"),
        "text_model.embeddings.position_embedding.weight": WeightPlace(name: "positional_embedding"),
        "text_model.final_layer_norm.weight": WeightPlace(name: "ln_final.weight"),
        "text_model.final_layer_norm.bias": WeightPlace(name: "ln_final.bias"),
        "text_projection.weight": WeightPlace(name: "text_projection", isTransposed: true),
    ]

    private static let huggingFaceLayer: [String: WeightPlace] = {
        var places: [String: WeightPlace] = [:]
        for part in ["weight", "bias"] {
            for (piece, letter) in ["q", "k", "v"].enumerated() {
                places["self_attn.\(letter)_proj.\(part)"] = WeightPlace(name: "attn.in_proj_\(part)", piece: piece)
            }
            places["self_attn.out_proj.\(part)"] = WeightPlace(name: "attn.out_proj.\(part)")
            places["layer_norm1.\(part)"] = WeightPlace(name: "ln_1.\(part)")
            places["layer_norm2.\(part)"] = WeightPlace(name: "ln_2.\(part)")
            places["mlp.fc1.\(part)"] = WeightPlace(name: "mlp.c_fc.\(part)")
            places["mlp.fc2.\(part)"] = WeightPlace(name: "mlp.c_proj.\(part)")
        }
        return places
    }()
}
