import Core
import Drawing
import Images
import TestSupport
import Testing

/// Returns pseudorandom bytes.
private func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 99
    return (0 ..< count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(state >> 56)
    }
}

/// The sizes include images of exactly one stored block, which holds 65,535 bytes: 85 rows of 257 pixels.
@Test(arguments: [(1, 1), (48, 48), (150, 180), (257, 84), (257, 85), (257, 86), (21845, 1)])
func libpngReadsTheWrittenPixels(_ width: Int, _ height: Int) throws {
    let pixels = noise(width * height * 3)
    let file = PNGFile.encode(pixels, width: width)
    let scratch = try ScratchFolder()
    let read = try ImagePixels(path: scratch.write(file, "drawn.png"))
    #expect((read.width, read.height) == (width, height))
    #expect(read.values == pixels)
}

@Test func allPicturesHaveTheSameSize() {
    let sizes = Style.allCases.map { Picture(DrawnTask.toys.scene(label: 2, number: 0, seed: 1, style: $0)).png.count }
    #expect(Set(sizes) == [7028])
}
