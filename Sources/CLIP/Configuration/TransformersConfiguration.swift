internal import Core

/// The contents of transformers' `config.json`.
///
/// transformers ignores settings that its CLIP does not have, so they are ignored here as well.
struct TransformersConfiguration {
    private let file: ConfigurationSection

    init(_ file: ConfigurationSection) { self.file = file }

    /// The facts about both towers.
    ///
    /// - Throws: `badData` for a model of another type than `modelType`, or a setting that is not implemented.
    func towers(
        modelType: String
    ) throws(Fault) -> (image: ModelConfiguration.Tower, text: ModelConfiguration.Tower) {
        guard let type = try file.text("model_type") else {
            throw .badData(file.path, found: "no 'model_type'", expected: "the configuration of a CLIP")
        }
        guard type == modelType else {
            throw .badData(
                file.path, found: "a model of type '\(type)'", expected: modelType,
                remedy: "use a CLIP; other models cannot be run")
        }
        let image = try settings("vision_config")
        let text = try settings("text_config")
        try image.require(["num_channels": [.number(3)]])
        var towers = (image: try tower(image, defaultHeads: 12), text: try tower(text, defaultHeads: 8))
        towers.image.sizes[.image] = try image.squareSize("image_size")
        towers.image.sizes[.patch] = try image.squareSize("patch_size")
        towers.image.sizes[.embedding] = try file.size("projection_dim")
        towers.text.sizes[.context] = try text.size("max_position_embeddings")
        towers.text.sizes[.vocabulary] = try text.size("vocab_size")
        try requireLastEndToken(text)
        return towers
    }

    /// The settings of a tower, which those of `NAME_dict` replace, as in transformers.
    private func settings(_ name: String) throws(Fault) -> ConfigurationSection {
        guard let settings = try file.section(name) else {
            throw .badData(file.path, found: "no '\(name)'", expected: "the configuration of a CLIP")
        }
        return settings.replaced(by: try file.section("\(name)_dict"))
    }

    private func tower(
        _ settings: ConfigurationSection, defaultHeads: Int
    ) throws(Fault) -> ModelConfiguration.Tower {
        let name = try settings.text("hidden_act")
        let activation = name.flatMap(Activation.init)
        guard name == nil || activation != nil else {
            throw settings.wrong(
                "hidden_act", expected: "'quick_gelu' or 'gelu'", remedy: "use a model with one of these")
        }
        var tower = ModelConfiguration.Tower(activation: activation)
        tower.heads = try settings.integer("num_attention_heads") ?? defaultHeads
        tower.epsilon = try settings.number("layer_norm_eps").map { Float($0) }
        tower.sizes[.layers] = try settings.size("num_hidden_layers")
        tower.sizes[.width] = try settings.size("hidden_size")
        tower.sizes[.hiddenWidth] = try settings.size("intermediate_size")
        return tower
    }

    /// Checks that the features of a text are read at its token of the largest number.
    ///
    /// The end token 2 of older files has this meaning; another one is the last of the vocabulary.
    private func requireLastEndToken(_ text: ConfigurationSection) throws(Fault) {
        guard let token = text["eos_token_id"], token.integer != 2 else { return }
        guard let size = try text.integer("vocab_size"), token.integer != size - 1 else { return }
        throw text.wrong(
            "eos_token_id", expected: "\(size - 1), the last of \(size) tokens", remedy: ConfigurationSection.otherModel
        )
    }
}
