import CLIP
import Core
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

private let plan = MutationPlan()

/// Opens damaged copies of a file, and expects that some are accepted and that others are refused in one sentence.
///
/// The first `dense` bytes are damaged more often. `open` also takes whether to use what it opens, which is slow.
func expectRefusals(
    of original: [UInt8], naming path: String, count: Int, dense: Int,
    open: (_ bytes: [UInt8], _ isUsed: Bool) throws -> Fault?
) throws {
    var dice = Dice(seed: plan.seed)
    var accepted = 0
    var refused = 0
    for round in plan.rounds(count) {
        var bytes = original
        for _ in 0 ... dice.below(3) {
            if dice.below(2) == 0 {
                dice.damageText(&bytes, dense: dense)
            } else {
                dice.damage(&bytes, dense: dense)
            }
        }
        guard let refusal = try open(bytes, accepted % 50 == 0) else {
            accepted += 1
            continue
        }
        refused += 1
        // A damaged model may have fewer tokens.
        guard refusal.subject != "prompt 1" else { continue }
        #expect(flaw(in: refusal, naming: path) == nil, "seed \(plan.seed), mutation \(round)")
    }
    #expect(accepted > 0 && refused > 0, "seed \(plan.seed): \(accepted) accepted, \(refused) refused")
}

/// A folder with a model, one file of which is damaged repeatedly.
private struct Damaged: ~Copyable {
    let scratch: ScratchFolder
    let sample: TowerSample

    /// Makes the folder with `files`, without the file under test.
    init(_ name: String = "vit", _ files: [String: [UInt8]] = [:]) throws {
        let sample = try TowerSample(name)
        let scratch = try ScratchFolder()
        for (name, bytes) in files { try scratch.write(bytes, name) }
        self.sample = sample
        self.scratch = scratch
    }

    /// Opens the model, and encodes with it if it is used.
    private func open(isUsed: Bool) -> Fault? {
        let path = scratch.path
        let sample = sample
        return fault { () throws(Fault) in
            let model = try CLIPModel(path: path)
            guard isUsed else { return }
            let images = try ImageEncoder(model, precision: .float32)
            // Mutated weights may have another resolution than the sample's pixels.
            if images.inputSize * images.inputSize * 3 * sample.imageCount == sample.pixels.count {
                _ = images.encode(sample.pixels.span, count: sample.imageCount)
            }
            _ = try TextEncoder(model, precision: .float32).encode(tokens: [[1, 2]])
            _ = try model.contentDigest()
        }
    }

    /// Opens the model with `count` mutations of `original` as the file `name`, or in the file that `wrap` makes.
    func mutate(
        _ original: [UInt8], _ name: String, count: Int, dense: Int, wrap: ([UInt8]) -> [UInt8] = { $0 }
    ) throws {
        try expectRefusals(of: original, naming: scratch.path, count: count, dense: dense) { bytes, isUsed in
            try scratch.write(wrap(bytes), name)
            return open(isUsed: isUsed)
        }
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
    let damaged = try Damaged(name, ["open_clip_config.json": configuration(name)])
    let original = try bytes(of: damaged.sample.weights)
    try damaged.mutate(original, "open_clip_model.safetensors", count: count, dense: 5000)
}

@Test(.timeLimit(.minutes(5))) func noMutationOfRenamedWeightsCrashes() throws {
    let damaged = try Damaged("vit", ["config.json": Array(transformersConfiguration.utf8)])
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
    let damaged = try Damaged("vit", ["open_clip_config.json": configuration("vit")])
    let model = try StoredModel(damaged.sample)
    let name = "pytorch_model.bin"
    let pickle = try bytes(of: damaged.sample.folder + "/data.pkl")
    let original = archive(model, pickle: pickle)
    try damaged.scratch.write(original, name)
    #expect(
        try CLIPModel(path: damaged.scratch.path).contentDigest()
            == CLIPModel(path: damaged.sample.folder).contentDigest())
    // With valid checksums, so that the damage reaches the pickle reader.
    try damaged.mutate(pickle, name, count: 1000, dense: pickle.count) { archive(model, pickle: $0) }
    try damaged.mutate(original, name, count: 800, dense: 8000)
}

@Test(.timeLimit(.minutes(5))) func noMutationOfAnIndexOfShardsCrashes() throws {
    let damaged = try Damaged("vit", ["config.json": Array(transformersConfiguration.utf8)])
    let index = try StoredModel(damaged.sample).renamed.writeShards(2, in: damaged.scratch.path)
    try damaged.mutate(Array(index.utf8), "model.safetensors.index.json", count: 800, dense: 400)
}

@Test(.timeLimit(.minutes(5)), arguments: ["open_clip_config.json", "config.json"])
func noMutationOfAConfigurationCrashes(_ name: String) throws {
    let damaged = try Damaged()
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
