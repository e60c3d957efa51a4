import Core
import Foundation
import Images
import TestSupport
import Testing

@Test(arguments: PassOrder.allCases) func viewsEqualTorchvisions(_ passes: PassOrder) throws {
    for example in try ViewFixtures.read(passes).cases {
        let image = ViewFixtures.synthetic(example.width, example.height)
        for wanted in example.views {
            let context = Comment(rawValue: "\(example.width) x \(example.height), \(wanted.mode) \(wanted.size)")
            var preprocessor = try Preprocessor(wanted.preprocessing(passes))
            let box = preprocessor.box(wanted.key, width: image.width, height: image.height)
            #expect(box == wanted.box, context)
            let values = try tensor(wanted.key, image, &preprocessor)
            #expect(unsafe shortDigest(values.span.bytes) == wanted.tensor, context)
        }
    }
}

@Test func theLongerSideIsRoundedLikeTorchvisions() throws {
    for size in try ViewFixtures.read().sizes {
        let found = ResizeRule.size(ofShorterSide: 224, width: size[0], height: size[1])
        #expect(found.width == size[2] && found.height == size[3], "\(size)")
    }
}

@Test func boxesEqualTorchvisionsForTheSameRandomNumbers() throws {
    let preprocessor = try Preprocessor(Preprocessing(augmentation: .dassl))
    var flips = 0
    for (index, random) in try ViewFixtures.read().boxes.enumerated() {
        let key = ViewKey(seed: UInt64(index), item: "item \(index)", view: 1 + index % 9)
        let box = try #require(preprocessor.box(key, width: random.width, height: random.height))
        #expect(box == random.box, "\(random.width) x \(random.height)")
        flips += box.isFlipped ? 1 : 0
    }
    #expect((150 ... 250).contains(flips))
}

@Test(arguments: ResampleInstructions.available) func everyInstructionSetGivesTheSameBytes(
    _ instructions: ResampleInstructions
) throws {
    let preprocessing = Preprocessing(size: 61)
    var one = try Preprocessor(preprocessing, instructions: .plain)
    var other = try Preprocessor(preprocessing, instructions: instructions)
    for (width, height) in [(1, 1), (3, 90), (61, 61), (123, 77), (200, 401)] {
        let image = ViewFixtures.synthetic(width, height)
        for view in 0 ..< 4 {
            let key = ViewKey(seed: 1, item: "a", view: view)
            #expect(try tensor(key, image, &one) == tensor(key, image, &other))
        }
    }
}

@Test func aSideBeyondTheLimitIsRejectedBeforeItsWeightsAreComputed() throws {
    let width = Preprocessor.sideLimit + 1
    let image = ImagePixels(width: width, height: 1, values: [UInt8](repeating: 9, count: 3 * width))
    var preprocessor = try Preprocessor(Preprocessing(size: 2))
    let found = fault { () throws(Fault) in
        _ = try tensor(ViewKey(seed: 0, item: "", view: 0), image, &preprocessor)
    }
    #expect(found?.description.contains("picture: found an image of 1048577 x 1 pixels") == true)
}

@Test func aViewDependsOnlyOnSeedItemAndNumber() throws {
    let image = ViewFixtures.synthetic(90, 70)
    var preprocessor = try Preprocessor(Preprocessing(size: 32))
    let key = ViewKey(seed: 1, item: "a/b.jpg", view: 3)
    let first = try tensor(key, image, &preprocessor)
    _ = try tensor(ViewKey(seed: 1, item: "a/c.jpg", view: 3), ViewFixtures.synthetic(300, 400), &preprocessor)
    #expect(try tensor(key, image, &preprocessor) == first)
    let others = [
        ViewKey(seed: 2, item: "a/b.jpg", view: 3), ViewKey(seed: 1, item: "a/b.jp", view: 3),
        ViewKey(seed: 1, item: "a/b.jpg", view: 4),
    ]
    for other in others { #expect(try tensor(other, image, &preprocessor) != first) }
}

@Test func aBatchIsFilledInPlace() throws {
    let image = ViewFixtures.synthetic(40, 30)
    var preprocessor = try Preprocessor(Preprocessing(size: 8))
    let count = preprocessor.preprocessing.count
    let key = ViewKey(seed: 0, item: "", view: 0)
    var single = [Float](repeating: 0, count: count)
    var batch = [Float](repeating: 7, count: 3 * count)
    var span = single.mutableSpan
    try preprocessor.write(key, of: image, path: "picture", into: &span)
    span = batch.mutableSpan
    try preprocessor.write(key, of: image, path: "picture", into: &span, at: count)
    #expect(batch[..<count].allSatisfy { $0 == 7 } && batch[(2 * count)...].allSatisfy { $0 == 7 })
    #expect(Array(batch[count ..< 2 * count]) == single)
}

@Test func settingsHaveAStableIdentity() throws {
    let settings = Preprocessing()
    #expect(
        settings.identity == #"{"augmentation":"tip","interpolation":"bicubic","#
            + #""mean":[0.48145466,0.4578275,0.40821073],"passes":"adaptive","resizeMode":"shortest","size":224,"#
            + #""std":[0.26862954,0.26130258,0.27577711]}"#)
    #expect(try JSONDecoder().decode(Preprocessing.self, from: Data(settings.identity.utf8)) == settings)
    #expect(Preprocessing(size: 336).digest != settings.digest)
    #expect(Preprocessing(augmentation: .dassl).digest != settings.digest)
}

@Test(arguments: [
    (0, [1, 1, 1], [1, 1, 1]), (1 << 40, [1, 1, 1], [1, 1, 1]), (224, [0, 0], [1, 1, 1]), (224, [1, 1, 1], [1, 1, 0]),
    (224, [1, 1, 1], [1, 1, .nan]), (224, [1, 1, 1], [1, 1, 1e-60]),
])
func invalidSettingsAreRejected(_ size: Int, _ mean: [Double], _ std: [Double]) {
    var settings = Preprocessing(size: size)
    settings.mean = mean
    settings.std = std
    #expect { try Preprocessor(settings) } throws: { ($0 as? Fault)?.status == .configuration }
}
