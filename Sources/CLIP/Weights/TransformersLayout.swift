extension TensorLayout {
    /// The layout of `CLIPModel` in transformers.
    static let transformers = TensorLayout(
        "huggingFace", .transformers(modelType: "clip"),
        rules: [
            Rule.tensors([
                "vision_model.embeddings.class_embedding": "image.class_embedding",
                "vision_model.embeddings.patch_embedding.weight": "image.patch_embedding.weight",
                "vision_model.embeddings.position_embedding.weight": "image.positional_embedding",
                "visual_projection.weight": "image.projection.weight",
                "text_model.embeddings.token_embedding.weight": "text.token_embedding.weight",
                "text_model.embeddings.position_embedding.weight": "text.positional_embedding",
                "text_projection.weight": "text.projection.weight",
            ]),
            // The misspelling is transformers' own.
            Rule.layers("vision_model.", "image", ["pre_layrnorm": "pre_norm", "post_layernorm": "final_norm"]),
            Rule.layer("text_model.final_layer_norm", "text.final_norm"),
            transformersBlocks("vision_model", "image"),
            transformersBlocks("text_model", "text"),
        ], matches: { $0.contains { $0.hasPrefix("vision_model.") || $0.hasPrefix("text_model.") } })

    private static func transformersBlocks(_ stored: String, _ tower: String) -> [Rule] {
        Rule.layers(
            "\(stored).encoder.layers.{}.", "\(tower).blocks.{}",
            [
                "layer_norm1": "norm1", "self_attn.q_proj": "attention.query", "self_attn.k_proj": "attention.key",
                "self_attn.v_proj": "attention.value", "self_attn.out_proj": "attention.output",
                "layer_norm2": "norm2", "mlp.fc1": "mlp.fc1", "mlp.fc2": "mlp.fc2",
            ])
    }
}
