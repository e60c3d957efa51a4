import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

@Test func aFileThatIsNotAFeatureFileIsRejected() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    #expect(fault { try FeatureFile(path: path) }?.status == .noInput)
    #expect(fault { try FeatureFile(path: scratch.path) }?.status == .badData)
    let foreign: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] + Array(repeating: 7, count: 9000)
    for bytes in [[], [1], Array("fewshot features 1\n".utf8), Array(repeating: 0, count: 5000), foreign] {
        try scratch.write(bytes, "train.h5")
        let found = fault { try FeatureFile(path: path) }
        #expect(found?.status == .badData && found?.subject == path && found?.remedy.isEmpty == false)
    }
    #expect(fault { try FeatureFile(path: path) }?.found == "an HDF5 file of another program")
}

@Test func aValueThatIsNotFiniteIsReportedWithItsRow() throws {
    let scratch = try ScratchFolder()
    for value in [Float.nan, .infinity, 70000] {
        var sample = Sample(count: 6, views: 2, width: 8)
        sample.values[(4 * 2 + 1) * 8 + 3] = value
        let found = fault { try sample.write(to: scratch.file("train.h5")) }
        #expect(found?.status == .badData)
        #expect(found?.found.contains("row 4, view 1") == true, "\(String(describing: found))")
    }
    #expect(try scratch.names.isEmpty)
}

@Test func aLabelWithoutAClassIsRejected() throws {
    let scratch = try ScratchFolder()
    for label in [Int32(-1), 3, .max] {
        var sample = Sample()
        sample.labels[7] = label
        let found = fault { try sample.write(to: scratch.file("train.h5")) }
        #expect(found?.found == "label \(label) in row 7" && found?.expected == "0 to 2")
    }
}

@Test func featuresOfInvalidSizeAreRejected() throws {
    let scratch = try ScratchFolder()
    for (count, views, width) in [(0, 1, 8), (3, 0, 8), (3, 1, 0), (-1, 1, 8), (1 << 40, 1 << 20, 1 << 10)] {
        let found = fault {
            _ = try FeatureWriter(
                path: scratch.file("a.h5"), part: .train, shape: FeatureShape(count: count, views: views, width: width))
        }
        #expect(found?.status == .badData)
    }
}

@Test func aDestroyedWriterLeavesTheOldFileUnchanged() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    try Sample(seed: 1).write(to: path)
    let before = scratch.bytes("train.h5")
    do {
        var writer = try FeatureWriter(path: path, part: .train, shape: FeatureShape(count: 10, width: 8))
        let rows = [Float](repeating: 1, count: 40)
        try writer.append(rows.span)
    }
    let changes: [(String, (inout Sample) -> Void)] = [
        ("label 99", { $0.labels[0] = 99 }), ("NUL", { $0.ids[3] = "a\0b" }),
        ("provenance", { $0.provenance.settings["list"] = String(repeating: "x", count: 70000) }),
    ]
    for (found, change) in changes {
        var broken = Sample(seed: 2)
        change(&broken)
        #expect(fault { try broken.write(to: path) }?.found.contains(found) == true)
    }
    #expect(try scratch.bytes("train.h5") == before && scratch.names == ["train.h5"])
}

@Test func anOpenFileOutlivesItsReplacement() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    let old = Sample(count: 400, views: 1, width: 64, seed: 1)
    let new = Sample(count: 400, views: 1, width: 64, seed: 2)
    try old.write(to: path)
    let file = try FeatureFile(path: path)
    try new.write(to: path)
    var rows: [Float] = []
    try file.read(block: 0 ..< 400, view: 0, into: &rows)
    #expect(rows == old.values)
    #expect(try Sample(reading: path) == new)
}

@Test func noHDF5ObjectStaysOpen() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    func cycle() throws {
        try Sample().write(to: path)
        try FeatureFile(path: path).pack(to: scratch.file("packed.h5"))
        try FeatureFile(path: scratch.file("packed.h5")).unpack(to: path)
        _ = fault { try FeatureFile(path: scratch.file("none.h5")) }
    }
    // Other tests run at the same time, so a leak is detected by growth over many rounds.
    for _ in 0 ..< 50 { try cycle() }
    #expect(HDF5.openObjectCount < 50)
}

@Test func aFileOfTheWrongKindIsReportedWithBothKinds() throws {
    let scratch = try ScratchFolder()
    try Sample(part: .val).write(to: scratch.file("train.h5"))
    let found = fault { try FeatureFolder(path: scratch.path) }
    #expect(found?.found == "'val' features" && found?.expected == "'train' features")
    #expect(fault { try TextFeatures(path: scratch.file("train.h5")) }?.expected == "'text' features")
}
