import Core
import Extraction
import FeatureStore
import Foundation
import TestSupport
import Testing

/// The same features as one file and as a virtual file over three shard files.
private struct Pair: ~Copyable {
    let scratch: ScratchFolder
    var whole: String { scratch.file("train.h5") }
    var virtual: String { scratch.file("virtual/train.h5") }

    init() throws {
        let scratch = try ScratchFolder()
        let counts = [5, 1, 300]
        let all = Self.items(0 ..< 306)
        try Self.write(0 ..< 306, all, to: scratch.file("train.h5"))
        var first = 0
        for (index, count) in counts.enumerated() {
            try Self.write(
                first ..< first + count, Self.items(first ..< first + count),
                to: scratch.file("virtual/parts/\(index).h5"))
            first += count
        }
        // A shard file may be compressed.
        try FeatureFile(path: scratch.file("virtual/parts/2.h5")).pack(to: scratch.file("virtual/parts/2.h5"))
        try all.writeVirtual(
            to: scratch.file("virtual/train.h5"), parts: counts.indices.map { "parts/\($0).h5" },
            in: scratch.file("virtual"), provenance: Self.provenance)
        self.scratch = scratch
    }

    static let provenance = Provenance(tool: "test", inputs: [], settings: [:])

    static func items(_ range: Range<Int>) -> PartItems {
        PartItems(labels: range.map { Int32($0 % 3) }, ids: range.map { "\($0).jpg" }, classes: ["a", "b", "c"])
    }

    private static func write(_ range: Range<Int>, _ items: PartItems, to path: String) throws {
        var writer = try FeatureWriter(
            path: path, part: .train, shape: FeatureShape(count: range.count, views: 2, width: 7))
        for item in range {
            var dice = Dice(seed: UInt64(item))
            let row = (0 ..< 14).map { _ in Float.random(in: -1 ... 1, using: &dice) }
            try writer.append(row.span)
        }
        try writer.commit(items, provenance: provenance)
    }
}

@Test func aVirtualFileReadsAsTheWholeOne() throws {
    let pair = try Pair()
    let whole = try FeatureFile(path: pair.whole)
    let virtual = try FeatureFile(path: pair.virtual)
    #expect(virtual.isVirtual && virtual.digest == whole.digest && virtual.count == 306)
    #expect(try virtual.labels() == whole.labels() && virtual.ids() == whole.ids())
    var dice = Dice(seed: 3)
    var a: [Float] = []
    var b: [Float] = []
    for _ in 0 ..< 20 {
        let rows = (0 ..< 40).map { _ in Int.random(in: 0 ..< 306, using: &dice) }
        try whole.read(rows: rows, views: 0 ..< 2, into: &a)
        try virtual.read(rows: rows, views: 0 ..< 2, into: &b)
        #expect(a == b)
        let first = Int.random(in: 0 ..< 306, using: &dice)
        let block = first ..< Int.random(in: first ... 306, using: &dice)
        try whole.read(block: block, view: 1, into: &a)
        try virtual.read(block: block, view: 1, into: &b)
        #expect(a == b)
    }
}

@Test func unpackingAVirtualFileGivesTheWholeOne() throws {
    let pair = try Pair()
    try FeatureFile(path: pair.virtual).unpack(to: pair.scratch.file("unpacked.h5"))
    #expect(try bytes(of: pair.scratch.file("unpacked.h5")) == bytes(of: pair.whole))
    try FeatureFile(path: pair.virtual).pack(to: pair.scratch.file("packed.h5"))
    try FeatureFile(path: pair.whole).pack(to: pair.scratch.file("whole-packed.h5"))
    #expect(try bytes(of: pair.scratch.file("packed.h5")) == bytes(of: pair.scratch.file("whole-packed.h5")))
}

@Test func verifyingAVirtualFileReadsItsParts() throws {
    let pair = try Pair()
    #expect(try Verification(of: pair.virtual).isSound)
    let part = pair.scratch.file("virtual/parts/0.h5")
    var bytes = try bytes(of: part)
    bytes[bytes.count / 2] ^= 1
    try pair.scratch.write(bytes, "virtual/parts/0.h5")
    #expect(try !Verification(of: pair.virtual).isSound)
}

@Test func anotherPartInItsPlaceIsRefused() throws {
    let pair = try Pair()
    try pair.scratch.write(pair.scratch.bytes("virtual/parts/1.h5"), "virtual/parts/0.h5")
    let file = try FeatureFile(path: pair.virtual)
    var values: [Float] = []
    #expect(fault { try file.read(rows: [0], view: 0, into: &values) }?.found == "other features")
    #expect(fault { try file.read(rows: [20], view: 0, into: &values) } == nil)
    try FileManager.default.removeItem(atPath: pair.scratch.file("virtual/parts/1.h5"))
    #expect(fault { try file.read(rows: [5], view: 0, into: &values) }?.status == .noInput)
}

@Test(arguments: ["../train.h5", "parts/../../train.h5"]) func aPartOutsideTheFolderIsRefused(name: String) throws {
    let pair = try Pair()
    try Pair.items(0 ..< 306).writeVirtual(
        to: pair.virtual, parts: [name], in: pair.scratch.file("virtual"), provenance: Pair.provenance)
    let fault = fault { _ = try FeatureFile(path: pair.virtual) }
    #expect(fault?.status == .badData && fault?.found.contains("outside of its folder") == true)
}

@Test func aPlanMergedBehindAVirtualDatasetHasTheSameFeatures() throws {
    let small = try SmallBuild()
    try small.build.run()
    let plan = try small.planned(shards: 3)
    try plan.work([0, 1, 2])
    try plan.merge(keepsParts: true)
    for part in [FeatureFile.Kind.train, .val, .test] {
        let file = try FeatureFile(path: "\(plan.folder)/\(part.fileName)")
        let whole = try small.build.file(part)
        #expect(file.isVirtual && file.digest == whole.digest)
    }
    #expect(try plan.status().isMerged)
    #expect(fault { try plan.merge(removesParts: true) }?.status == .configuration)
    try FileManager.default.removeItem(atPath: "\(plan.folder)/parts/00001.json")
    try FileManager.default.removeItem(atPath: "\(plan.folder)/parts/00001.train.h5")
    let status = try plan.status()
    #expect(!status.isMerged && status.resubmit == [1])
}
