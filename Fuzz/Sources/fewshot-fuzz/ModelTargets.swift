internal import CLIP
internal import Core
internal import Foundation
internal import Kernels

/// The targets of vocabularies, texts, weights and configurations.
let modelTargets: [Target] = [
    Target("vocabulary") { input, scratch throws(Fault) in
        try readVocabulary(scratch.write(input, "vocabulary"))
    },
    // With a correct checksum of the enclosing gzip file.
    Target("vocabulary-gzip") { input, scratch throws(Fault) in
        try readVocabulary(scratch.write(storedGzip(input), "vocabulary.gz"))
    },
    Target("vocabulary-numbers") { input, scratch throws(Fault) in
        scratch.makeFolder("vocabulary-numbers")
        scratch.write(tinyMerges, "vocabulary-numbers/merges.txt")
        scratch.write(input, "vocabulary-numbers/vocab.json")
        try readVocabulary(scratch.file("vocabulary-numbers"))
    },
    Target("text") { input, scratch throws(Fault) in
        let tokens = try tokenizer.value(in: scratch).encode(String(decoding: input, as: UTF8.self), truncates: true)
        precondition(tokens.count == 77)
    },
    // A header for the weights of a valid model.
    Target("weights", seeds: { _ throws(Fault) in [("vit", model.header)] }) { input, scratch throws(Fault) in
        scratch.makeFolder("weights")
        scratch.write(model.file(header: input), "weights/open_clip_model.safetensors")
        scratch.write(model.configuration, "weights/open_clip_config.json")
        let model = try CLIPModel(path: scratch.file("weights"))
        _ = try model.contentDigest()
        _ = try TextEncoder(model, precision: .float32).encode(tokens: [[1, 2]])
        _ = try ImageEncoder(model, precision: .float32)
    },
    // The first byte chooses a file beside the weights.
    Target("model-files", seeds: { _ throws(Fault) in configurationSeeds }) { input, scratch throws(Fault) in
        guard let first = input.first else { return }
        let (name, folder) = configurations[Int(first) % configurations.count]
        scratch.remove(folder)
        scratch.makeFolder(folder)
        if name != "model.safetensors.index.json" {
            scratch.write(
                name == "config.json" ? foreignWeights : model.bytes,
                "\(folder)/\(name == "config.json" ? "model" : "open_clip_model").safetensors")
            scratch.write(model.configuration, "\(folder)/open_clip_config.json")
            // Only the first of the two files that describe images is read.
            if name == "preprocessor_config.json" { scratch.remove("\(folder)/open_clip_config.json") }
        }
        scratch.write(Array(input.dropFirst()), "\(folder)/\(name)")
        _ = try ModelPage(
            path: scratch.file(folder), activation: name == "preprocessor_config.json" ? .quickGELU : nil
        ).page
    },
]

private let tinyMerges = checkoutBytes("Tests/Fixtures/tokenizer/tiny.merges.txt")

private func readVocabulary(_ path: String) throws(Fault) {
    for count in [nil, 600] as [Int?] {
        try tolerating { () throws(Fault) in
            let tokenizer = try BPETokenizer(path: path, embeddingCount: count)
            _ = try tokenizer.encode("a red circle, it's 3 <end_of_text> \u{e9}\u{1F600}", context: 99)
        }
    }
}

/// The tokenizer of the smallest vocabulary.
private let tokenizer = Made { scratch throws(Fault) in
    try BPETokenizer(path: scratch.write(tinyMerges, "tiny.merges.txt"))
}

/// The smallest model of the tests.
private struct TinyModel: Sendable {
    let bytes = checkoutBytes("Tests/Fixtures/clip/vit/open_clip_model.safetensors")
    let configuration = checkoutBytes("Tests/Fixtures/clip/vit/open_clip_config.json")

    private var headerEnd: Int { 8 + (0 ..< 8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) } }
    var header: [UInt8] { Array(bytes[8 ..< headerEnd]) }

    func file(header: [UInt8]) -> [UInt8] {
        littleEndian([(UInt64(header.count), 8)]) + header + bytes[headerEnd...]
    }
}

private let model = TinyModel()

/// The tensors by which a model with transformers' names is recognized.
private let foreignWeights: [UInt8] = {
    let header = #"{"text_model.embeddings.token_embedding.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    return littleEndian([(UInt64(header.utf8.count), 8)]) + header.utf8 + [0, 0, 0, 0]
}()

private let configurations = [
    ("open_clip_config.json", "model-0"), ("config.json", "model-1"), ("preprocessor_config.json", "model-2"),
    ("model.safetensors.index.json", "model-3"),
]

/// One seed per file, which the first byte chooses.
private let configurationSeeds: [(name: String, bytes: [UInt8])] = {
    let texts: [(name: String, text: String)] = [
        ("open_clip", String(decoding: model.configuration, as: UTF8.self)),
        (
            "transformers",
            #"""
            {"model_type":"clip","text_config":{"hidden_act":"gelu","num_attention_heads":2},
            "vision_config":{"hidden_act":"quick_gelu","num_attention_heads":2,"layer_norm_eps":1e-05}}
            """#
        ),
        (
            "preprocessor",
            #"{"do_center_crop":true,"image_mean":[0.48,0.45,0.4],"image_std":[0.26,0.26,0.27],"resample":3}"#
        ),
        ("index", #"{"metadata":{},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}"#),
    ]
    return texts.enumerated().map { number, seed in (seed.name, [UInt8(number)] + seed.text.utf8) }
}()
