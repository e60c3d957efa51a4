import Core
import FeatureStore
import Foundation
import Synchronization
import TestSupport
import Testing

private let count = 40
private let rowBytes = 24

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

@Test func writtenRowsAreRecoveredByTheNextProcess() throws {
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
    #expect(scratch.files(in: "building").isEmpty)
}

@Test func truncatedRowsAreReported() throws {
    let scratch = try ScratchFolder()
    var features = try open(scratch)
    try features.put(0 ..< 40)
    let file = try FileHandle(forUpdating: URL(filePath: scratch.file("building/train.rows")))
    try file.truncate(atOffset: UInt64(30 * rowBytes))
    #expect(try features.read(0 ..< 30) == rows(0 ..< 30))
    let rejection = fault { try features.read(25 ..< 35) }
    #expect(rejection?.status == .badData && rejection?.found.contains("truncated") == true)
}

@Test func twoProcessesCannotBuildTheSameFeatures() throws {
    let scratch = try ScratchFolder()
    let first = try open(scratch)
    #expect(fault { _ = try open(scratch) }?.status == .tryAgain)
    #expect(first.doneCount == 0)
}

/// After any damage, the recovered rows are those that were written.
@Test func damagedRowsAreNotRecovered() throws {
    let seed: UInt64 = 20_261_121
    var dice = Dice(seed: seed)
    var discarded = 0
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
            var bytes = scratch.bytes("building/\(name)")
            switch dice.below(3) {
            case 0: bytes.removeLast(dice.below(bytes.count + 1))
            case 1: bytes[dice.below(bytes.count)] ^= 1 << UInt8(dice.below(8))
            default: bytes.append(contentsOf: (0 ..< 40).map { _ in UInt8(dice.below(256)) })
            }
            try scratch.write(bytes, "building/\(name)")
        }
        var features = try open(scratch)
        if !features.isWhole { discarded += 1 }
        for index in 0 ..< count where features.hasRow(index) {
            #expect(try features.read(index ..< index + 1) == row(index), "seed \(seed)")
        }
        for index in 0 ..< count where !features.hasRow(index) { try features.put(index ..< index + 1) }
        #expect(try features.read(0 ..< count) == rows(0 ..< count), "seed \(seed)")
    }
    #expect(discarded > 30)
}

private let batches = stride(from: 0, to: count, by: 7).map { $0 ..< min(count, $0 + 7) }

private func computed(_ range: Range<Int>) -> [RowRun] {
    // Two runs, because the rows of a batch may be separate.
    let middle = range.lowerBound + range.count / 2
    return [
        (middle, rows(middle ..< range.upperBound)), (range.lowerBound, rows(range.lowerBound ..< middle)),
    ].filter { !$0.1.isEmpty }
}

@Test(arguments: [1, 2, 5]) func everyBatchIsComputedOnce(_ threads: Int) throws {
    let scratch = try ScratchFolder()
    var features = try open(scratch)
    let seen = Mutex([Range<Int>]())
    var reports: [Int] = []
    try features.fill(batches.count, threads: threads) { index throws(Fault) in
        seen.withLock { $0.append(batches[index]) }
        return computed(batches[index])
    } progress: { done throws(Fault) in
        reports.append(done)
    }
    #expect(seen.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } } == batches)
    #expect(reports == Array(1 ... batches.count))
    #expect(try features.read(0 ..< count) == rows(0 ..< count))
}

@Test func theEarliestErrorEndsTheWorkWithoutLosingRows() throws {
    let scratch = try ScratchFolder()
    var features = try open(scratch)
    let seen = Mutex([Range<Int>]())
    let rejection = fault {
        try features.fill(batches.count, threads: 2) { index throws(Fault) in
            let range = batches[index]
            guard range.lowerBound < 21 else { throw .badData("item \(range.lowerBound)", found: "no image") }
            seen.withLock { $0.append(range) }
            return computed(range)
        } progress: { _ throws(Fault) in
        }
    }
    #expect(rejection?.subject == "item 21")
    for range in seen.withLock({ $0 }) { #expect(try features.read(range) == rows(range)) }
    #expect(features.doneCount == seen.withLock { $0.reduce(0) { $0 + $1.count } })
}

@Test func interruptedWorkIsResumed() throws {
    let scratch = try ScratchFolder()
    let seen = Mutex(0)
    do {
        var features = try open(scratch)
        let stopped = fault {
            try features.fill(batches.count, threads: 2) { index throws(Fault) in
                seen.withLock { $0 += 1 }
                return computed(batches[index])
            } progress: { done throws(Fault) in
                if done == 2 { throw Fault(.interrupted, "", found: "a request to stop") }
            }
        }
        #expect(stopped?.status == .interrupted)
    }
    var features = try open(scratch)
    let rest = batches.filter { range in !range.allSatisfy { features.hasRow($0) } }
    #expect(rest.count == batches.count - seen.withLock { $0 })
    try features.fill(rest.count, threads: 2) { index throws(Fault) in
        computed(rest[index])
    } progress: { _ in
    }
    #expect(try features.read(0 ..< count) == rows(0 ..< count))
}
