import CLIP
import Core
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

private func refusal(_ path: String, _ activation: Activation? = .gelu) -> Fault? {
    fault { () throws(Fault) in _ = try ModelWeights(path: path, activation: activation) }
}

@Test func sizesAreReadOffTheTensors() throws {
    let vit = try ModelWeights(path: TowerSample("vit").folder).architecture
    guard case .visionTransformer(let vision) = vit.image else {
        Issue.record("no vision transformer")
        return
    }
    #expect((vision.imageSize, vision.patchSize) == (24, 8))
    let shape = vision.transformer
    #expect((shape.width, shape.layers, shape.heads, shape.hiddenWidth) == (48, 2, 2, 48))
    #expect((vit.text.contextLength, vit.text.vocabularySize, vit.embeddingWidth) == (12, 50, 24))
    #expect((vit.text.transformer.width, vit.text.transformer.heads, vit.text.transformer.hiddenWidth) == (32, 2, 64))
    let resnet = try ModelWeights(path: TowerSample("resnet").folder).architecture
    guard case .residualNetwork(let residual) = resnet.image else {
        Issue.record("no residual network")
        return
    }
    #expect((residual.imageSize, residual.width, residual.heads) == (64, 4, 2))
    #expect(residual.layers == [1, 2, 1, 1])
    #expect(resnet.name == "RN-4-1-2-1-1")
}

@Test func withoutConfigurationTheActivationMustBeSaid() throws {
    let scratch = try ScratchFolder()
    let model = try StoredModel(TowerSample("resnet"))
    let path = try model.write(scratch.file("model.safetensors"))
    try scratch.write("{\"model_type\": \"clip\"}", "unrelated.json")
    // The text tower of the fixture has a head of 16, which only its configuration says.
    #expect(refusal(path)?.found.contains("heads") == true)
    let configuration = try String(
        contentsOfFile: TowerSample("resnet").folder + "/open_clip_config.json", encoding: .utf8)
    try scratch.write(configuration, "open_clip_config.json")
    #expect(try ModelWeights(path: path).activationSource == "open_clip_config.json")
    #expect(try ModelWeights(path: path, activation: .gelu).architecture.text.transformer.activation == .gelu)
}

@Test func neitherActivationIsTakenForGranted() throws {
    let scratch = try ScratchFolder()
    try StoredModel(TowerSample("vit")).renamed.write(scratch.file("model.safetensors"))
    let silent = transformersConfiguration.replacing("\"hidden_act\": \"quick_gelu\",", with: "")
    try scratch.write(silent, "config.json")
    let refused = refusal(scratch.path, nil)
    #expect(refused?.status == .configuration)
    #expect(refused?.expected.contains("quick_gelu") == true && refused?.expected.contains("or gelu") == true)
    #expect(try ModelWeights(path: scratch.path, activation: .gelu).activationSource == "argument")
}

@Test(arguments: [false, true])
func transformersNamesGiveTheSameModel(_ isSharded: Bool) throws {
    let scratch = try ScratchFolder()
    let sample = try TowerSample("vit")
    let model = try StoredModel(sample).renamed
    try scratch.write(transformersConfiguration, "config.json")
    if isSharded {
        let names = model.tensors.keys.sorted()
        var map: [String: String] = [:]
        for shard in 0 ..< 3 {
            let part = names.enumerated().filter { $0.offset % 3 == shard }.map(\.element)
            try model.write(scratch.file("model-\(shard).safetensors"), names: part)
            for name in part { map[name] = "model-\(shard).safetensors" }
        }
        try scratch.write(JSONDocument.line(["weight_map": map]), "model.safetensors.index.json")
    } else {
        try model.write(scratch.file("model.safetensors"))
    }
    let (found, plain) = (try ModelWeights(path: scratch.path), try ModelWeights(path: sample.folder))
    #expect(found.architecture == plain.architecture)
    #expect(try found.contentDigest() == plain.contentDigest())
    #expect(try found.summary().naming == "huggingFace")
    #expect(try sample.images(found, .float32) == sample.images(plain, .float32))
    #expect(try sample.prompts(found, .float32) == sample.prompts(plain, .float32))
}

@Test func widenedWeightsAreTheSameContent() throws {
    let scratch = try ScratchFolder()
    let sample = try TowerSample("vit")
    let path = try StoredModel(sample).widened.write(scratch.file("open_clip_model.safetensors"))
    try scratch.write(
        String(contentsOfFile: sample.folder + "/open_clip_config.json", encoding: .utf8), "open_clip_config.json")
    let (wide, plain) = (try ModelWeights(path: path), try ModelWeights(path: sample.folder))
    #expect(try wide.summary().storedTypes == ["float32"])
    #expect(try wide.contentDigest() == plain.contentDigest())
    #expect(try sample.images(wide, .float32) == sample.images(plain, .float32))
}

@Test func oneChangedWeightIsOtherContent() throws {
    let scratch = try ScratchFolder()
    let sample = try TowerSample("vit")
    var model = try StoredModel(sample)
    model.tensors["ln_final.bias"] = Tensor([Float](repeating: 0, count: 32), shape: [32])
    try scratch.write(transformersConfiguration, "config.json")
    try model.renamed.write(scratch.file("model.safetensors"))
    #expect(
        try ModelWeights(path: scratch.path).contentDigest() != ModelWeights(path: sample.folder).contentDigest()
    )
}

@Test func missingExtraAndMisshapenTensorsAreNamed() throws {
    let scratch = try ScratchFolder()
    var model = try StoredModel(TowerSample("vit"))
    model.tensors["visual.ln_post.weight"] = nil
    model.tensors["ln_final.bias"] = Tensor([Float](repeating: 0, count: 31), shape: [31])
    for layer in 0 ..< 7 { model.tensors["visual.trunk.\(layer)"] = Tensor([Float(layer)], shape: [1]) }
    try model.renamed.write(scratch.file("model.safetensors"))
    try scratch.write(transformersConfiguration, "config.json")
    let found = refusal(scratch.path, nil)?.found
    #expect(
        found == "tensors 1 missing (visual.ln_post.weight); 1 of another shape (ln_final.bias [31] for [32]); "
            + "7 unknown (visual.trunk.0, visual.trunk.1, visual.trunk.2, visual.trunk.3, visual.trunk.4, ...)")
}

@Test func valuesThatAreNoNumbersAreRefused() throws {
    let scratch = try ScratchFolder()
    var model = try StoredModel(TowerSample("vit"))
    model.tensors["visual.class_embedding"] = Tensor([Float](repeating: .nan, count: 48), shape: [48])
    try model.renamed.write(scratch.file("model.safetensors"))
    try scratch.write(transformersConfiguration, "config.json")
    let weights = try ModelWeights(path: scratch.path)
    let refused = fault { () throws(Fault) in _ = try ImageEncoder(weights, precision: .float32) }
    #expect(refused?.found.contains("visual.class_embedding") == true)
}

@Test(arguments: ["../model.safetensors", "/etc/passwd", "a/b.safetensors", ""])
func shardsLieBesideTheirIndex(_ name: String) throws {
    let scratch = try ScratchFolder()
    try scratch.write(JSONDocument.line(["weight_map": ["logit_scale": name]]), "model.safetensors.index.json")
    let refused = refusal(scratch.path)
    #expect(refused?.found == "the shard '\(name)'")
}

@Test func otherModelsAreRefusedByTheirConfiguration() throws {
    let scratch = try ScratchFolder()
    try StoredModel(TowerSample("vit")).renamed.write(scratch.file("model.safetensors"))
    try scratch.write(transformersConfiguration.replacing("\"clip\"", with: "\"siglip\""), "config.json")
    #expect(refusal(scratch.path)?.found == "a model of type 'siglip'")
    try scratch.write(transformersConfiguration.replacing("\"quick_gelu\"", with: "\"relu\""), "config.json")
    #expect(refusal(scratch.path)?.found == "the activation 'relu'")
}

@Test func unknownSettingsOfOpenCLIPAreRefused() throws {
    let scratch = try ScratchFolder()
    let sample = try TowerSample("vit")
    try StoredModel(sample).write(scratch.file("open_clip_model.safetensors"))
    let configuration = try String(contentsOfFile: sample.folder + "/open_clip_config.json", encoding: .utf8)
    try scratch.write(
        configuration.replacing("\"patch_size\"", with: "\"attentional_pool\": true, \"patch_size\""),
        "open_clip_config.json")
    #expect(refusal(scratch.path)?.found == "the setting 'attentional_pool'")
}

@Test(arguments: ["scripted.pt", "traced.pt", "openai.pt"])
func aTorchScriptArchiveIsTheSameModel(_ name: String) throws {
    let scratch = try ScratchFolder()
    let folder = fixture("torchscript")
    var path = "\(folder)/\(name)"
    if name == "openai.pt" {
        // Storages lie in the order of the tensors' names; behind them are the three sizes, which nobody needs.
        let model = try SafetensorsFile(path: "\(folder)/model.safetensors")
        var storages = try model.names.map { try model.tensor($0).owned().bytes }
        for size: UInt8 in [8, 6, 20] { storages.append([size, 0, 0, 0, 0, 0, 0, 0]) }
        let pickle = (name: "ViT-B-32/data.pkl", bytes: try bytes(of: "\(folder)/openai.pkl"))
        path = try scratch.write(
            storedZip([pickle] + storages.enumerated().map { (name: "ViT-B-32/data/\($0)", bytes: $1) }), name)
        let configuration = try String(contentsOfFile: "\(folder)/open_clip_config.json", encoding: .utf8)
        try scratch.write(configuration, "open_clip_config.json")
    }
    let found = try ModelWeights(path: path)
    let plain = try ModelWeights(path: "\(folder)/model.safetensors")
    #expect(found.architecture == plain.architecture)
    #expect(try found.contentDigest() == plain.contentDigest())
    #expect(try found.summary().storedTypes == ["float16"])
}

@Test func aTorchScriptArchiveOfAnotherModelIsRefused() throws {
    #expect(refusal(fixture("clip/scripted.pt"))?.found == "no tensor 'text_projection' among 2")
}

/// Bytes of the mappings of `path` that lie in this process's memory.
private func residentBytes(_ path: String) throws -> Int {
    var (isMapping, total) = (false, 0)
    // Its size is not known before it is read, so it has to be read to its end.
    let table = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/smaps")).readToEnd()
    for line in String(decoding: try #require(table), as: UTF8.self).split(separator: "\n") {
        // A mapping's line starts with its addresses, the others with a word and a colon.
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
    let weights = try ModelWeights(path: scratch.file(name))
    let digest = try weights.contentDigest()
    // A page that the file ends in stays.
    #expect(try residentBytes(scratch.file(name)) <= 4096)
    #expect(try weights.contentDigest() == digest)
}

@Test func theOnlyWeightsOfAFolderNeedNoUsualName() throws {
    let scratch = try ScratchFolder()
    let sample = try TowerSample("vit")
    try scratch.write(bytes(of: sample.weights), "ViT-B-32.safetensors")
    try scratch.write(bytes(of: fixture("clip/vit/open_clip_config.json")), "open_clip_config.json")
    try scratch.write("#version: 0.2\n", "merges.txt")
    let digest = try ModelWeights(path: scratch.path).contentDigest()
    #expect(try digest == ModelWeights(path: sample.weights).contentDigest())
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
