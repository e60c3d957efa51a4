import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

/// A file of `sample`, hot or packed.
private func written(_ sample: Sample, isPacked: Bool, _ scratch: borrowing ScratchFolder) throws -> [UInt8] {
    let path = scratch.file("whole.h5")
    try sample.write(to: path)
    if isPacked { try FeatureFile(path: path).pack(to: path) }
    return try bytes(of: path)
}

/// A sample with every table that a part may have: more names than the root group's header has room for.
private var everyTable: Sample {
    var sample = Sample(count: 12, views: 2, width: 24)
    sample.images = (0 ..< 12).map { UInt64($0) * 977 }
    sample.labels = (0 ..< 12).map { $0 % 3 }
    sample.whole = WholePart(rows: (0 ..< 12).map { 2 * $0 }, labels: (0 ..< 24).map { $0 / 2 % 3 })
    return sample
}

@Test(arguments: [false, true])
func everyTableIsFound(isPacked: Bool) throws {
    let scratch = try ScratchFolder()
    let sample = everyTable
    let path = try scratch.write(written(sample, isPacked: isPacked, scratch), "train.h5")
    #expect(try Sample(reading: path) == sample)
}

/// Someone who means harm seals what they have made.
@Test(arguments: [FeatureFile.Kind.train, .text], [false, true])
func noStructureBehindARightSealCrashes(part: FeatureFile.Kind, isPacked: Bool) throws {
    let scratch = try ScratchFolder()
    let sample = part == .text ? Sample(part: .text, count: 5, views: 2, width: 8) : everyTable
    let whole = try written(sample, isPacked: isPacked, scratch)
    // Where anything is but zeros, and a little beside it.
    let places = whole.indices.filter { place in
        whole[max(0, place - 4) ... min(place + 4, whole.count - 1)].contains { $0 != 0 }
    }
    let plan = MutationPlan()
    var dice = Dice(seed: plan.seed)
    var (accepted, refused) = (0, 0)
    for round in plan.rounds(600) {
        var file = whole
        for _ in 0 ... dice.below(3) {
            let place = places[dice.below(places.count)]
            switch dice.below(3) {
            case 0: file[place] ^= 1 << UInt8(dice.below(8))
            case 1: file[place] = UInt8(dice.below(256))
            default:
                writeNumber(
                    dice.oddNumber(near: whole.count), to: &file, at: place, width: 1 << dice.below(4), isBig: false)
            }
        }
        let path = try scratch.write(sealedFeatureFile(file), "sealed.h5")
        let refusal = fault { () throws(Fault) in
            if part == .text { _ = try TextFeatures(path: path) } else { _ = try Sample(reading: path) }
        }
        if let refusal {
            refused += 1
            #expect(flaw(in: refusal, naming: path) == nil, "seed \(plan.seed), round \(round)")
        } else {
            accepted += 1
        }
    }
    #expect(accepted > 0 && refused > 0, "seed \(plan.seed): \(accepted) accepted, \(refused) refused")
}

@Test func whatIsSealedAgainIsWhatItWas() throws {
    let scratch = try ScratchFolder()
    for isPacked in [false, true] {
        let whole = try written(everyTable, isPacked: isPacked, scratch)
        #expect(sealedFeatureFile(whole) == whole)
    }
}

@Test func featuresThatShrinkToNothingStayHot() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    var writer = try FeatureWriter(path: path, part: .train, count: 64, width: 1 << 18)
    let row = [Float](repeating: 1, count: 1 << 18)
    for _ in 0 ..< 64 { try writer.append(row.span) }
    try writer.commit(
        PartItems(labels: [Int32](repeating: 0, count: 64), ids: (0 ..< 64).map { "\($0)" }, classes: ["one"]),
        provenance: Provenance(tool: "test", inputs: [], settings: [:]))
    let refusal = fault { () throws(Fault) in try FeatureFile(path: path).pack(to: scratch.file("packed.h5")) }
    #expect(refusal?.status == .badData && refusal?.found.contains("shrink") == true)
    #expect(try scratch.names == ["train.h5"])
}
