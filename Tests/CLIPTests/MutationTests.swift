import CLIP
import Core
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

private let plan = MutationPlan()

/// A folder with a model, one file of which is damaged repeatedly.
private struct Damaged: ~Copyable {
    let scratch: ScratchFolder
    let sample: TowerSample
    private(set) var accepted = 0
    private(set) var refused = 0

    /// Makes the folder with `files`, without the file under test.
    init(_ name: String = "vit", _ files: [String: [UInt8]] = [:]) throws {
        let sample = try TowerSample(name)
        let scratch = try ScratchFolder()
        for (name, bytes) in files { try scratch.write(bytes, name) }
        self.sample = sample
        self.scratch = scratch
    }

    /// Opens the model with `bytes` in place of the file `name`, and runs every fiftieth that opens.
    mutating func look(_ bytes: [UInt8], at name: String, _ context: String) throws {
        try scratch.write(bytes, name)
        let path = scratch.path
        let sample = sample
        let isRun = accepted % 50 == 0
        let refusal = fault { () throws(Fault) in
            let model = try CLIPModel(path: path)
            guard isRun else { return }
            let images = try ImageEncoder(model, precision: .float32)
            // Mutated weights may have another resolution than the sample's pixels.
            if images.inputSize * images.inputSize * 3 * sample.imageCount == sample.pixels.count {
                _ = images.encode(sample.pixels.span, count: sample.imageCount)
            }
            _ = try TextEncoder(model, precision: .float32).encode(tokens: [[1, 2]])
            _ = try model.contentDigest()
        }
        guard let refusal else {
            accepted += 1
            return
        }
        refused += 1
        // The damaged model may have fewer tokens.
        guard refusal.subject != "prompt 1" else { return }
        #expect(flaw(in: refusal, naming: path) == nil, "seed \(plan.seed), \(name), \(context)")
    }

    /// Opens `count` mutations of `original`, the contents of `file`, mostly of its first `dense` bytes.
    mutating func mutate(_ original: [UInt8], _ file: String, count: Int, dense: Int) throws {
        var dice = Dice(seed: plan.seed)
        for round in plan.rounds(count) {
            var bytes = original
            for _ in 0 ... dice.below(3) {
                if dice.below(2) == 0 {
                    dice.damageText(&bytes, dense: dense)
                } else {
                    dice.damage(&bytes, dense: dense)
                }
            }
            try look(bytes, at: file, "mutation \(round)")
        }
        #expect(accepted > 0 && refused > 0, "seed \(plan.seed): \(accepted) accepted, \(refused) refused")
    }
}

extension Dice {
    /// Changes a byte so that text mostly stays text: digits change or multiply, letters become punctuation.
    mutating func damageText(_ bytes: inout [UInt8], dense: Int) {
        guard !bytes.isEmpty else { return }
        let place = below(below(4) == 0 ? bytes.count : min(dense, bytes.count))
        let isDigit = (0x30 ... 0x39).contains(bytes[place])
        switch below(4) {
        case 0 where isDigit: bytes.insert(0x39, at: place)
        case 1 where isDigit: bytes[place] = UInt8(0x30 + below(10))
        case 0, 1: bytes[place] = Array("\"{}[],: 0-_\\e\n".utf8)[below(14)]
        case 2:
            let word = ["null", "true", "-1", "1e9", "[]", "{}", "\"\"", "9223372036854775807", "0.5"][below(9)]
            let end = bytes[place...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? place
            bytes.replaceSubrange(place ..< min(end, place + 24), with: word.utf8)
        default: bytes.swapAt(place, below(min(dense, bytes.count)))
        }
    }
}

private func configuration(_ name: String) throws -> [UInt8] {
    try bytes(of: fixture("clip/\(name)/open_clip_config.json"))
}

@Test(.timeLimit(.minutes(5)), arguments: [("vit", 2200), ("resnet", 800)])
func noMutationOfWeightsCrashes(_ name: String, _ count: Int) throws {
    var damaged = try Damaged(name, ["open_clip_config.json": configuration(name)])
    let original = try bytes(of: damaged.sample.weights)
    try damaged.mutate(original, "open_clip_model.safetensors", count: count, dense: 5000)
}

@Test(.timeLimit(.minutes(5))) func noMutationOfRenamedWeightsCrashes() throws {
    var damaged = try Damaged("vit", ["config.json": Array(transformersConfiguration.utf8)])
    try StoredModel(damaged.sample).renamed.write(damaged.scratch.file("model.safetensors"))
    let original = Array(damaged.scratch.bytes("model.safetensors"))
    try damaged.mutate(original, "model.safetensors", count: 1000, dense: 9000)
}

/// The file that torch.save writes for the fixture `vit`, with another pickle.
private func archive(_ model: StoredModel, pickle: [UInt8]) -> [UInt8] {
    var entries = [(name: "archive/data.pkl", bytes: pickle), (name: "archive/byteorder", bytes: Array("little".utf8))]
    for (number, tensor) in model.tensors.sorted(by: { $0.key < $1.key }).enumerated() {
        entries.append((name: "archive/data/\(number)", bytes: tensor.value.bytes))
    }
    return storedZip(entries)
}

@Test(.timeLimit(.minutes(5))) func noMutationOfAPickledModelCrashes() throws {
    var damaged = try Damaged("vit", ["open_clip_config.json": configuration("vit")])
    let model = try StoredModel(damaged.sample)
    let name = "pytorch_model.bin"
    let pickle = try bytes(of: damaged.sample.folder + "/data.pkl")
    let original = archive(model, pickle: pickle)
    try damaged.scratch.write(original, name)
    #expect(
        try CLIPModel(path: damaged.scratch.path).contentDigest()
            == CLIPModel(path: damaged.sample.folder).contentDigest())
    // With valid checksums, so that the damage reaches the pickle reader.
    var dice = Dice(seed: plan.seed)
    for round in plan.rounds(1000) {
        var changed = pickle
        for _ in 0 ... dice.below(3) { dice.damage(&changed, dense: pickle.count) }
        try damaged.look(archive(model, pickle: changed), at: name, "pickle \(round)")
    }
    try damaged.mutate(original, name, count: 800, dense: 8000)
}

@Test(.timeLimit(.minutes(5))) func noMutationOfAnIndexOfShardsCrashes() throws {
    var damaged = try Damaged("vit", ["config.json": Array(transformersConfiguration.utf8)])
    let model = try StoredModel(damaged.sample).renamed
    var map: [String: String] = [:]
    for (shard, names) in [model.tensors.keys.sorted().prefix(40), model.tensors.keys.sorted().dropFirst(40)]
        .enumerated()
    {
        try model.write(damaged.scratch.file("model-\(shard).safetensors"), names: Array(names))
        for name in names { map[name] = "model-\(shard).safetensors" }
    }
    let index = Array(JSONDocument.line(["weight_map": map]).utf8)
    try damaged.mutate(index, "model.safetensors.index.json", count: 800, dense: 400)
}

@Test(.timeLimit(.minutes(5)), arguments: ["open_clip_config.json", "config.json"])
func noMutationOfAConfigurationCrashes(_ name: String) throws {
    var damaged = try Damaged()
    let original: [UInt8]
    if name == "config.json" {
        original = Array(transformersConfiguration.utf8)
        try StoredModel(damaged.sample).renamed.write(damaged.scratch.file("model.safetensors"))
    } else {
        original = try configuration("vit")
        try damaged.scratch.write(bytes(of: damaged.sample.weights), "open_clip_model.safetensors")
    }
    try damaged.mutate(original, name, count: 800, dense: 400)
}
