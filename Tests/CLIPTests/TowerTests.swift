import CLIP
import Core
import Kernels
import TestSupport
import Testing

@Test(arguments: ["vit", "resnet"], precisions)
func featuresAreThoseOfOpenCLIP(_ name: String, _ precision: Precision) throws {
    let sample = try TowerSample(name)
    for activation in Activation.allCases {
        let model = try CLIPModel(path: sample.weights, activation: activation)
        for (tower, found) in [
            ("image", try sample.images(model, precision)), ("text", try sample.prompts(model, precision)),
        ] {
            let apart = distance(found, try sample.expected(tower, activation))
            let isClose = apart.cosine >= 0.999_999 && apart.error <= 1e-4
            #expect(precision == .float32 ? isClose : apart.cosine >= 0.9995, "\(tower) \(activation) \(apart)")
        }
    }
}

@Test func theTwoActivationsGiveDifferentFeatures() throws {
    let sample = try TowerSample("vit")
    let apart = distance(try sample.expected("image", .gelu), try sample.expected("image", .quickGELU))
    #expect(apart.error > 1e-3)
}

@Test(arguments: ["vit", "resnet"], precisions)
func anImagesBitsDoNotDependOnItsCompany(_ name: String, _ precision: Precision) throws {
    let sample = try TowerSample(name)
    let encoder = try ImageEncoder(CLIPModel(path: sample.folder), precision: precision)
    let size = sample.pixels.count / sample.imageCount
    // The images again in another order and in a number that does not fill the last batch.
    let order = [2, 0, 1, 4, 3, 3, 0, 2, 4, 1, 0, 0, 2].map { $0 % sample.imageCount }
    let shuffled = order.flatMap { sample.pixels[$0 * size ..< ($0 + 1) * size] }
    let plain = encoder.encode(sample.pixels.span, count: sample.imageCount)
    let mixed = encoder.encode(shuffled.span, count: order.count)
    for (row, image) in order.enumerated() { #expect(mixed.row(row) == plain.row(image)) }
    for image in 0 ..< sample.imageCount {
        let alone = Array(sample.pixels[image * size ..< (image + 1) * size])
        #expect(encoder.encode(alone.span, count: 1).elements == plain.row(image))
    }
}

@Test(arguments: precisions)
func aPromptsBitsDoNotDependOnItsCompany(_ precision: Precision) throws {
    let sample = try TowerSample("vit")
    let encoder = try TextEncoder(CLIPModel(path: sample.folder), precision: precision)
    let plain = try encoder.encode(tokens: sample.tokens)
    let order = (0 ..< 200).map { ($0 * 7 + $0 / 5) % sample.tokens.count }
    let mixed = try encoder.encode(tokens: order.map { sample.tokens[$0] })
    for (row, prompt) in order.enumerated() { #expect(mixed.row(row) == plain.row(prompt)) }
}

@Test func oneThreadAndAllCoresGiveTheSameBits() throws {
    let sample = try TowerSample("vit")
    let weights = try CLIPModel(path: sample.folder)
    let many = (0 ..< 8).flatMap { _ in sample.pixels }
    let encoder = try ImageEncoder(weights, precision: .float32)
    let single = Parallel.onOneThread { encoder.encode(many.span, count: 8 * sample.imageCount) }
    #expect(encoder.encode(many.span, count: 8 * sample.imageCount) == single)
}

@Test func whatFollowsAPromptsEndChangesNothing() throws {
    let sample = try TowerSample("vit")
    let encoder = try TextEncoder(CLIPModel(path: sample.folder), precision: .float32)
    let cut = sample.tokens.map { prompt in Array(prompt[...(prompt.firstIndex(of: 49) ?? 0)]) }
    #expect(try encoder.encode(tokens: cut) == encoder.encode(tokens: sample.tokens))
}

@Test func promptsThatTheModelCannotTakeAreRefused() throws {
    let encoder = try TextEncoder(CLIPModel(path: TowerSample("vit").folder), precision: .float32)
    for tokens in [[], [1, 50], [1, -2, 49], Array(repeating: 3, count: 12) + [49]] as [[Int32]] {
        let refused = fault { () throws(Fault) in _ = try encoder.encode(tokens: [[1, 49], tokens]) }
        #expect(refused?.subject == "prompt 2", "\(tokens)")
    }
}

@Test func noImagesGiveNoFeatures() throws {
    let sample = try TowerSample("vit")
    let weights = try CLIPModel(path: sample.folder)
    let none: [Float] = []
    #expect(try ImageEncoder(weights, precision: .float32).encode(none.span, count: 0).rows == 0)
    #expect(try TextEncoder(weights, precision: .float32).encode(tokens: []).rows == 0)
}
