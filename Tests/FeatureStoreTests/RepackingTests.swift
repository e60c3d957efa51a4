import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

@Test func unpackingRestoresTheFileByteForByte() throws {
    let scratch = try ScratchFolder()
    var dice = Dice(seed: 11)
    for round in 0 ..< 24 {
        let sample = Sample(
            part: FeatureFile.Kind.allCases[round % 4], count: .random(in: 1 ... 60, using: &dice),
            views: .random(in: 1 ... 4, using: &dice), width: .random(in: 1 ... 900, using: &dice),
            type: round % 2 == 0 ? .float16 : .float32, seed: dice.next())
        let mapped = scratch.file("mapped.h5")
        let compressedPath = scratch.file("compressed.h5")
        let again = scratch.file("again.h5")
        try sample.write(to: mapped)
        let file = try FeatureFile(path: mapped)
        try file.pack(to: compressedPath)
        let compressed = try FeatureFile(path: compressedPath)
        #expect(compressed.isCompressed && !file.isCompressed)
        #expect(compressed.digest == file.digest)
        if sample.part != .text { #expect(try Sample(reading: compressedPath) == sample) }
        try compressed.unpack(to: again)
        #expect(FileManager.default.contentsEqual(atPath: mapped, andPath: again))
    }
}

@Test func packingToTheSamePathReplacesTheFile() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    let sample = Sample(count: 3000, views: 2, width: 256)
    try sample.write(to: path, rowsAtOnce: 500)
    let before = FileManager.default.contents(atPath: path)
    let mapped = try FeatureFile(path: path)
    try mapped.pack(to: path)
    let compressed = try FeatureFile(path: path)
    #expect(compressed.isCompressed && compressed.byteCount < mapped.byteCount)
    var fromMapped: [Float] = []
    var fromCompressed: [Float] = []
    let rows = [2999, 0, 1, 1500, 1500, 77]
    try mapped.read(rows: rows, view: 1, into: &fromMapped)
    try compressed.read(rows: rows, view: 1, into: &fromCompressed)
    #expect(fromMapped == fromCompressed && fromMapped == sample.rows(rows, view: 1))
    try mapped.read(block: 700 ..< 2800, view: 0, into: &fromMapped)
    try compressed.read(block: 700 ..< 2800, view: 0, into: &fromCompressed)
    #expect(fromMapped == fromCompressed)
    try compressed.pack(to: scratch.file("again.h5"))
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: scratch.file("again.h5")))
    try compressed.unpack(to: path)
    #expect(FileManager.default.contents(atPath: path) == before)
}

@Test func severalViewsAreReadAtOnce() throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 900, views: 5, width: 96, type: .float32)
    let mapped = scratch.file("mapped.h5")
    let compressedPath = scratch.file("compressed.h5")
    try sample.write(to: mapped, rowsAtOnce: 500)
    try FeatureFile(path: mapped).pack(to: compressedPath)
    let rows = [899, 3, 3, 450, 0]
    for path in [mapped, compressedPath] {
        let file = try FeatureFile(path: path)
        var values: [Float] = []
        try file.read(rows: rows, views: 1 ..< 5, into: &values)
        #expect(values == rows.flatMap { row in (1 ..< 5).flatMap { sample.rows([row], view: $0) } })
        try file.read(block: 7 ..< 880, views: 0 ..< 5, into: &values)
        #expect(values == Array(sample.values[7 * 5 * 96 ..< 880 * 5 * 96]))
    }
}
