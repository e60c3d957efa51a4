import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

/// Returns the bytes of a file with `sample`.
private func written(_ sample: Sample, isCompressed: Bool, _ scratch: borrowing ScratchFolder) throws -> [UInt8] {
    try sample.write(to: scratch.file("whole.h5"), isCompressed: isCompressed)
    return try bytes(of: scratch.file("whole.h5"))
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
    try everyTable.write(to: scratch.file("train.h5"), isCompressed: isCompressed)
    #expect(try Sample(reading: scratch.file("train.h5")) == everyTable)
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

@Test(arguments: [false, true]) func sealingAgainChangesNothing(isCompressed: Bool) throws {
    let whole = try written(everyTable, isCompressed: isCompressed, ScratchFolder())
    #expect(sealedFeatureFile(whole) == whole)
}

@Test func featuresThatCompressTooWellAreNotCompressed() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    var sample = Sample(count: 64, views: 1, width: 1)
    sample.width = 1 << 18
    sample.values = Array(repeating: 1, count: 64 << 18)
    try sample.write(to: path)
    let rejection = fault { try FeatureFile(path: path).pack(to: scratch.file("packed.h5")) }
    #expect(rejection?.status == .badData && rejection?.found.contains("compress from") == true)
    #expect(try scratch.names == ["train.h5"])
}
