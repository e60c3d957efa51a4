import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

/// Reads a file completely and expects the original content or an error.
private func expectOriginalOrFault(_ sample: Sample, _ path: String, _ damage: String) {
    do throws(Fault) {
        if sample.part == .text {
            let text = try TextFeatures(path: path)
            #expect(text.values == sample.values && text.prompts == sample.prompts, "\(damage)")
        } else {
            let read = try Sample(reading: path)
            #expect(read == sample, "\(damage)")
        }
    } catch {
        #expect(error.status == .badData, "\(damage): \(error)")
        #expect(error.subject == path, "\(damage): \(error)")
    }
}

@Test(arguments: [FeatureFile.Kind.train, .text], [false, true])
func noMutationIsAccepted(part: FeatureFile.Kind, isCompressed: Bool) throws {
    let scratch = try ScratchFolder()
    let sample = Sample(part: part, count: 12, views: 2, width: 24)
    let path = scratch.file("mutated.h5")
    try sample.write(to: path, isCompressed: isCompressed)
    var round = 0
    try forEachMutation(of: path, seed: 2026, rounds: 5000) { how in
        expectOriginalOrFault(sample, path, how)
        if round % 25 == 0 { _ = try Verification(of: path) }
        round += 1
    }
}

@Test(arguments: [false, true]) func aForgedSealIsRejected(isCompressed: Bool) throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 12, views: 2, width: 24)
    try sample.write(to: scratch.file("whole.h5"), isCompressed: isCompressed)
    let whole = try bytes(of: scratch.file("whole.h5"))
    let lines = whole.prefix(4096).split(separator: 10, maxSplits: 3, omittingEmptySubsequences: false)
    let line = String(decoding: lines[1], as: UTF8.self)
    let numbers = line.ranges(of: /[0-9]+/)
    let invented = ["0", "-1", "7", "4096", "9223372036854775807", "18446744073709551616", "1e300", "null"]
    var dice = Dice(seed: 5)
    for round in 0 ..< 500 {
        // Replaces a number and repairs the line's checksum.
        var text = line
        text.replaceSubrange(numbers[dice.below(numbers.count)], with: invented[dice.below(invented.count)])
        let sum = hexadecimal(unsafe checksum(Array(text.utf8).span.bytes))
        let page = Array("fewshot features 1\n\(text)\n\(sum)\n".utf8)
        let padding = [UInt8](repeating: 0, count: 4096 - page.count)
        let path = try scratch.write(page + padding + whole.dropFirst(4096), "forged.h5")
        expectOriginalOrFault(sample, path, "round \(round): \(text)")
    }
}

@Test func damageIsDetectedWhenTheBlockIsRead() throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 5000, views: 1, width: 512)
    let path = scratch.file("train.h5")
    try sample.write(to: path, rowsAtOnce: 1000)
    var damaged = try bytes(of: path)
    damaged[3 << 20] ^= 1
    try scratch.write(damaged, "train.h5")
    let file = try FeatureFile(path: path)
    var rows: [Float] = []
    try file.read(block: 0 ..< 1000, view: 0, into: &rows)
    #expect(rows == sample.rows(0 ..< 1000, view: 0))
    #expect(throws: Fault.self) { try file.read(rows: [10, 3000], view: 0, into: &rows) }
    #expect(throws: Fault.self) { try file.read(block: 2000 ..< 4000, view: 0, into: &rows) }
    #expect(throws: Fault.self) { try file.pack(to: scratch.file("packed.h5")) }
    #expect(try !Verification(of: path).isSound)
    #expect(try scratch.names == ["train.h5"])
}
