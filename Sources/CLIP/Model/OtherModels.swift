/// The kinds of models that are recognized by the names of their tensors in order to refuse them by name.
enum OtherModels {
    /// The part of a name that no supported model has, and the kind of model that has it.
    private static let kinds: KeyValuePairs<String, String> = [
        "lora_": "LoRA's differences from a model, which must be merged into it",
        "visual.trunk.": "an image tower of timm ('visual.trunk'), as in SigLIP, EVA, ConvNeXt or BiomedCLIP",
        "visual.blocks.": "an image tower of EVA-CLIP ('visual.blocks')",
        "visual.attn_pool.": "an image tower with attentional pooling ('visual.attn_pool'), as in CoCa",
        "text_decoder.": "a CoCa ('text_decoder')",
        "text.transformer.embeddings.": "a text tower of transformers ('text.transformer.embeddings')",
        "text.transformer.encoder.": "a text tower of transformers ('text.transformer.encoder')",
        "vision_model.head.": "a SigLIP ('vision_model.head')",
        "patch_embed.proj.": "an image tower of timm alone ('patch_embed.proj')",
        "encoder.layer.0.": "a transformer of another kind ('encoder.layer')",
        "conv_stem.": "an image tower of timm alone ('conv_stem')",
    ]

    /// The kind of the model with tensors of these names, in words; nil for an unknown one.
    static func kind(of names: [String]) -> String? {
        kinds.first { kind in names.contains { $0.hasPrefix(kind.key) || $0.contains(".\(kind.key)") } }?.value
    }
}
