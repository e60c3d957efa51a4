extension TensorLayout {
    /// OpenAI's layout of a CLIP with a vision transformer, which open_clip kept.
    static let openAI = visionTransformer("openAI", text: "") { _ in true }

    /// OpenAI's layout of a CLIP with a ResNet.
    static let openAIResNet = resNet("openAI", text: "") { $0.contains(resNetName) }

    /// open_clip's layout of a CLIP with `custom_text`, which has the text tower in a module of its own.
    static let openCLIPCustomText = visionTransformer("openCLIP", text: "text.") { $0.contains(customTextName) }

    /// open_clip's layout of a CLIP with a ResNet and `custom_text`.
    static let openCLIPCustomTextResNet = resNet("openCLIP", text: "text.") {
        $0.contains(customTextName) && $0.contains(resNetName)
    }

    private static let resNetName = "visual.layer1.0.conv1.weight"
    private static let customTextName = "text.token_embedding.weight"
    private static let customTextNote = " (in open_clip's custom_text, with the text tower below 'text.')"

    private static func visionTransformer(
        _ name: String, text: String, matches: @escaping @Sendable ([String]) -> Bool
    ) -> TensorLayout {
        TensorLayout(
            name, note: text.isEmpty ? "" : customTextNote, .openCLIP,
            rules: [
                Rule.tensors([
                    "visual.class_embedding": "image.class_embedding",
                    "visual.positional_embedding": "image.positional_embedding",
                    "visual.conv1.weight": "image.patch_embedding.weight",
                ]),
                Rule.layers("visual.", "image", ["ln_pre": "pre_norm", "ln_post": "final_norm"]),
                [Rule(stored: "visual.proj", tensors: ["image.projection.weight"], isTransposed: true)],
                blocks("visual.transformer", "image"),
                textTower(text),
            ], matches: matches)
    }

    private static func resNet(
        _ name: String, text: String, matches: @escaping @Sendable ([String]) -> Bool
    ) -> TensorLayout {
        TensorLayout(
            name, note: text.isEmpty ? "" : customTextNote, .openCLIP,
            rules: [
                (1 ... 3).flatMap { convolution("visual", "conv\($0)", "bn\($0)", "image.stem\($0)") },
                (1 ... 4).flatMap { stage in
                    let stored = "visual.layer\(stage).{}"
                    let name = "image.stage\(stage).{}"
                    return (1 ... 3).flatMap { convolution(stored, "conv\($0)", "bn\($0)", "\(name).conv\($0)") }
                        + convolution(stored, "downsample.0", "downsample.1", "\(name).shortcut")
                },
                Rule.tensors(["visual.attnpool.positional_embedding": "image.pooling.positional_embedding"]),
                Rule.layers(
                    "visual.attnpool.", "image.pooling",
                    ["q_proj": "query", "k_proj": "key", "v_proj": "value", "c_proj": "output"]),
                textTower(text),
            ], matches: matches)
    }

    /// The text tower, whose stored names begin with `prefix`.
    private static func textTower(_ prefix: String) -> [Rule] {
        [
            [
                Rule(stored: "\(prefix)token_embedding.weight", tensors: ["text.token_embedding.weight"]),
                Rule(stored: "\(prefix)positional_embedding", tensors: ["text.positional_embedding"]),
                Rule(stored: "\(prefix)text_projection", tensors: ["text.projection.weight"], isTransposed: true),
            ],
            Rule.layer("\(prefix)ln_final", "text.final_norm"),
            blocks("\(prefix)transformer", "text"),
        ].flatMap { $0 }
    }

    private static func blocks(_ stored: String, _ tower: String) -> [Rule] {
        let stored = "\(stored).resblocks.{}"
        let name = "\(tower).blocks.{}"
        return Rule.layers(
            "\(stored).", name,
            [
                "ln_1": "norm1", "attn.out_proj": "attention.output", "ln_2": "norm2", "mlp.c_fc": "mlp.fc1",
                "mlp.c_proj": "mlp.fc2",
            ])
            + ["weight", "bias"].map { part in
                Rule(
                    stored: "\(stored).attn.in_proj_\(part)",
                    tensors: ["query", "key", "value"].map { "\(name).attention.\($0).\(part)" })
            }
    }

    private static func convolution(
        _ prefix: String, _ convolution: String, _ norm: String, _ name: String
    ) -> [Rule] {
        Rule.layer("\(prefix).\(norm)", "\(name).norm") + [
            Rule(stored: "\(prefix).\(convolution).weight", tensors: ["\(name).weight"]),
            Rule(stored: "\(prefix).\(norm).running_mean", tensors: ["\(name).norm.mean"]),
            Rule(stored: "\(prefix).\(norm).running_var", tensors: ["\(name).norm.variance"]),
        ]
    }
}
