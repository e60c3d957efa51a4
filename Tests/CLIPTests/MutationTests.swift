import Artifacts
import CLIP
import Foundation
import Kernels
import TestSupport
import Testing

/// SplitMix64: the same mutations on every machine.
private struct Mutations {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(limit))
    }

    /// Overwrites or repeats a few bytes, most of them digits of the first `dense`, where sizes and names are.
    mutating func mutate(_ bytes: [UInt8], dense: Int) -> [UInt8] {
        var bytes = bytes
        for _ in 0 ... next(below: 3) {
            let place = next(below: next(below: 4) == 0 ? bytes.count : min(dense, bytes.count))
            let isDigit = (0x30 ... 0x39).contains(bytes[place])
            switch next(below: 4) {
            case 0: bytes[place] ^= 1 << UInt8(next(below: 8))
            case 1 where isDigit: bytes.insert(0x39, at: place)
            case 2: bytes[place] = [0, 0x7F, 0xFF, 0x7C][next(below: 4)]
            default: bytes[place] = isDigit ? UInt8(0x30 + next(below: 10)) : UInt8(next(below: 256))
            }
        }
        return bytes
    }
}

private let seed: UInt64 = 20_261_121

/// Opens the model in `folder` and runs it; tells whether it could.
private func run(_ folder: String, _ sample: TowerSample) -> Bool {
    let refused = fault { () throws(Fault) in
        let weights = try ModelWeights(path: folder)
        let images = try ImageEncoder(weights, precision: .float32)
        // Another resolution than that of the pixels at hand is no failure of the file.
        if images.inputSize * images.inputSize * 3 * sample.imageCount == sample.pixels.count {
            _ = images.encode(sample.pixels.span, count: sample.imageCount)
        }
        _ = try TextEncoder(weights, precision: .float32).encode(tokens: [[1, 2]])
    }
    if let refused {
        #expect(refused.subject.hasPrefix(folder) || refused.subject == "prompt 1", "\(refused)")
        #expect(refused.description.count < 4000, "\(refused)")
    }
    return refused == nil
}

@Test func noMutationOfWeightsCrashes() throws {
    let scratch = try ScratchFolder()
    let sample = try TowerSample("vit")
    let original = try bytes(of: sample.weights)
    try scratch.write(bytes(of: sample.folder + "/open_clip_config.json"), "open_clip_config.json")
    var mutations = Mutations(state: seed)
    var accepted = 0
    for _ in 0 ..< 400 {
        try scratch.write(mutations.mutate(original, dense: 5000), "open_clip_model.safetensors")
        if run(scratch.path, sample) { accepted += 1 }
    }
    #expect(accepted > 0 && accepted < 400, "seed \(seed): \(accepted) accepted")
}

@Test(arguments: ["open_clip_config.json", "config.json"])
func noMutationOfAConfigurationCrashes(_ name: String) throws {
    let scratch = try ScratchFolder()
    let sample = try TowerSample("vit")
    let original: [UInt8]
    if name == "config.json" {
        original = Array(transformersConfiguration.utf8)
        try StoredModel(sample).renamed.write(scratch.file("model.safetensors"))
    } else {
        original = try bytes(of: sample.folder + "/open_clip_config.json")
        try scratch.write(bytes(of: sample.weights), "open_clip_model.safetensors")
    }
    var mutations = Mutations(state: seed)
    var accepted = 0
    for _ in 0 ..< 300 {
        try scratch.write(mutations.mutate(original, dense: 400), name)
        if run(scratch.path, sample) { accepted += 1 }
    }
    #expect(accepted > 0 && accepted < 300, "seed \(seed): \(accepted) accepted")
}
