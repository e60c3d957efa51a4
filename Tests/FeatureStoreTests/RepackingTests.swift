import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

@Test func unpackingGivesTheHotFileBackByteForByte() throws {
    let scratch = try ScratchFolder()
    var dice = Dice(seed: 11)
    for round in 0 ..< 24 {
        let sample = Sample(
            part: FeatureFile.Kind.allCases[round % 4], count: .random(in: 1 ... 60, using: &dice),
            views: .random(in: 1 ... 4, using: &dice), width: .random(in: 1 ... 900, using: &dice),
            type: round % 2 == 0 ? .float16 : .float32, seed: dice.next())
        let (hot, packed, again) = (scratch.file("hot.h5"), scratch.file("packed.h5"), scratch.file("again.h5"))
        try sample.write(to: hot)
        let file = try FeatureFile(path: hot)
        try file.pack(to: packed)
        let cold = try FeatureFile(path: packed)
        #expect(cold.isPacked && !file.isPacked)
        #expect(cold.digest == file.digest)
        if sample.part != .text { #expect(try Sample(reading: packed) == sample) }
        try cold.unpack(to: again)
        #expect(FileManager.default.contentsEqual(atPath: hot, andPath: again))
    }
}

@Test func packingInPlaceReplacesTheFile() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    let sample = Sample(count: 3000, views: 2, width: 256)
    try sample.write(to: path, rowsAtOnce: 500)
    let before = FileManager.default.contents(atPath: path)
    let hot = try FeatureFile(path: path)
    try hot.pack(to: path)
    let cold = try FeatureFile(path: path)
    #expect(cold.isPacked && cold.byteCount < hot.byteCount)
    var (fromHot, fromCold): ([Float], [Float]) = ([], [])
    let rows = [2999, 0, 1, 1500, 1500, 77]
    try hot.read(rows: rows, view: 1, into: &fromHot)
    try cold.read(rows: rows, view: 1, into: &fromCold)
    #expect(fromHot == fromCold && fromHot == sample.rows(rows, view: 1))
    try hot.read(block: 700 ..< 2800, view: 0, into: &fromHot)
    try cold.read(block: 700 ..< 2800, view: 0, into: &fromCold)
    #expect(fromHot == fromCold)
    try cold.pack(to: scratch.file("again.h5"))
    #expect(FileManager.default.contentsEqual(atPath: path, andPath: scratch.file("again.h5")))
    try cold.unpack(to: path)
    #expect(FileManager.default.contents(atPath: path) == before)
}

@Test func allViewsOfSomeItemsAreReadAtOnce() throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 900, views: 5, width: 96, type: .float32)
    let (hot, packed) = (scratch.file("hot.h5"), scratch.file("packed.h5"))
    try sample.write(to: hot, rowsAtOnce: 500)
    try FeatureFile(path: hot).pack(to: packed)
    let rows = [899, 3, 3, 450, 0]
    for path in [hot, packed] {
        let file = try FeatureFile(path: path)
        var values: [Float] = []
        try file.read(rows: rows, views: 1 ..< 5, into: &values)
        #expect(values == rows.flatMap { row in (1 ..< 5).flatMap { sample.rows([row], view: $0) } })
        try file.read(block: 7 ..< 880, views: 0 ..< 5, into: &values)
        #expect(values == Array(sample.values[7 * 5 * 96 ..< 880 * 5 * 96]))
    }
}
