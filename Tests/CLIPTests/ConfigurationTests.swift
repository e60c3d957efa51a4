import CLIP
import Core
import Foundation
import Images
import Kernels
import TensorFiles
import TestSupport
import Testing

/// A folder with the fixture `vit` and the two files of transformers, or that of open_clip.
private struct ConfiguredModel: ~Copyable {
    let scratch: ScratchFolder

    init(transformers files: [String: String]) throws {
        let scratch = try ScratchFolder()
        try StoredModel(TowerSample("vit")).renamed.write(scratch.file("model.safetensors"))
        for (name, text) in files { try scratch.write(text, name) }
        self.scratch = scratch
    }

    /// `change` replaces a text of the configuration by another.
    init(_ name: String = "vit", openCLIP change: (old: String, new: String)) throws {
        let sample = try TowerSample(name)
        let scratch = try ScratchFolder()
        let text = String(decoding: try bytes(of: sample.folder + "/open_clip_config.json"), as: UTF8.self)
        #expect(text.contains(change.old))
        try scratch.write(text.replacing(change.old, with: change.new), "open_clip_config.json")
        try scratch.write(bytes(of: sample.weights), "open_clip_model.safetensors")
        self.scratch = scratch
    }

    /// The refusal of the model, or of its preprocessing.
    var refusal: Fault? {
        let path = scratch.path
        return fault { () throws(Fault) in _ = try CLIPModel(path: path).preprocessing() }
    }
}

private func refusal(transformers files: [String: String]) throws -> Fault? {
    try ConfiguredModel(transformers: files).refusal
}

private func refusal(_ name: String = "vit", openCLIP change: (old: String, new: String)) throws -> Fault? {
    try ConfiguredModel(name, openCLIP: change).refusal
}

@Test(arguments: [
    ("\"layers\": 2", "\"layers\": 6", "vision_cfg.layers of 6", "2,"),
    ("\"width\": 48", "\"width\": 96", "vision_cfg.width of 96", "48,"),
    ("\"head_width\": 24", "\"head_width\": 5", "9 heads for a width of 48", "divides"),
    ("\"patch_size\": 8", "\"patch_size\": 16", "vision_cfg.patch_size of 16", "8,"),
    ("\"mlp_ratio\": 1.0", "\"mlp_ratio\": 4.0", "vision_cfg.mlp_ratio of 4 times 48", "48,"),
    ("\"embed_dim\": 24", "\"embed_dim\": 512", "model_cfg.embed_dim of 512", "24,"),
    ("\"context_length\": 12", "\"context_length\": 77", "text_cfg.context_length of 77", "12,"),
    ("\"vocab_size\": 50", "\"vocab_size\": 49408", "text_cfg.vocab_size of 49408", "50,"),
    ("\"heads\": 2", "\"heads\": 3", "3 heads for a width of 32", "divides"),
    ("\"image_size\": 24", "\"image_size\": [24, 32]", "vision_cfg.image_size of [24, 32]", "square"),
    ("\"image_size\": 24", "\"image_size\": 4", "vision_cfg.image_size of 4", "8 to 1024 pixels"),
    ("\"image_size\": 24", "\"image_size\": 90000", "vision_cfg.image_size of 90000", "8 to 1024 pixels"),
    ("\"layers\": 2", "\"layers\": \"many\"", "_cfg.layers of 'many'", "an integer"),
])
func sizesThatTheWeightsContradictAreRefused(_ old: String, _ new: String, _ found: String, _ expected: String) throws {
    let refused = try refusal(openCLIP: (old, new))
    #expect(refused?.status == .badData)
    #expect(refused?.found.contains(found) == true && refused?.expected.contains(expected) == true, "\(refused as Any)")
}

@Test(arguments: [
    ("\"image_size\": 64", "\"image_size\": 224", "vision_cfg.image_size of 224", "64,"),
    (
        "\"layers\": [\n    1,\n    2,", "\"layers\": [\n    1,\n    3,", "vision_cfg.layers of 1, 3, 1, 1",
        "1, 2, 1, 1,"
    ),
    ("\"width\": 4", "\"width\": 64", "vision_cfg.width of 64", "4,"),
])
func sizesThatAResNetContradictsAreRefused(_ old: String, _ new: String, _ found: String, _ expected: String) throws {
    let refused = try refusal("resnet", openCLIP: (old, new))
    #expect(refused?.found == found && refused?.expected.hasPrefix(expected) == true, "\(refused as Any)")
}

@Test(arguments: [
    ("vision_cfg", "\"ls_init_value\": 0.0001"), ("vision_cfg", "\"attentional_pool\": true"),
    ("vision_cfg", "\"no_ln_pre\": true"), ("vision_cfg", "\"pos_embed_type\": \"sin_cos_2d\""),
    ("vision_cfg", "\"pool_type\": \"avg\""), ("vision_cfg", "\"output_tokens\": true"),
    ("vision_cfg", "\"pos_embed\": \"sin\""), ("vision_cfg", "\"qk_norm\": true"),
    ("vision_cfg", "\"timm_model_name\": \"vit_base_patch16_siglip_224\""),
    ("vision_cfg", "\"act_kwargs\": {\"approximate\": \"tanh\"}"),
    ("text_cfg", "\"pool_type\": \"last\""), ("text_cfg", "\"embed_cls\": true"),
    ("text_cfg", "\"no_causal_mask\": true"), ("text_cfg", "\"proj_bias\": true"),
    ("text_cfg", "\"proj_type\": \"none\""), ("text_cfg", "\"hf_model_name\": \"roberta-base\""),
    ("text_cfg", "\"hf_tokenizer_name\": \"bert-base-uncased\""),
    ("text_cfg", "\"tokenizer_kwargs\": {\"clean\": \"canonicalize\"}"), ("text_cfg", "\"rope\": 1"),
    ("model_cfg", "\"multimodal_cfg\": {}"), ("model_cfg", "\"towers\": 3"),
])
func settingsOfOtherArchitecturesAreRefusedByName(_ section: String, _ setting: String) throws {
    let refused = try refusal(openCLIP: ("\"\(section)\": {", "\"\(section)\": {\(setting),"))
    let name = setting.split(separator: "\"")[0]
    #expect(refused?.status == .badData && refused?.found.contains("\(section).\(name)") == true, "\(refused as Any)")
}

@Test(arguments: [
    ("vision_cfg", "\"ls_init_value\": null"), ("vision_cfg", "\"attentional_pool\": false"),
    ("vision_cfg", "\"pool_type\": \"tok\""), ("vision_cfg", "\"patch_dropout\": 0.5"),
    ("vision_cfg", "\"timm_model_name\": null"), ("vision_cfg", "\"norm_kwargs\": {\"eps\": 1e-5}"),
    ("text_cfg", "\"pool_type\": \"argmax\""), ("text_cfg", "\"eos_id\": 7"),
    ("text_cfg", "\"hf_model_pretrained\": false"), ("model_cfg", "\"custom_text\": true"),
    ("model_cfg", "\"init_logit_bias\": -10"),
])
func settingsOnWhichNoFeatureDependsAreIgnored(_ section: String, _ setting: String) throws {
    let configured = try ConfiguredModel(openCLIP: ("\"\(section)\": {", "\"\(section)\": {\(setting),"))
    let refused = configured.refusal
    #expect(refused == nil)
    let sample = try TowerSample("vit")
    let plain = try sample.images(CLIPModel(path: sample.folder), .float32)
    let found = try sample.images(CLIPModel(path: configured.scratch.path), .float32)
    #expect(found == plain)
}

@Test func theEpsilonOfTheNormsIsTheConfigurations() throws {
    let configured = try ConfiguredModel(
        openCLIP: ("\"vision_cfg\": {", "\"vision_cfg\": {\"norm_kwargs\": {\"eps\": 0.01},"))
    let text = JSONDocument.line(try CLIPModel(path: configured.scratch.path).architecture)
    #expect(text.contains("\"epsilon\":0.01,\"heads\":2,\"hiddenWidth\":48"))
}

@Test(arguments: [
    ("\"hidden_size\": 64", "vision_config.hidden_size of 64", "48,"),
    ("\"num_hidden_layers\": 12", "vision_config.num_hidden_layers of 12", "2,"),
    ("\"intermediate_size\": 3072", "vision_config.intermediate_size of 3072", "48,"),
    ("\"image_size\": 32", "vision_config.image_size of 32", "24,"),
    ("\"patch_size\": 32", "vision_config.patch_size of 32", "8,"),
    ("\"num_channels\": 1", "vision_config.num_channels of 1", "3"),
    ("\"hidden_act\": \"gelu_new\"", "vision_config.hidden_act of 'gelu_new'", "quick_gelu"),
])
func transformersSizesThatTheWeightsContradictAreRefused(
    _ setting: String, _ found: String, _ expected: String
) throws {
    // A later value of `vision_config_dict` replaces the one of `vision_config`, as in transformers.
    let text = transformersConfiguration.replacing(
        "\"vision_config\":", with: "\"vision_config_dict\": {\(setting)}, \"vision_config\":")
    let refused = try refusal(transformers: ["config.json": text])
    #expect(refused?.found == found && refused?.expected.contains(expected) == true, "\(refused as Any)")
}

@Test func transformersTextSizesThatTheWeightsContradictAreRefused() throws {
    for (setting, found) in [
        ("\"max_position_embeddings\": 77", "text_config.max_position_embeddings of 77"),
        ("\"vocab_size\": 49408", "text_config.vocab_size of 49408"),
        ("\"vocab_size\": 50, \"eos_token_id\": 7", "text_config.eos_token_id of 7"),
    ] {
        let text = transformersConfiguration.replacing("\"text_config\": {", with: "\"text_config\": {\(setting),")
        #expect(try refusal(transformers: ["config.json": text])?.found == found)
    }
    let text = transformersConfiguration.replacing("{\"model", with: "{\"projection_dim\": 512, \"model")
    #expect(
        try refusal(transformers: ["config.json": text])?.found == "projection_dim of 512")
}

@Test(arguments: [
    ("\"crop_size\": 32", "crop_size of 32"), ("\"crop_size\": {\"height\": 24, \"width\": 32}", "crop_size of"),
    ("\"size\": {\"shortest_edge\": 32}", "size of {shortest_edge: 32}"), ("\"size\": 32", "size of 32"),
    ("\"size\": {\"shortest_edge\": 24, \"longest_edge\": 90}", "size of"), ("\"resample\": 2", "resample of 2"),
    ("\"do_resize\": false", "do_resize of false"), ("\"do_rescale\": false", "do_rescale of false"),
    ("\"rescale_factor\": 0.0078", "rescale_factor of 0.0078"), ("\"do_pad\": true", "do_pad of true"),
    ("\"do_center_crop\": false", "do_center_crop of false"), ("\"image_mean\": [0.5, 0.5]", "image_mean of"),
    ("\"image_processor_type\": \"ViTImageProcessor\"", "image_processor_type of 'ViTImageProcessor'"),
])
func preprocessingThatIsNotImplementedIsRefused(_ setting: String, _ found: String) throws {
    for (name, text) in [
        ("preprocessor_config.json", "{\(setting)}"), ("processor_config.json", "{\"image_processor\": {\(setting)}}"),
    ] {
        let refused = try refusal(transformers: ["config.json": transformersConfiguration, name: text])
        #expect(refused?.subject.hasSuffix("/\(name)") == true && refused?.found.contains(found) == true)
    }
}

@Test func thePreprocessingOfTransformersIsHonoured() throws {
    func read(_ text: String) throws -> (mode: String, mean: [Double], std: [Double]) {
        let configured = try ConfiguredModel(
            transformers: ["config.json": transformersConfiguration, "preprocessor_config.json": text])
        let found = try CLIPModel(path: configured.scratch.path).preprocessing()
        return (found.resizeMode.rawValue, found.mean, found.std)
    }
    let usual = try read(
        """
        {"crop_size": {"height": 24, "width": 24}, "do_center_crop": true, "do_convert_rgb": true, "do_normalize": true,
         "do_rescale": true, "do_resize": true, "feature_extractor_type": "CLIPFeatureExtractor",
         "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6], "resample": 3, "rescale_factor":
         0.00392156862745098, "size": {"shortest_edge": 24}}
        """)
    #expect(usual == ("shortest", [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]))
    #expect(try read("{\"size\": {\"height\": 24, \"width\": 24}, \"do_center_crop\": false}").mode == "squash")
    let plain = try read("{\"do_normalize\": false, \"size\": 24}")
    #expect(plain == ("shortest", [0, 0, 0], [1, 1, 1]))
}

@Test(arguments: [
    ("\"size\": 32", "preprocess_cfg.size of 32"), ("\"interpolation\": \"bilinear\"", "preprocess_cfg.interpolation"),
    ("\"resize_mode\": \"longest\"", "preprocess_cfg.resize_mode of 'longest'"),
    ("\"mode\": \"L\"", "preprocess_cfg.mode"),
])
func preprocessingOfOpenCLIPThatIsNotImplementedIsRefused(_ setting: String, _ found: String) throws {
    let change = (old: "\"preprocess_cfg\": {", new: "\"preprocess_cfg\": {\(setting),")
    #expect(try refusal(openCLIP: change)?.found.hasPrefix(found) == true)
}

@Test func thePreprocessingOfOpenCLIPIsHonoured() throws {
    let change = (
        old: "\"preprocess_cfg\": {",
        new: "\"preprocess_cfg\": {\"size\": [24, 24], \"interpolation\": \"random\", \"resize_mode\": \"squash\","
    )
    let configured = try ConfiguredModel(openCLIP: change)
    let preprocessing = try CLIPModel(path: configured.scratch.path).preprocessing()
    #expect(preprocessing.resizeMode == .squash)
}

@Test(arguments: [40, 20]) func aPositionalEmbeddingOfAnotherSizeIsResizedAsByOpenCLIP(_ size: Int) throws {
    let sample = try TowerSample("vit")
    let golden = try SafetensorsFile(path: sample.folder + "/resized.safetensors")
    let expected = try golden.tensor("\(size).positions")
    let stored = try SafetensorsFile(path: sample.weights)
    let positions = try stored.tensor("visual.positional_embedding")
    let matrix = Matrix(positions.floats(), rows: positions.shape[0], columns: positions.shape[1])
    let resized = matrix.resizedPositions(to: size / 8)
    #expect([resized.rows, resized.columns] == expected.shape)
    for (value, other) in zip(resized.elements, expected.floats()) { #expect(abs(value - other) <= 1e-6) }

    let configured = try ConfiguredModel(openCLIP: ("\"image_size\": 24", "\"image_size\": \(size)"))
    let model = try CLIPModel(path: configured.scratch.path)
    #expect(try model.preprocessing().size == size)
    #expect(try model.contentDigest() == CLIPModel(path: sample.folder).contentDigest())
    let features = try golden.tensor("\(size).image")
    let found = try ImageEncoder(model, precision: .float32).encode(
        golden.tensor("\(size).pixels").floats().span, count: 2)
    let apart = distance(found, Matrix(features.floats(), rows: 2, columns: features.shape[1]))
    #expect(apart.cosine >= 0.999_999 && apart.error <= 1e-4, "\(apart)")
}
