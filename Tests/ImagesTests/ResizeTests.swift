import Core
import Images
import Testing

private func digest(_ values: [UInt8]) -> String {
    unsafe Core.Digest(of: values.span.bytes).description.prefix(32).description
}

@Test(arguments: ViewFixtures.all) func resizedPixelsEqualPillows(
    _ passes: PassOrder, _ example: ViewFixtures.Case
) throws {
    let image = ViewFixtures.synthetic(example.width, example.height)
    for wanted in example.resized {
        let resized = try image.resized(width: wanted.size[0], height: wanted.size[1], passes: passes)
        #expect(digest(resized.values) == wanted.sha256, "\(wanted.size)")
    }
    let box = try #require(example.boxed.box)
    let boxed = try image.resized(
        width: example.boxed.size[0], height: example.boxed.size[1], box: (box[0], box[1], box[2], box[3]),
        passes: passes)
    #expect(digest(boxed.values) == example.boxed.sha256)
}

@Test(arguments: ViewFixtures.adaptive.cases) func centerCropsEqualTorchvisions(_ example: ViewFixtures.Case) {
    let image = ViewFixtures.synthetic(example.width, example.height)
    for wanted in example.centered {
        #expect(digest(image.centerCropped(to: wanted.side).values) == wanted.sha256, "\(wanted.side)")
    }
}

@Test func theLongerSideIsRoundedLikeTorchvisions() throws {
    for size in ViewFixtures.adaptive.sizes where size[0] * size[1] > 0 && max(size[2], size[3]) < 3000 {
        let image = ImagePixels(
            width: size[0], height: size[1], values: [UInt8](repeating: 0, count: 3 * size[0] * size[1]))
        let resized = try image.resized(shorterSide: 224)
        #expect(resized.width == size[2] && resized.height == size[3], "\(size)")
    }
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
            #expect(try pixels(key, image, &one) == pixels(key, image, &other))
        }
    }
}

@Test func croppingWhileResizingEqualsResizingThenCropping() throws {
    var preprocessor = try Preprocessor(Preprocessing(size: 50))
    for (width, height) in [(49, 120), (50, 50), (51, 50), (333, 90), (64, 1000), (8, 5)] {
        let image = ViewFixtures.synthetic(width, height)
        let whole = try image.resized(shorterSide: 50).centerCropped(to: 50)
        #expect(try pixels(ViewKey(seed: 0, item: "", view: 0), image, &preprocessor) == whole.values)
    }
}

@Test func anInvalidSizeOrBoxIsRejected() {
    let image = ViewFixtures.synthetic(4, 3)
    #expect(throws: Fault.self) { try image.resized(width: 0, height: 3) }
    #expect(throws: Fault.self) { try image.resized(width: 1 << 20, height: 1 << 20) }
    #expect(throws: Fault.self) { try image.resized(width: 2, height: 2, box: (0, 0, 5, 3)) }
    #expect(throws: Fault.self) { try image.resized(width: 2, height: 2, box: (2, 0, 2, 3)) }
    #expect(throws: Fault.self) { try image.resized(width: 2, height: 2, box: (.nan, 0, 2, 3)) }
}

@Test func aSideBeyondTheLimitIsRejectedBeforeItsWeightsAreComputed() throws {
    let width = ImagePixels.sideLimit + 1
    let image = ImagePixels(width: width, height: 1, values: [UInt8](repeating: 9, count: 3 * width))
    #expect { try image.resized(width: 2, height: 2, path: "wide.png") } throws: {
        ($0 as? Fault)?.description.contains("wide.png: found an image of 1048577 x 1 pixels") == true
    }
}

/// Returns a view's pixels [H×W×3].
func pixels(_ key: ViewKey, _ image: ImagePixels, _ preprocessor: inout Preprocessor) throws(Fault) -> [UInt8] {
    var values = [UInt8](repeating: 0, count: preprocessor.preprocessing.count)
    var span = values.mutableSpan
    try preprocessor.write(key, of: image, path: "picture", into: &span)
    return values
}
