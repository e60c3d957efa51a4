import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

@Test func packingToTheSamePathReplacesTheFile() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    let sample = Sample(count: 3000, views: 2, width: 256)
    try sample.write(to: path, rowsAtOnce: 500)
    let before = scratch.bytes("train.h5")
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
    #expect(scratch.bytes("train.h5") == scratch.bytes("again.h5"))
    try compressed.unpack(to: path)
    #expect(scratch.bytes("train.h5") == before)
}

@Test func severalViewsAreReadAtOnce() throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 900, views: 5, width: 96, type: .float32)
    let rows = [899, 3, 3, 450, 0]
    var values: [Float] = []
    for isCompressed in [false, true] {
        try sample.write(to: scratch.file("train.h5"), rowsAtOnce: 500, isCompressed: isCompressed)
        let file = try FeatureFile(path: scratch.file("train.h5"))
        try file.read(rows: rows, views: 1 ..< 5, into: &values)
        #expect(values == rows.flatMap { row in (1 ..< 5).flatMap { sample.rows([row], view: $0) } })
        try file.read(block: 7 ..< 880, views: 0 ..< 5, into: &values)
        #expect(values == Array(sample.values[7 * 5 * 96 ..< 880 * 5 * 96]))
    }
}
