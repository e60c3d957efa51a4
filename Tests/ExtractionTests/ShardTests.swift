import Core
import Extraction
import FeatureStore
import Foundation
import Splits
import TestSupport
import Testing

/// A small build, planned in `shards` shards and read as a worker reads it.
private func planned(
    _ small: borrowing SmallBuild, _ output: String, shards: Int, _ change: (inout FeatureBuild) -> Void = { _ in }
) throws -> ShardPlan {
    let plan = try ShardPlan(small.build(output, change), shards: shards)
    _ = try plan.write(replaces: false)
    return try ShardPlan(path: plan.path)
}

extension ShardPlan {
    fileprivate func work(_ shards: [Int]) throws { try work(on: shards, build()) }
    fileprivate func merge() throws { _ = try merge(build()) }
}

/// All files below a folder.
private func tree(_ folder: String) -> [String: Data] {
    let paths = FileManager.default.subpaths(atPath: folder) ?? []
    return Dictionary(
        uniqueKeysWithValues: paths.compactMap { path in
            FileManager.default.contents(atPath: "\(folder)/\(path)").map { (path, $0) }
        })
}

/// The feature files of a folder.
private func features(_ folder: String) -> [String: Data] {
    tree(folder).filter { !$0.key.contains("/") && $0.key.hasSuffix(".h5") }
}

@Test(arguments: [(1, UInt64(1)), (2, 2), (7, 3), (7, 4), (20, 5)])
func mergedPartsAreTheBytesOfOneMachine(shards: Int, seed: UInt64) throws {
    let small = try SmallBuild()
    try small.build("alone").run()
    let plan = try planned(small, "shards", shards: shards)
    var dice = Dice(seed: seed)
    for shard in (0 ..< shards).shuffled(using: &dice) {
        var build = try plan.build()
        build.threads = Int.random(in: 1 ... 3, using: &dice)
        try plan.work(on: [shard], build)
    }
    #expect(try plan.status().isComplete)
    try plan.merge()
    #expect(features(plan.folder) == features(small.build("alone").output))
    #expect(try plan.status().isMerged)
}

@Test func partsAreTheSameBytesWhoeverMakesThem() throws {
    let small = try SmallBuild()
    let first = try planned(small, "first", shards: 3)
    let second = try planned(small, "second", shards: 3)
    try first.work([0, 1, 2])
    for shard in [2, 0, 1] { try second.work([shard]) }
    #expect(tree("\(first.folder)/parts") == tree("\(second.folder)/parts"))
    #expect(first.identity == second.identity)
}

@Test func everyItemIsInOneShard() throws {
    let small = try SmallBuild()
    for count in [1, 2, 3, 7, 64, 239, 240] {
        let shards = try ShardPlan(small.build("shards"), shards: count).shards
        var next: [Subset: Int] = [:]
        for slice in shards.flatMap(\.slices) {
            #expect(slice.first == next[slice.part, default: 0])
            next[slice.part, default: 0] += slice.count
        }
        #expect(next == [.train: 64, .val: 16, .test: 160] && shards.allSatisfy { $0.views > 0 })
        let most = (shards.map(\.views).max() ?? 0) - (64 * 3 + 16 + 160) / count
        #expect(most <= 3, "\(count) shards differ by \(most) views")
    }
    #expect(fault { _ = try ShardPlan(small.build("shards"), shards: 241) }?.status == .configuration)
}

@Test func itemsThatASampleTakesTwiceKeepTheirOwnViewsInAnyShard() throws {
    let small = try SmallBuild()
    func samples(_ build: inout FeatureBuild) {
        build.samples = SampleRequest(shots: [8], seeds: [1, 2], scheme: .coop)
    }
    try small.build("alone", samples).run()
    let plan = try planned(small, "shards", shards: 7, samples)
    try plan.work(Array(0 ..< 7))
    try plan.merge()
    #expect(features(plan.folder) == features(small.build("alone").output))
}

@Test func aDoneShardIsLeftAlone() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 3)
    try plan.work([1])
    var reused: [Bool] = []
    try plan.work(on: [1, 2], plan.build()) { reused.append($0.isReused) }
    #expect(reused == [true, false])
}

@Test func anInterruptedShardIsGoneOnWith() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 2)
    var events = BuildEvents()
    events.progress = { progress throws(Fault) in
        if progress.done > progress.total / 2 { throw Fault(.interrupted, "test", found: "a request to stop") }
    }
    #expect(fault { try plan.work(on: [0], plan.build(), events) }?.status == .interrupted)
    #expect(try plan.status().unfinished.map(\.state) == [.begun, .missing])
    var outcome: ShardOutcome?
    try plan.work(on: [0], plan.build()) { outcome = $0 }
    let encoded = try #require(outcome?.stages.first { $0.stage == "encode" }).count
    #expect(encoded < plan.shards[0].views * 2 / 3)
    #expect(!FileManager.default.fileExists(atPath: "\(plan.folder)/parts/.unfinished"))
}

@Test func twoWorkersOnOneShardAreHarmless() throws {
    let small = try SmallBuild()
    try small.build("alone").run()
    let plan = try planned(small, "shards", shards: 2)
    let faults = Faults()
    DispatchQueue.concurrentPerform(iterations: 3) { _ in
        do throws(Fault) { try plan.work(on: [0, 1], plan.build()) } catch { faults.add(error) }
    }
    #expect(faults.all.isEmpty)
    try plan.merge()
    #expect(features(plan.folder) == features(small.build("alone").output))
}

/// Faults of several threads.
private final class Faults: @unchecked Sendable {  // its state is behind the lock
    private let lock = NSLock()
    private var found: [Fault] = []

    func add(_ fault: Fault) { lock.withLock { found.append(fault) } }
    var all: [Fault] { lock.withLock { found } }
}

@Test(arguments: UInt64(1) ... 12) func everyDamagedPartIsSeenByStatusAndMadeAgain(seed: UInt64) throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 4)
    try plan.work([0, 1, 2, 3])
    let sound = tree("\(plan.folder)/parts")
    var dice = Dice(seed: seed)
    let name = try #require(sound.keys.sorted().randomElement(using: &dice))
    let path = "\(plan.folder)/parts/\(name)"
    var bytes = [UInt8](try #require(sound[name]))
    let shard = try #require(Int(name.prefix(5)))
    switch Int.random(in: 0 ..< 3, using: &dice) {
    case 0: bytes[Int.random(in: bytes.indices, using: &dice)] ^= 1 << UInt8.random(in: 0 ..< 8, using: &dice)
    case 1: bytes.removeLast(Int.random(in: 1 ... bytes.count, using: &dice))
    default: bytes = []
    }
    if bytes.isEmpty, Bool.random(using: &dice) {
        try FileManager.default.removeItem(atPath: path)
    } else {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    let status = try plan.status()
    #expect(status.resubmit == [shard] && status.done == 3, "seed \(seed): \(name), \(status)")
    try plan.work([0, 1, 2, 3])
    #expect(tree("\(plan.folder)/parts") == sound, "seed \(seed): \(name)")
}

@Test func mergingWithoutAllPartsNamesTheMissingOnes() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 4)
    try plan.work([0, 2])
    let fault = fault { try plan.merge() }
    #expect(fault?.status == .tryAgain && fault?.found == "2 of 4 shards not done (1,3)")
    #expect(features(plan.folder).isEmpty)
}

@Test func aDamagedRowIsNotMerged() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 2)
    try plan.work([0, 1])
    let path = "\(plan.folder)/parts/00001.test.h5"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    var row: [Float] = []
    try FeatureFile(path: path).read(rows: [5], view: 0, into: &row)
    let stored = Data(row.flatMap { [UInt8(Float16($0).bitPattern & 255), UInt8(Float16($0).bitPattern >> 8)] })
    let place = try #require(bytes.range(of: stored)).lowerBound
    bytes[place + 100] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(try plan.status(everyByte: false).isComplete)
    #expect(try plan.status().unfinished.map(\.state) == [.corrupt])
    #expect(fault { try plan.merge() }?.status == .badData)
    #expect(features(plan.folder).isEmpty)
}

@Test func imagesThatCannotBeUsedFailTheirShardAndAreLeftOutByAllowance() throws {
    let small = try SmallBuild()
    try Data("no image".utf8).write(to: URL(fileURLWithPath: small.image(.test, 3)))
    let plan = try planned(small, "shards", shards: 3)
    let bad = try #require(
        plan.shards.first { $0.slices.contains { $0.part == .test && $0.first <= 3 } })
    #expect(fault { try plan.work([0, 1, 2]) }?.status == .badData)
    let status = try plan.status()
    #expect(status.unfinished.first { $0.shard == bad.index }?.state == .failed)
    var build = try plan.build()
    build.maximumSkipped = 1
    try plan.work(on: [0, 1, 2], build)
    #expect(try plan.status().skipped == 1)
    #expect(fault { try plan.merge() }?.status == .badData)
    _ = try plan.merge(build)
    let alone = small.build("alone") { $0.maximumSkipped = 1 }
    try alone.run()
    #expect(features(plan.folder) == features(alone.output))
    #expect(tree(plan.folder)["errors.tsv"] == tree(alone.output)["errors.tsv"])
}

@Test func aPlanIsReusedAndAnotherOneIsNamed() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 3)
    #expect(try ShardPlan(small.build("shards"), shards: 3).write(replaces: false))
    let other = fault { _ = try ShardPlan(small.build("shards") { $0.viewSeed = 9 }, shards: 3).write(replaces: false) }
    #expect(other?.status == .cannotCreate && other?.found == "a plan with view seed '1'")
    #expect(
        fault { _ = try ShardPlan(small.build("shards"), shards: 4).write(replaces: false) }?.found
            == "a plan with shards '3'")
    try plan.work([0, 1, 2])
    // Outputs of another plan count as missing.
    _ = try ShardPlan(small.build("shards"), shards: 4).write(replaces: true)
    #expect(
        try ShardPlan(path: plan.path).status().unfinished.map(\.state) == [.missing, .missing, .missing, .missing])
}

@Test func whatHasChangedSinceThePlanIsNamed() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 2)
    try plan.work([0])
    let split = try String(contentsOfFile: small.build.split, encoding: .utf8)
    let changed = split.replacingOccurrences(of: "\"train\":", with: "\"train\": ")
    try changed.write(toFile: small.build.split, atomically: true, encoding: .utf8)
    try plan.work([1])
    _ = try small.scratch.write("a picture of a {}.\n", "templates.txt")
    let fault = fault { try plan.merge() }
    #expect(fault?.status == .badData && fault?.found.hasPrefix("text features with prompts") == true)
}

@Test func aPlanThatWasChangedByHandIsRefused() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 2)
    let text = try String(contentsOfFile: plan.path, encoding: .utf8)
    for (old, new) in [
        ("\"views\" : 186", "\"views\" : 187"), ("\"index\" : 1", "\"index\" : 7"), ("\"first\" : 0", "\"first\" : -1"),
    ] {
        let changed = text.replacingOccurrences(of: old, with: new)
        #expect(changed != text)
        try changed.write(toFile: plan.path, atomically: true, encoding: .utf8)
        #expect(fault { _ = try ShardPlan(path: plan.path) }?.status == .badData, "\(new)")
    }
}

@Test func removedPartsLeaveAMergedPlan() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 3)
    try plan.work([0, 1, 2])
    _ = try plan.merge(plan.build(), removesParts: true)
    #expect(!FileManager.default.fileExists(atPath: "\(plan.folder)/parts"))
    let status = try plan.status()
    #expect(status.isMerged && status.isComplete && status.resubmit.isEmpty)
    var outcome: BuildOutcome?
    outcome = try plan.merge(plan.build())
    #expect(outcome?.isReused == true)
}

@Test func aMeasuredBatchLeavesNothingBehind() throws {
    let small = try SmallBuild()
    let plan = try planned(small, "shards", shards: 3)
    let before = tree(plan.folder)
    let estimate = try plan.measure(plan.build())
    #expect(tree(plan.folder) == before && FileManager.default.subpaths(atPath: plan.folder) == ["plan.json"])
    #expect(estimate.secondsPerView > 0 && estimate.measuredViews > 0 && estimate.memory > 200 << 20)
    #expect(estimate.seconds(views: 1000) > estimate.seconds(views: 10))
}
