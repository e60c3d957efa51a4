import CLIP
import Core
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

private func refusal(_ path: String, _ activation: Activation? = .gelu) -> Fault? {
    fault { () throws(Fault) in _ = try CLIPModel(path: path, activation: activation) }
}

/// A folder with `model` in the layout of transformers.
private func transformersFolder(
    _ model: StoredModel, _ configuration: String = transformersConfiguration
) throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    try model.renamed.write(scratch.file("model.safetensors"))
    try scratch.write(configuration, "config.json")
    return scratch
}

/// A folder with the configuration of a sample in open_clip's format, and its tensors if `model` is given.
private func openCLIPFolder(_ sample: TowerSample, _ model: StoredModel? = nil) throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    try scratch.write(bytes(of: sample.folder + "/open_clip_config.json"), "open_clip_config.json")
    try model?.write(scratch.file("open_clip_model.safetensors"))
    return scratch
}

@Test func sizesAreReadFromTheTensors() throws {
    let text = #""activation":"quick_gelu","epsilon":1e-05"#
    #expect(
        try JSONDocument.line(CLIPModel(path: TowerSample("vit").folder).architecture)
            == #"{"embeddingWidth":24,"image":{"visionTransformer":{"_0":{"imageSize":24,"patchSize":8,"transformer":{"#
            + text
            + #","heads":2,"hiddenWidth":48,"layers":2,"width":48}}}},"text":{"contextLength":12,"transformer":{"#
            + text + #","heads":2,"hiddenWidth":64,"layers":2,"width":32},"vocabularySize":50}}"#)
    let resnet = try CLIPModel(path: TowerSample("resnet").folder).architecture
    #expect(
        JSONDocument.line(resnet)
            == #"{"embeddingWidth":16,"image":{"residualNetwork":{"_0":{"heads":2,"imageSize":64,"layers":[1,2,1,1],"#
            + #""width":4}}},"text":{"contextLength":8,"transformer":{"# + text
            + #","heads":1,"hiddenWidth":16,"layers":1,"width":16},"vocabularySize":20}}"#)
    #expect(resnet.name == "RN-4-1-2-1-1")
}

@Test func theLogitScaleIsTheModelsOwnOr100() throws {
    let sample = try TowerSample("vit")
    let scratch = try openCLIPFolder(sample)
    var model = try StoredModel(sample)
    func scale(_ values: [Float]?) throws -> Float {
        model.tensors["logit_scale"] = values.map { Tensor($0, shape: $0.count == 1 ? [] : [$0.count]) }
        try model.write(scratch.file("open_clip_model.safetensors"))
        return try CLIPModel(path: scratch.path).logitScale()
    }
    #expect(try scale(nil) == 100)
    #expect(try scale([0]) == 1)
    #expect(try abs(scale([4.6052]) - 100) < 0.01)
    for values in [[.nan], [1000], [1, 2]] as [[Float]] {
        #expect(throws: Fault.self) { try scale(values) }
    }
}

@Test func withoutConfigurationTheActivationMustBeSaid() throws {
    let scratch = try ScratchFolder()
    let model = try StoredModel(TowerSample("resnet"))
    let path = try model.write(scratch.file("model.safetensors"))
    try scratch.write("{\"model_type\": \"clip\"}", "unrelated.json")
    // Only its configuration shows that the fixture's text tower has a head of width 16.
    #expect(refusal(path)?.found.contains("heads") == true)
    try scratch.write(bytes(of: TowerSample("resnet").folder + "/open_clip_config.json"), "open_clip_config.json")
    #expect(try CLIPModel(path: path).activationSource == "open_clip_config.json")
    #expect(try CLIPModel(path: path, activation: .gelu).architecture.activationName == "gelu")
}

@Test func neitherActivationIsTakenForGranted() throws {
    let silent = transformersConfiguration.replacing("\"hidden_act\": \"quick_gelu\",", with: "")
    let scratch = try transformersFolder(StoredModel(TowerSample("vit")), silent)
    let refused = refusal(scratch.path, nil)
    #expect(refused?.status == .configuration)
    #expect(refused?.expected.contains("quick_gelu") == true && refused?.expected.contains("or gelu") == true)
    #expect(try CLIPModel(path: scratch.path, activation: .gelu).activationSource == "argument")
}

@Test(arguments: [false, true])
func transformersNamesGiveTheSameModel(_ isSharded: Bool) throws {
    let sample = try TowerSample("vit")
    let model = try StoredModel(sample)
    let scratch = try transformersFolder(model)
    if isSharded {
        try FileManager.default.removeItem(atPath: scratch.file("model.safetensors"))
        try scratch.write(model.renamed.writeShards(3, in: scratch.path), "model.safetensors.index.json")
    }
    let found = try CLIPModel(path: scratch.path)
    let plain = try CLIPModel(path: sample.folder)
    #expect(JSONDocument.line(found.architecture) == JSONDocument.line(plain.architecture))
    #expect(try found.contentDigest() == plain.contentDigest())
    #expect(try found.summary().naming == "huggingFace")
    #expect(try sample.images(found, .float32) == sample.images(plain, .float32))
    #expect(try sample.prompts(found, .float32) == sample.prompts(plain, .float32))
}

@Test func widenedWeightsAreTheSameContent() throws {
    let sample = try TowerSample("vit")
    let scratch = try openCLIPFolder(sample, StoredModel(sample).widened)
    let wide = try CLIPModel(path: scratch.file("open_clip_model.safetensors"))
    let plain = try CLIPModel(path: sample.folder)
    #expect(try wide.summary().storedTypes == ["float32"])
    #expect(try wide.contentDigest() == plain.contentDigest())
    #expect(try sample.images(wide, .float32) == sample.images(plain, .float32))
}

@Test func oneChangedWeightIsOtherContent() throws {
    let sample = try TowerSample("vit")
    var model = try StoredModel(sample)
    model.tensors["ln_final.bias"] = Tensor([Float](repeating: 0, count: 32), shape: [32])
    let scratch = try transformersFolder(model)
    #expect(try CLIPModel(path: scratch.path).contentDigest() != CLIPModel(path: sample.folder).contentDigest())
}

@Test func missingExtraAndMisshapenTensorsAreNamed() throws {
    var model = try StoredModel(TowerSample("vit"))
    model.tensors["visual.ln_post.weight"] = nil
    model.tensors["ln_final.bias"] = Tensor([Float](repeating: 0, count: 31), shape: [31])
    for layer in 0 ..< 7 { model.tensors["visual.trunk.\(layer)"] = Tensor([Float(layer)], shape: [1]) }
    let scratch = try transformersFolder(model)
    #expect(
        refusal(scratch.path, nil)?.found == "tensors 1 missing (vision_model.post_layernorm.weight); "
            + "1 of another shape (text_model.final_layer_norm.bias [31] for [32]); "
            + "7 unknown (visual.trunk.0, visual.trunk.1, visual.trunk.2, visual.trunk.3, visual.trunk.4, ...)")
}

@Test func queriesKeysAndValuesOfAnotherShapeAreNamedOnce() throws {
    let sample = try TowerSample("vit")
    let scratch = try openCLIPFolder(sample)
    var model = try StoredModel(sample)
    for (rows, name) in [
        (95, "1 of another shape (transformer.resblocks.1.attn.in_proj_bias [95] for [96])"), (0, "1 missing"),
    ] {
        model.tensors["transformer.resblocks.1.attn.in_proj_bias"] =
            rows > 0 ? Tensor([Float](repeating: 0, count: rows), shape: [rows]) : nil
        try model.write(scratch.file("open_clip_model.safetensors"))
        #expect(refusal(scratch.path, nil)?.found.contains(name) == true)
    }
}

@Test func valuesThatAreNoNumbersAreRefused() throws {
    var model = try StoredModel(TowerSample("vit"))
    model.tensors["visual.class_embedding"] = Tensor([Float](repeating: .nan, count: 48), shape: [48])
    let scratch = try transformersFolder(model)
    let weights = try CLIPModel(path: scratch.path)
    let refused = fault { () throws(Fault) in _ = try ImageEncoder(weights, precision: .float32) }
    #expect(refused?.found.contains("vision_model.embeddings.class_embedding") == true)
}

@Test(arguments: ["../model.safetensors", "/etc/passwd", "a/b.safetensors", ""])
func shardsLieBesideTheirIndex(_ name: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write(JSONDocument.line(["weight_map": ["logit_scale": name]]), "model.safetensors.index.json")
    let refused = refusal(scratch.path)
    #expect(refused?.found == "the shard '\(name)'")
}

@Test func aFolderOfHuggingFacesCacheIsItsMainSnapshot() throws {
    let sample = try TowerSample("vit")
    let scratch = try ScratchFolder(["snapshots/", "refs/"])
    try FileManager.default.copyItem(atPath: sample.folder, toPath: scratch.file("snapshots/3d74acf"))
    let digest = try CLIPModel(path: sample.folder).contentDigest()
    #expect(try CLIPModel(path: scratch.path).contentDigest() == digest)
    try scratch.write("x", "snapshots/0ab/other.txt")
    #expect(refusal(scratch.path)?.found == "2 snapshots (0ab, 3d74acf)")
    try scratch.write("3d74acf\n", "refs/main")
    #expect(try CLIPModel(path: scratch.path).contentDigest() == digest)
}

@Test(arguments: ["ViT-B/32", "openai/clip-vit-base-patch32", "RN50"])
func theNameOfAModelIsToldFromAPath(_ name: String) {
    #expect(refusal(name)?.remedy.description.contains("where to download them") == true)
    #expect(refusal("missing.pt")?.remedy.description == "check the path")
}

@Test func otherModelsAreRefusedByTheirConfiguration() throws {
    let model = try StoredModel(TowerSample("vit"))
    for (setting, other, found) in [
        ("\"clip\"", "\"siglip\"", "a model of type 'siglip'"),
        ("\"quick_gelu\"", "\"relu\"", "vision_config.hidden_act of 'relu'"),
    ] {
        let scratch = try transformersFolder(model, transformersConfiguration.replacing(setting, with: other))
        #expect(refusal(scratch.path)?.found == found)
    }
}

/// A file of a sample's tensors under the names that `rename` gives them.
private func renamedModel(_ sample: TowerSample, _ rename: (String) -> [String]) throws -> ScratchFolder {
    let scratch = try openCLIPFolder(sample)
    var model = try StoredModel(sample)
    model.tensors = Dictionary(
        uniqueKeysWithValues: model.tensors.flatMap { name, tensor in rename(name).map { ($0, tensor) } })
    try model.write(scratch.file("open_clip_model.safetensors"))
    return scratch
}

@Test(arguments: [
    "state_dict.", "module.", "state_dict.module.", "model_state_dict.", "state_dict.model.", "state_dict.clip_model.",
    "ema.", "model.", "_orig_mod.", "state_dict.model._orig_mod.", "module._orig_mod.clip.", "anything.else.",
])
func namesBehindAWrapperAreTheSameModel(_ wrapper: String) throws {
    for sample in [try TowerSample("vit"), try TowerSample("resnet")] {
        let scratch = try renamedModel(sample) { [wrapper + $0] }
        let wrapped = try CLIPModel(path: scratch.path)
        let plain = try CLIPModel(path: sample.folder)
        #expect(try wrapped.contentDigest() == plain.contentDigest())
    }
    let transformers = try transformersFolder(StoredModel(TowerSample("vit")))
    var model = try StoredModel(TowerSample("vit")).renamed
    model.tensors = Dictionary(uniqueKeysWithValues: model.tensors.map { (wrapper + $0.key, $0.value) })
    try model.write(transformers.file("model.safetensors"))
    let digest = try CLIPModel(path: transformers.path).contentDigest()
    #expect(try digest == CLIPModel(path: TowerSample("vit").folder).contentDigest())
}

@Test func theStateIsTakenBesideAveragedWeightsAndAnOptimizer() throws {
    let sample = try TowerSample("vit")
    let scratch = try renamedModel(sample) { name in
        ["state_dict.\(name)", "ema_state_dict.\(name)", "optimizer.state.\(name).exp_avg"]
    }
    let digest = try CLIPModel(path: scratch.path).contentDigest()
    #expect(try digest == CLIPModel(path: sample.folder).contentDigest())
}

@Test func severalModelsInOneFileAreRefused() throws {
    let scratch = try renamedModel(TowerSample("vit")) { ["student.\($0)", "teacher.\($0)"] }
    #expect(refusal(scratch.path)?.found == "several models (below 'student.' and 'teacher.')")
}

@Test(arguments: ["vit", "resnet"]) func theTextTowerMayHaveAModuleOfItsOwn(_ name: String) throws {
    let sample = try TowerSample(name)
    let scratch = try renamedModel(sample) { name in
        [name.hasPrefix("visual.") || name == "logit_scale" ? name : "text.\(name)"]
    }
    let custom = try CLIPModel(path: scratch.path)
    let plain = try CLIPModel(path: sample.folder)
    #expect(try custom.contentDigest() == plain.contentDigest())
    #expect(try custom.summary().naming == "openCLIP")
    #expect(try sample.prompts(custom, .float32) == sample.prompts(plain, .float32))
}

@Test(arguments: [
    ("visual.conv1.weight", "visual.trunk.patch_embed.proj.weight", "visual.", "an image tower of timm"),
    (
        "token_embedding.weight", "text.transformer.embeddings.word_embeddings.weight", "t",
        "a text tower of transformers"
    ),
    ("visual.conv1.weight", "backbone.conv1.lora_A.weight", "visual.", "LoRA's"),
    ("visual.conv1.weight", "backbone.0.weight", "visual.", "no known image tower among"),
])
func modelsOfOtherKindsAreRefusedByTheirNames(
    _ name: String, _ other: String, _ removed: String, _ found: String
) throws {
    let scratch = try renamedModel(TowerSample("vit")) { $0 == name ? [other] : $0.hasPrefix(removed) ? [] : [$0] }
    let refused = refusal(scratch.path)
    #expect(refused?.found.hasPrefix(found) == true, "\(refused as Any)")
    if found.hasPrefix("no known") { #expect(refused?.found.contains("'backbone.0.weight'") == true) }
}

@Test(arguments: ["scripted.pt", "traced.pt", "openai.pt"])
func aTorchScriptArchiveIsTheSameModel(_ name: String) throws {
    let scratch = try ScratchFolder()
    let folder = fixture("torchscript")
    var path = "\(folder)/\(name)"
    if name == "openai.pt" {
        // Storages are in the order of the tensors' names; three unused sizes follow them.
        let model = try SafetensorsFile(path: "\(folder)/model.safetensors")
        var storages = try model.names.map { try model.tensor($0).owned().bytes }
        for size: UInt8 in [8, 6, 20] { storages.append([size, 0, 0, 0, 0, 0, 0, 0]) }
        let pickle = (name: "ViT-B-32/data.pkl", bytes: try bytes(of: "\(folder)/openai.pkl"))
        path = try scratch.write(
            storedZip([pickle] + storages.enumerated().map { (name: "ViT-B-32/data/\($0)", bytes: $1) }), name)
        try scratch.write(bytes(of: "\(folder)/open_clip_config.json"), "open_clip_config.json")
    }
    let found = try CLIPModel(path: path)
    let plain = try CLIPModel(path: "\(folder)/model.safetensors")
    #expect(JSONDocument.line(found.architecture) == JSONDocument.line(plain.architecture))
    #expect(try found.contentDigest() == plain.contentDigest())
    #expect(try found.summary().storedTypes == ["float16"])
}

@Test func aTorchScriptArchiveOfAnotherModelIsRefused() throws {
    #expect(
        refusal(fixture("clip/scripted.pt"))?.found == "no known image tower among 2 tensors ('bias', 'weight')")
}

/// The resident bytes of this process's mappings of `path`.
private func residentBytes(_ path: String) throws -> Int {
    var isMapping = false
    var total = 0
    // The size of this file is unknown until its end is read.
    let table = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps")).readToEnd()
    for line in String(decoding: try #require(table), as: UTF8.self).split(separator: "\n") {
        // A mapping starts with a line of addresses; its other lines start with a word and a colon.
        let words = line.split(separator: " ")
        if words.first?.contains("-") == true { isMapping = line.hasSuffix(path) }
        if isMapping, words.first == "Rss:", words.count == 3 { total += 1024 * (Int(words[1]) ?? 0) }
    }
    return total
}

@Test(arguments: ["model.safetensors", "traced.pt"])
func weightsThatWereReadAreNoMemoryOfTheProcess(_ name: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write(bytes(of: fixture("torchscript/\(name)")), name)
    try scratch.write(bytes(of: fixture("torchscript/open_clip_config.json")), "open_clip_config.json")
    let weights = try CLIPModel(path: scratch.file(name))
    let digest = try weights.contentDigest()
    // The page that contains the end of the file stays.
    #expect(try residentBytes(scratch.file(name)) <= 4096)
    #expect(try weights.contentDigest() == digest)
}

@Test func theOnlyWeightsOfAFolderNeedNoUsualName() throws {
    let sample = try TowerSample("vit")
    let scratch = try openCLIPFolder(sample)
    try scratch.write(bytes(of: sample.weights), "ViT-B-32.safetensors")
    try scratch.write("#version: 0.2\n", "merges.txt")
    let digest = try CLIPModel(path: scratch.path).contentDigest()
    #expect(try digest == CLIPModel(path: sample.weights).contentDigest())
    try scratch.write([UInt8](), "RN50.pt")
    let refused = refusal(scratch.path)
    #expect(refused?.status == .noInput && refused?.found == "2 files of weights (RN50.pt, ViT-B-32.safetensors)")
}

@Test func whatIsNotThereIsSaid() throws {
    let scratch = try ScratchFolder()
    #expect(refusal(scratch.file("absent"))?.status == .noInput)
    #expect(refusal(scratch.path)?.status == .noInput)
    #expect(refusal(fixture("tensors/all.safetensors"))?.status == .badData)
}
