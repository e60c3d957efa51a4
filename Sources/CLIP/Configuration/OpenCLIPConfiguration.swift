internal import Core
internal import Images

/// The contents of `open_clip_config.json`.
struct OpenCLIPConfiguration: Sendable {
    private let file: ConfigurationSection
    private let images: ConfigurationSection?

    init(_ file: ConfigurationSection) throws(Fault) {
        self.file = file
        images = try file.section("preprocess_cfg")
    }

    /// The facts about both towers.
    ///
    /// - Throws: `badData` for a setting of models that are built differently.
    func towers() throws(Fault) -> (image: ModelConfiguration.Tower, text: ModelConfiguration.Tower) {
        guard let model = try file.section("model_cfg") else {
            throw .badData(file.path, found: "no 'model_cfg'", expected: "the configuration of a CLIP")
        }
        guard let image = try model.section("vision_cfg"), let text = try model.section("text_cfg") else {
            throw .badData(file.path, found: "no 'vision_cfg' or no 'text_cfg'", expected: "both towers of a CLIP")
        }
        try refuseOtherKinds(model, image, text)
        // GELU is open_clip's default.
        let activation: Activation = try model.flag("quick_gelu") == true ? .quickGELU : .gelu
        var towers = (image: try tower(image, activation), text: try tower(text, activation))
        towers.image.headWidth = try image.integer("head_width") ?? 64
        towers.image.resizesPositions = true
        towers.image.sizes[.image] = try image.squareSize("image_size")
        towers.image.sizes[.patch] = try image.squareSize("patch_size")
        towers.image.sizes[.embedding] = try model.size("embed_dim")
        towers.text.heads = try text.integer("heads") ?? 8
        towers.text.sizes[.context] = try text.size("context_length")
        towers.text.sizes[.vocabulary] = try text.size("vocab_size")
        return towers
    }

    /// The facts that both towers have.
    private func tower(
        _ settings: ConfigurationSection, _ activation: Activation
    ) throws(Fault) -> ModelConfiguration.Tower {
        var tower = ModelConfiguration.Tower(activation: activation)
        tower.epsilon = try settings.section("norm_kwargs")?.number("eps").map { Float($0) }
        tower.sizes[.layers] = try settings.sizes("layers")
        tower.sizes[.width] = try settings.size("width")
        tower.sizes[.hiddenWidth] = try settings.widthFactor("mlp_ratio")
        return tower
    }

    private func refuseOtherKinds(
        _ model: ConfigurationSection, _ image: ConfigurationSection, _ text: ConfigurationSection
    ) throws(Fault) {
        if image["timm_model_name"] != nil {
            throw image.wrong(
                "timm_model_name", expected: "a vision transformer or ResNet of OpenAI's kind",
                remedy: ConfigurationSection.otherModel)
        }
        if text["hf_model_name"] != nil {
            throw text.wrong(
                "hf_model_name", expected: "a text tower of OpenAI's kind", remedy: ConfigurationSection.otherModel)
        }
        try model.require(Self.modelValues)
        try model.requireOnly(Self.modelKeys.union(Self.modelValues.keys))
        try image.require(Self.imageValues.merging(Self.towerValues) { $1 })
        try image.requireOnly(Self.imageKeys.union(Self.imageValues.keys).union(Self.towerValues.keys))
        try text.require(Self.textValues.merging(Self.towerValues) { $1 })
        try text.requireOnly(Self.textKeys.union(Self.textValues.keys).union(Self.towerValues.keys))
        for tower in [image, text] { try tower.section("norm_kwargs")?.requireOnly(["eps"]) }
    }

    // Settings that are read, and those on which no feature depends: they concern training, the loss, or parts that
    // these models do not have.
    private static let modelKeys: Set = [
        "embed_dim", "vision_cfg", "text_cfg", "quick_gelu", "custom_text", "init_logit_scale", "init_logit_bias",
        "nonscalar_logit_scale", "cast_dtype", "output_dict",
    ]
    private static let imageKeys: Set = [
        "image_size", "layers", "width", "patch_size", "head_width", "mlp_ratio", "norm_kwargs", "patch_dropout",
        "final_ln_after_pool", "attn_pooler_queries", "attn_pooler_heads", "timm_model_pretrained", "timm_pool",
        "timm_proj", "timm_proj_bias", "timm_drop", "timm_drop_path",
    ]
    private static let textKeys: Set = [
        "context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio", "norm_kwargs", "pad_id", "eos_id",
        "final_ln_after_pool", "hf_model_pretrained", "hf_proj_type", "hf_pooler_type",
    ]

    // Settings that change what a tower computes, with the values that these towers have.
    private static let modelValues: [String: [ConfigurationValue]] = ["multimodal_cfg": []]
    private static let towerValues: [String: [ConfigurationValue]] = [
        "ls_init_value": [], "act_kwargs": [.object([:])], "output_tokens": [.boolean(false)],
        "block_type": [.text("default")], "qk_norm": [.boolean(false)], "scaled_cosine_attn": [.boolean(false)],
        "scale_heads": [.boolean(false)], "scale_attn_inner": [.boolean(false)], "scale_attn": [.boolean(false)],
        "scale_fc": [.boolean(false)],
    ]
    private static let imageValues: [String: [ConfigurationValue]] = [
        "attentional_pool": [.boolean(false)], "no_ln_pre": [.boolean(false)], "pos_embed_type": [.text("learnable")],
        "pool_type": [.text("tok")], "global_average_pool": [.boolean(false)], "input_patchnorm": [.boolean(false)],
    ]
    private static let textValues: [String: [ConfigurationValue]] = [
        "pool_type": [.text("argmax")], "embed_cls": [.boolean(false)], "no_causal_mask": [.boolean(false)],
        "proj_type": [.text("linear")], "proj_bias": [.boolean(false)], "hf_tokenizer_name": [],
        "tokenizer_mode": [], "tokenizer_kwargs": [.object([:])],
    ]
}

extension OpenCLIPConfiguration: PreprocessingConfiguration {
    func apply(to preprocessing: inout Preprocessing) throws(Fault) {
        guard let images else { return }
        try images.requireSide("size", preprocessing.size)
        // Random interpolation concerns training; without augmentation it is bicubic.
        if let name = try images.text("interpolation"), !["bicubic", "random"].contains(name) {
            throw images.wrong(
                "interpolation", expected: "'bicubic'", remedy: ConfigurationSection.otherPreprocessing)
        }
        if let mode = try images.text("mode"), mode != "RGB" {
            throw images.wrong("mode", expected: "'RGB'", remedy: ConfigurationSection.otherPreprocessing)
        }
        if let name = try images.text("resize_mode") {
            guard let mode = Preprocessing.ResizeMode(rawValue: name) else {
                throw images.wrong(
                    "resize_mode", expected: "'shortest' or 'squash'",
                    remedy: ConfigurationSection.otherPreprocessing)
            }
            preprocessing.resizeMode = mode
        }
        preprocessing.mean = try images.channels("mean") ?? preprocessing.mean
        preprocessing.std = try images.channels("std") ?? preprocessing.std
    }
}
