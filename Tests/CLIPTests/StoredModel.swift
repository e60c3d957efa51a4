import CLIP
import Core
import Foundation
import TensorFiles
import TestSupport

/// The tensors of a fixture, for storing them in other ways.
struct StoredModel {
    var tensors: [String: Tensor] = [:]

    init(_ sample: TowerSample) throws {
        let file = try SafetensorsFile(path: sample.weights)
        for name in file.names { tensors[name] = try file.tensor(name).owned() }
    }

    /// Writes the tensors `names`, or all, as `.safetensors`.
    @discardableResult
    func write(_ path: String, names: [String]? = nil) throws -> String {
        let names = (names ?? Array(tensors.keys)).sorted()
        let descriptions = names.compactMap { name in
            tensors[name].map { TensorDescription(name: name, shape: $0.shape, type: $0.type) }
        }
        var writer = try SafetensorsWriter(path, tensors: descriptions)
        for name in names {
            guard let tensor = tensors[name] else { continue }
            unsafe try writer.append(tensor.bytes.span.bytes, to: name)
        }
        try writer.commit()
        return path
    }

    /// Writes the tensors to `count` files in `folder`, and returns the index of these shards.
    func writeShards(_ count: Int, in folder: String) throws -> String {
        var map: [String: String] = [:]
        for shard in 0 ..< count {
            let part = tensors.keys.sorted().enumerated().filter { $0.offset % count == shard }.map(\.element)
            try write("\(folder)/model-\(shard).safetensors", names: part)
            for name in part { map[name] = "model-\(shard).safetensors" }
        }
        return JSONDocument.line(["weight_map": map])
    }

    /// The same values as float32.
    var widened: StoredModel {
        var copy = self
        copy.tensors = tensors.mapValues { Tensor($0.view.floats(), shape: $0.shape) }
        return copy
    }

    /// The same tensors in the layout of transformers.
    var renamed: StoredModel {
        var copy = self
        copy.tensors = Dictionary(uniqueKeysWithValues: tensors.flatMap { Self.renamed($0.key, $0.value) })
        return copy
    }

    private static let singles = [
        "visual.class_embedding": "vision_model.embeddings.class_embedding",
        "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
        "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
        "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
        "positional_embedding": "text_model.embeddings.position_embedding.weight",
        "visual.proj": "visual_projection.weight", "text_projection": "text_projection.weight",
    ]
    private static let parts = [
        "visual.ln_pre.": "vision_model.pre_layrnorm.", "visual.ln_post.": "vision_model.post_layernorm.",
        "ln_final.": "text_model.final_layer_norm.", "visual.transformer.resblocks.": "vision_model.encoder.layers.",
        ".ln_1.": ".layer_norm1.", ".ln_2.": ".layer_norm2.", ".mlp.c_fc.": ".mlp.fc1.", ".mlp.c_proj.": ".mlp.fc2.",
        ".attn.out_proj.": ".self_attn.out_proj.",
    ]

    private static func renamed(_ name: String, _ tensor: Tensor) -> [(String, Tensor)] {
        if let other = singles[name] {
            return [
                (other, name.hasSuffix("proj") || name == "text_projection" ? tensor.transposed() ?? tensor : tensor)
            ]
        }
        var other = parts.reduce(name) { $0.replacing($1.key, with: $1.value) }
        if other.hasPrefix("transformer.resblocks.") {
            other = other.replacing("transformer.resblocks.", with: "text_model.encoder.layers.")
        }
        guard other.contains(".attn.in_proj_") else { return [(other, tensor)] }
        let size = tensor.bytes.count / 3
        return ["q", "k", "v"].enumerated().map { index, letter in
            (
                other.replacing(".attn.in_proj_", with: ".self_attn.\(letter)_proj."),
                Tensor(
                    Array(tensor.bytes[index * size ..< (index + 1) * size]),
                    shape: [tensor.shape[0] / 3] + tensor.shape.dropFirst(), type: tensor.type)
            )
        }
    }
}

/// The relevant part of transformers' configuration for the fixture `vit`.
let transformersConfiguration = """
    {"model_type": "clip",
     "vision_config": {"hidden_act": "quick_gelu", "num_attention_heads": 2, "layer_norm_eps": 1e-05},
     "text_config": {"hidden_act": "quick_gelu", "num_attention_heads": 2, "layer_norm_eps": 1e-05}}
    """
