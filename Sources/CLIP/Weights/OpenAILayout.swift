extension TensorLayout {
    /// OpenAI's layout of a CLIP with a vision transformer, which open_clip kept.
    static let openAI = TensorLayout(
        "openAI", .openCLIP,
        rules: [
            Rule.tensors([
                "visual.class_embedding": "image.class_embedding",
                "visual.positional_embedding": "image.positional_embedding",
                "visual.conv1.weight": "image.patch_embedding.weight",
            ]),
            Rule.layers("visual.", "image", ["ln_pre": "pre_norm", "ln_post": "final_norm"]),
            [Rule(stored: "visual.proj", tensors: ["image.projection.weight"], isTransposed: true)],
            openAIBlocks("visual.transformer", "image"),
            openAIText,
        ], matches: { _ in true })

    /// OpenAI's layout of a CLIP with a ResNet.
    static let openAIResNet = TensorLayout(
        "openAI", .openCLIP,
        rules: [
            (1 ... 3).flatMap { openAIConvolution("visual", "conv\($0)", "bn\($0)", "image.stem\($0)") },
            (1 ... 4).flatMap { stage in
                let stored = "visual.layer\(stage).{}"
                let name = "image.stage\(stage).{}"
                return (1 ... 3).flatMap { openAIConvolution(stored, "conv\($0)", "bn\($0)", "\(name).conv\($0)") }
                    + openAIConvolution(stored, "downsample.0", "downsample.1", "\(name).shortcut")
            },
            Rule.tensors(["visual.attnpool.positional_embedding": "image.pooling.positional_embedding"]),
            Rule.layers(
                "visual.attnpool.", "image.pooling",
                ["q_proj": "query", "k_proj": "key", "v_proj": "value", "c_proj": "output"]),
            openAIText,
        ], matches: { $0.contains("visual.layer1.0.conv1.weight") })

    private static let openAIText =
        [
            Rule.tensors([
                "token_embedding.weight": "text.token_embedding.weight",
                "positional_embedding": "text.positional_embedding",
            ]),
            Rule.layer("ln_final", "text.final_norm"),
            [Rule(stored: "text_projection", tensors: ["text.projection.weight"], isTransposed: true)],
            openAIBlocks("transformer", "text"),
        ].flatMap { $0 }

    private static func openAIBlocks(_ stored: String, _ tower: String) -> [Rule] {
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

    private static func openAIConvolution(
        _ prefix: String, _ convolution: String, _ norm: String, _ name: String
    ) -> [Rule] {
        Rule.layer("\(prefix).\(norm)", "\(name).norm") + [
            Rule(stored: "\(prefix).\(convolution).weight", tensors: ["\(name).weight"]),
            Rule(stored: "\(prefix).\(norm).running_mean", tensors: ["\(name).norm.mean"]),
            Rule(stored: "\(prefix).\(norm).running_var", tensors: ["\(name).norm.variance"]),
        ]
    }
}
