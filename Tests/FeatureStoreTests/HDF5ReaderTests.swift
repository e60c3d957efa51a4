import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

/// Returns the bytes of a file with `sample`.
private func written(_ sample: Sample, isCompressed: Bool, _ scratch: borrowing ScratchFolder) throws -> [UInt8] {
    let path = scratch.file("whole.h5")
    try sample.write(to: path)
    if isCompressed { try FeatureFile(path: path).pack(to: path) }
    return try bytes(of: path)
}

/// A sample with all tables, whose names do not fit in the root group's header.
private var everyTable: Sample {
    var sample = Sample(count: 12, views: 2, width: 24)
    sample.images = (0 ..< 12).map { UInt64($0) * 977 }
    sample.labels = (0 ..< 12).map { $0 % 3 }
    sample.whole = WholePart(rows: (0 ..< 12).map { 2 * $0 }, labels: (0 ..< 24).map { $0 / 2 % 3 })
    return sample
}

@Test(arguments: [false, true])
func allTablesAreFound(isCompressed: Bool) throws {
    let scratch = try ScratchFolder()
    let sample = everyTable
    let path = try scratch.write(written(sample, isCompressed: isCompressed, scratch), "train.h5")
    #expect(try Sample(reading: path) == sample)
}

/// A hostile file may have a valid seal.
@Test(arguments: [FeatureFile.Kind.train, .text], [false, true])
func noHDF5StructureBehindAValidSealCrashes(part: FeatureFile.Kind, isCompressed: Bool) throws {
    let scratch = try ScratchFolder()
    let sample = part == .text ? Sample(part: .text, count: 5, views: 2, width: 8) : everyTable
    let whole = try written(sample, isCompressed: isCompressed, scratch)
    // Mutates bytes that are not zero, and those close to them.
    let offsets = whole.indices.filter { offset in
        whole[max(0, offset - 4) ... min(offset + 4, whole.count - 1)].contains { $0 != 0 }
    }
    let plan = MutationPlan()
    var dice = Dice(seed: plan.seed)
    var accepted = 0
    var rejected = 0
    for round in plan.rounds(600) {
        var file = whole
        for _ in 0 ... dice.below(3) {
            let offset = offsets[dice.below(offsets.count)]
            switch dice.below(3) {
            case 0: file[offset] ^= 1 << UInt8(dice.below(8))
            case 1: file[offset] = UInt8(dice.below(256))
            default:
                writeNumber(
                    dice.oddNumber(near: whole.count), to: &file, at: offset, width: 1 << dice.below(4), isBig: false)
            }
        }
        let path = try scratch.write(sealedFeatureFile(file), "sealed.h5")
        let rejection = fault { () throws(Fault) in
            if part == .text { _ = try TextFeatures(path: path) } else { _ = try Sample(reading: path) }
        }
        if let rejection {
            rejected += 1
            #expect(flaw(in: rejection, naming: path) == nil, "seed \(plan.seed), round \(round)")
        } else {
            accepted += 1
        }
    }
    #expect(accepted > 0 && rejected > 0, "seed \(plan.seed): \(accepted) accepted, \(rejected) rejected")
}

@Test func sealingAgainChangesNothing() throws {
    let scratch = try ScratchFolder()
    for isCompressed in [false, true] {
        let whole = try written(everyTable, isCompressed: isCompressed, scratch)
        #expect(sealedFeatureFile(whole) == whole)
    }
}

@Test func featuresThatCompressTooWellAreNotCompressed() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    var writer = try FeatureWriter(path: path, part: .train, count: 64, width: 1 << 18)
    let row = [Float](repeating: 1, count: 1 << 18)
    for _ in 0 ..< 64 { try writer.append(row.span) }
    try writer.commit(
        PartItems(labels: [Int32](repeating: 0, count: 64), ids: (0 ..< 64).map { "\($0)" }, classes: ["one"]),
        provenance: Provenance(tool: "test", inputs: [], settings: [:]))
    let rejection = fault { () throws(Fault) in try FeatureFile(path: path).pack(to: scratch.file("packed.h5")) }
    #expect(rejection?.status == .badData && rejection?.found.contains("compress from") == true)
    #expect(try scratch.names == ["train.h5"])
}
