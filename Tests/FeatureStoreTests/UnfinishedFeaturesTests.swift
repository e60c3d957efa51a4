import Artifacts
import FeatureStore
import Foundation
import TestSupport
import Testing

private let (count, rowBytes) = (40, 24)

private func row(_ index: Int) -> [UInt8] { (0 ..< rowBytes).map { UInt8(truncatingIfNeeded: 7 * index + $0) } }

private func rows(_ range: Range<Int>) -> [UInt8] { range.flatMap(row) }

private func open(_ scratch: borrowing ScratchFolder) throws(Fault) -> UnfinishedFeatures {
    try UnfinishedFeatures(folder: scratch.file("building"), name: "train", count: count, rowBytes: rowBytes)
}

extension UnfinishedFeatures {
    fileprivate mutating func put(_ range: Range<Int>) throws(Fault) {
        unsafe try put(rows(range).span.bytes, at: range.lowerBound)
    }
}

@Test func rowsThatWerePutAreThereForTheNextProcess() throws {
    let scratch = try ScratchFolder()
    do {
        var features = try open(scratch)
        #expect(features.doneCount == 0)
        try features.put(0 ..< 8)
        try features.put(20 ..< 23)
    }
    var again = try open(scratch)
    #expect(again.doneCount == 11 && again.hasRow(7) && !again.hasRow(8) && again.hasRow(22))
    #expect(try again.read(20 ..< 23) == rows(20 ..< 23))
    try again.put(8 ..< 20)
    try again.put(23 ..< 40)
    let isWhole = again.isWhole
    #expect(isWhole)
    #expect(try again.read(0 ..< 40) == rows(0 ..< 40))
    again.remove()
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("building")).isEmpty)
}

@Test func twoProcessesDoNotWorkOnTheSameFeatures() throws {
    let scratch = try ScratchFolder()
    let first = try open(scratch)
    do throws(Fault) {
        _ = try open(scratch)
        Issue.record("a second one was let in")
    } catch { #expect(error.status == .tryAgain) }
    #expect(first.doneCount == 0)
}

/// Whatever bytes a crash or a disk leaves, what is believed to be there is what was put.
@Test func noDamageIsBelieved() throws {
    let seed: UInt64 = 20_261_121
    var dice = Dice(seed: seed)
    var forgotten = 0
    for _ in 0 ..< 150 {
        let scratch = try ScratchFolder()
        do {
            var features = try open(scratch)
            var start = 0
            while start < count {
                let end = min(count, start + Int.random(in: 1 ... 9, using: &dice))
                try features.put(start ..< end)
                start = end
            }
        }
        for name in ["train.journal", "train.rows"] where Bool.random(using: &dice) {
            let path = scratch.file("building/\(name)")
            var bytes = try #require(FileManager.default.contents(atPath: path))
            switch Int.random(in: 0 ..< 3, using: &dice) {
            case 0: bytes.removeLast(Int.random(in: 0 ... bytes.count, using: &dice))
            case 1:
                bytes[Int.random(in: 0 ..< bytes.count, using: &dice)] ^= 1 << UInt8.random(in: 0 ..< 8, using: &dice)
            default: bytes.append(contentsOf: (0 ..< 40).map { _ in UInt8.random(in: 0 ... 255, using: &dice) })
            }
            try bytes.write(to: URL(filePath: path))
        }
        var features = try open(scratch)
        if !features.isWhole { forgotten += 1 }
        for index in 0 ..< count where features.hasRow(index) {
            #expect(try features.read(index ..< index + 1) == row(index), "seed \(seed)")
        }
        for index in 0 ..< count where !features.hasRow(index) { try features.put(index ..< index + 1) }
        #expect(try features.read(0 ..< count) == rows(0 ..< count), "seed \(seed)")
    }
    #expect(forgotten > 30)
}
