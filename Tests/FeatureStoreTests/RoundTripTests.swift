import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

@Test func featuresAreReadUnchangedAndUnpackingRestoresTheFileByteForByte() throws {
    let scratch = try ScratchFolder()
    var dice = Dice(seed: 7)
    for round in 0 ..< 40 {
        let sample = Sample(
            part: FeatureFile.Kind.allCases[round % 4], count: .random(in: 1 ... 60, using: &dice),
            views: .random(in: 1 ... 4, using: &dice), width: .random(in: 1 ... 900, using: &dice),
            type: round % 3 == 0 ? .float16 : .float32, seed: dice.next())
        try sample.write(to: scratch.file("mapped.h5"), rowsAtOnce: .random(in: 1 ... 9, using: &dice))
        let mapped = try FeatureFile(path: scratch.file("mapped.h5"))
        try mapped.pack(to: scratch.file("compressed.h5"))
        let compressed = try FeatureFile(path: scratch.file("compressed.h5"))
        #expect(compressed.isCompressed && !mapped.isCompressed && compressed.digest == mapped.digest)
        for name in ["mapped.h5", "compressed.h5"] where sample.part != .text {
            #expect(try Sample(reading: scratch.file(name)) == sample)
        }
        try compressed.unpack(to: scratch.file("again.h5"))
        #expect(scratch.bytes("mapped.h5") == scratch.bytes("again.h5"))
    }
}

@Test func selectedRowsAreReadUnchanged() throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 3000, views: 3, width: 512)
    try sample.write(to: scratch.file("train.h5"), rowsAtOnce: 1000)
    let file = try FeatureFile(path: scratch.file("train.h5"))
    var dice = Dice(seed: 3)
    var values: [Float] = []
    for count in [0, 1, 17, 2500] {
        let rows = (0 ..< count).map { _ in Int.random(in: 0 ..< 3000, using: &dice) }
        try file.read(rows: rows, view: 2, into: &values)
        #expect(values == sample.rows(rows, view: 2))
    }
    file.release(0 ..< 3000)
    try file.read(block: 5 ..< 2999, view: 1, into: &values)
    #expect(values == sample.rows(5 ..< 2999, view: 1))
}

@Test func writingTwiceGivesTheSameBytes() throws {
    let scratch = try ScratchFolder()
    for part in [FeatureFile.Kind.train, .text] {
        let sample = Sample(part: part, count: 100, views: 4, width: 64)
        try sample.write(to: scratch.file("a.h5"), rowsAtOnce: 7)
        try sample.write(to: scratch.file("b.h5"), rowsAtOnce: 100)
        #expect(scratch.bytes("a.h5") == scratch.bytes("b.h5"))
    }
}

@Test func textFeaturesKeepTheirPrompts() throws {
    let scratch = try ScratchFolder()
    let sample = Sample(part: .text, count: 5, views: 3, width: 16, type: .float32)
    try sample.write(to: scratch.file("text.h5"))
    let text = try TextFeatures(path: scratch.file("text.h5"))
    #expect(text.values == sample.values)
    #expect(text.prompts == sample.prompts)
    #expect(text.kinds == sample.kinds)
    #expect(text.classes == sample.classes)
    #expect(text.promptCount == 3 && text.width == 16)
}
