import Core
import Foundation
import Images
import Testing

private func digest(_ values: [UInt8]) -> String {
    unsafe Core.Digest(of: values.span.bytes).description.prefix(32).description
}
private func digest(_ values: [Float]) -> String {
    unsafe Core.Digest(of: values.span.bytes).description.prefix(32).description
}

private func tensor(_ key: ViewKey, _ image: ImagePixels, _ preprocessor: inout Preprocessor) throws(Fault) -> [Float] {
    var values = [Float](repeating: 0, count: preprocessor.preprocessing.count)
    var span = values.mutableSpan
    try preprocessor.write(key, of: image, path: "picture", into: &span)
    return values
}

@Test(arguments: ViewFixtures.all) func viewsEqualTorchvisions(
    _ passes: PassOrder, _ example: ViewFixtures.Case
) throws {
    let image = ViewFixtures.synthetic(example.width, example.height)
    for wanted in example.views {
        var preprocessor = try Preprocessor(wanted.preprocessing(passes))
        let box = preprocessor.box(wanted.key, width: image.width, height: image.height)
        #expect(box.map(ViewFixtures.Box.init) == wanted.box)
        #expect(digest(try pixels(wanted.key, image, &preprocessor)) == wanted.pixels, "\(wanted.mode) \(wanted.size)")
        #expect(digest(try tensor(wanted.key, image, &preprocessor)) == wanted.tensor, "\(wanted.mode) \(wanted.size)")
    }
}

@Test func boxesEqualTorchvisionsForTheSameRandomNumbers() throws {
    let preprocessor = try Preprocessor(Preprocessing(augmentation: .dassl))
    var flips = 0
    for (index, random) in ViewFixtures.adaptive.boxes.enumerated() {
        let key = ViewKey(seed: UInt64(index), item: "item \(index)", view: 1 + index % 9)
        let box = try #require(preprocessor.box(key, width: random.width, height: random.height))
        #expect(ViewFixtures.Box(box) == random.box, "\(random.width) x \(random.height)")
        flips += box.isFlipped ? 1 : 0
    }
    #expect((150 ... 250).contains(flips))
}

@Test func aViewDependsOnlyOnSeedItemAndNumber() throws {
    let image = ViewFixtures.synthetic(90, 70)
    var preprocessor = try Preprocessor(Preprocessing(size: 32))
    let key = ViewKey(seed: 1, item: "a/b.jpg", view: 3)
    let first = try pixels(key, image, &preprocessor)
    _ = try pixels(ViewKey(seed: 1, item: "a/c.jpg", view: 3), ViewFixtures.synthetic(300, 400), &preprocessor)
    #expect(try pixels(key, image, &preprocessor) == first)
    let others = [
        ViewKey(seed: 2, item: "a/b.jpg", view: 3), ViewKey(seed: 1, item: "a/b.jp", view: 3),
        ViewKey(seed: 1, item: "a/b.jpg", view: 4),
    ]
    for other in others { #expect(try pixels(other, image, &preprocessor) != first) }
}

@Test func aBatchIsFilledInPlace() throws {
    let image = ViewFixtures.synthetic(40, 30)
    var preprocessor = try Preprocessor(Preprocessing(size: 8))
    let count = preprocessor.preprocessing.count
    var batch = [Float](repeating: 7, count: 3 * count)
    var span = batch.mutableSpan
    try preprocessor.write(ViewKey(seed: 0, item: "", view: 0), of: image, path: "picture", into: &span, at: count)
    #expect(batch[..<count].allSatisfy { $0 == 7 } && batch[(2 * count)...].allSatisfy { $0 == 7 })
    #expect(
        Array(batch[count ..< 2 * count]) == (try tensor(ViewKey(seed: 0, item: "", view: 0), image, &preprocessor)))
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

@Test func invalidSettingsAreRejected() {
    for settings in [
        Preprocessing(size: 0), Preprocessing(size: 1 << 40), Preprocessing(mean: [0, 0]),
        Preprocessing(std: [1, 1, 0]),
        Preprocessing(std: [1, 1, .nan]), Preprocessing(std: [1, 1, 1e-60]),
    ] { #expect { try Preprocessor(settings) } throws: { ($0 as? Fault)?.status == .configuration } }
}
