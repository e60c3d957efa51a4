import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

/// Puts a new file in place: a file system may sync one that is cut to nothing and written again.
private func replace(_ path: String, by bytes: [UInt8]) throws {
    try? FileManager.default.removeItem(atPath: path)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

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
    try sample.write(to: path)
    if isCompressed { try FeatureFile(path: path).pack(to: path) }
    var round = 0
    try forEachMutation(of: path, seed: 2026, rounds: 5000) { how in
        expectOriginalOrFault(sample, path, how)
        if round % 25 == 0 { _ = try Verification(of: path) }
        round += 1
    }
}

@Test func aForgedSealIsRejected() throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 12, views: 2, width: 24)
    let whole = scratch.file("whole.h5")
    let path = scratch.file("forged.h5")
    var dice = Dice(seed: 5)
    for isCompressed in [false, true] {
        try sample.write(to: whole)
        if isCompressed { try FeatureFile(path: whole).pack(to: whole) }
        let bytes = Array(try #require(FileManager.default.contents(atPath: whole)))
        let lines = bytes.prefix(4096).split(separator: 10, maxSplits: 3, omittingEmptySubsequences: false)
        let line = String(decoding: lines[1], as: UTF8.self)
        for round in 0 ..< 500 {
            // Replaces a number and repairs the line's checksum.
            var text = line
            let numbers = line.ranges(of: /[0-9]+/)
            let invented = ["0", "-1", "7", "4096", "9223372036854775807", "18446744073709551616", "1e300", "null"]
            text.replaceSubrange(
                numbers[Int.random(in: 0 ..< numbers.count, using: &dice)],
                with: invented[Int.random(in: 0 ..< invented.count, using: &dice)])
            let sum = unsafe checksum(Array(text.utf8).span.bytes)
            let digits = String(sum, radix: 16)
            let page =
                "fewshot features 1\n\(text)\n" + String(repeating: "0", count: 16 - digits.count) + digits + "\n"
            var copy = Array(page.utf8) + Array(repeating: 0, count: 4096 - page.utf8.count)
            copy += bytes.dropFirst(4096)
            try replace(path, by: copy)
            expectOriginalOrFault(sample, path, "round \(round): \(text)")
        }
    }
}

@Test func damageIsDetectedWhenTheBlockIsRead() throws {
    let scratch = try ScratchFolder()
    let sample = Sample(count: 5000, views: 1, width: 512)
    let path = scratch.file("train.h5")
    try sample.write(to: path, rowsAtOnce: 1000)
    var bytes = Array(try #require(FileManager.default.contents(atPath: path)))
    bytes[3 << 20] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let file = try FeatureFile(path: path)
    var rows: [Float] = []
    try file.read(block: 0 ..< 1000, view: 0, into: &rows)
    #expect(rows == sample.rows(0 ..< 1000, view: 0))
    #expect(throws: Fault.self) { try file.read(rows: [10, 3000], view: 0, into: &rows) }
    #expect(throws: Fault.self) { try file.read(block: 2000 ..< 4000, view: 0, into: &rows) }
    #expect(throws: Fault.self) { try file.pack(to: scratch.file("packed.h5")) }
    #expect(try !Verification(of: path).isSound)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["train.h5"])
}
