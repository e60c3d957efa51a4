import Core
import Extraction
import FeatureStore
import Foundation
import Splits
import TestSupport
import Testing

@Test(arguments: [(1, UInt64(1)), (2, 2), (7, 3), (7, 4), (20, 5)])
func mergedPartsAreTheBytesOfOneMachine(shards: Int, seed: UInt64) throws {
    let small = try SmallBuild()
    try small.build("alone").run()
    let plan = try small.planned(shards: shards)
    var dice = Dice(seed: seed)
    for shard in (0 ..< shards).shuffled(using: &dice) {
        var build = try plan.build()
        build.threads = Int.random(in: 1 ... 3, using: &dice)
        try plan.work(on: [shard], build)
    }
    #expect(try plan.status().isComplete)
    try plan.merge()
    #expect(try plan.merged == small.build("alone").features)
    #expect(try plan.status().isMerged)
}

@Test func partsAreTheSameBytesWhoeverMakesThem() throws {
    let small = try SmallBuild()
    let first = try small.planned("first", shards: 3)
    let second = try small.planned("second", shards: 3)
    try first.work([0, 1, 2])
    for shard in [2, 0, 1] { try second.work([shard]) }
    #expect(small.scratch.files(in: "first/parts") == small.scratch.files(in: "second/parts"))
    #expect(first.identity == second.identity)
}

@Test func everyItemIsInOneShard() throws {
    let small = try SmallBuild()
    for count in [1, 2, 3, 7, 64, 239, 240] {
        let shards = try ShardPlan(small.build("shards"), shards: count).shards
        var next: [Subset: Int] = [:]
        for slice in shards.flatMap(\.slices) {
            #expect(slice.first == next[slice.subset, default: 0])
            next[slice.subset, default: 0] += slice.count
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
    let plan = try small.planned(shards: 7, samples)
    try plan.work(Array(0 ..< 7))
    try plan.merge()
    #expect(try plan.merged == small.build("alone").features)
}

@Test func aDoneShardIsLeftAlone() throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 3)
    try plan.work([1])
    var reused: [Bool] = []
    try plan.work(on: [1, 2], plan.build()) { reused.append($0.isReused) }
    #expect(reused == [true, false])
}

@Test func anInterruptedShardIsGoneOnWith() throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 2)
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
    let plan = try small.planned(shards: 2)
    DispatchQueue.concurrentPerform(iterations: 3) { _ in #expect(fault { try plan.work([0, 1]) } == nil) }
    try plan.merge()
    #expect(try plan.merged == small.build("alone").features)
}

@Test(arguments: UInt64(1) ... 12) func everyDamagedPartIsSeenByStatusAndMadeAgain(seed: UInt64) throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 4)
    try plan.work([0, 1, 2, 3])
    let sound = small.scratch.files(in: "shards/parts")
    var dice = Dice(seed: seed)
    let name = try #require(sound.keys.sorted().randomElement(using: &dice))
    let path = "\(plan.folder)/parts/\(name)"
    var bytes = [UInt8](try #require(sound[name]))
    let shard = try #require(Int(name.prefix(5)))
    switch dice.below(3) {
    case 0: bytes[dice.below(bytes.count)] ^= 1 << UInt8(dice.below(8))
    case 1: bytes.removeLast(1 + dice.below(bytes.count))
    default: bytes = []
    }
    if bytes.isEmpty, dice.below(2) == 0 {
        try FileManager.default.removeItem(atPath: path)
    } else {
        try Data(bytes).write(to: URL(filePath: path))
    }
    let status = try plan.status()
    #expect(status.resubmit == [shard] && status.done == 3, "seed \(seed): \(name), \(status)")
    try plan.work([0, 1, 2, 3])
    #expect(small.scratch.files(in: "shards/parts") == sound, "seed \(seed): \(name)")
}

@Test func mergingWithoutAllPartsNamesTheMissingOnes() throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 4)
    try plan.work([0, 2])
    let fault = fault { try plan.merge() }
    #expect(fault?.status == .tryAgain && fault?.found == "2 of 4 shards not done (1,3)")
    #expect(try plan.merged.isEmpty)
}

@Test func imagesThatCannotBeUsedFailTheirShardAndAreLeftOutByAllowance() throws {
    let small = try SmallBuild()
    try small.replaceImage(.test, 3, by: "no image".utf8)
    let plan = try small.planned(shards: 3)
    let bad = try #require(plan.shards.first { $0.slices.contains { $0.subset == .test && $0.first <= 3 } })
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
    #expect(try plan.merged == alone.features)
    #expect(small.scratch.bytes("shards/errors.tsv") == small.scratch.bytes("alone/errors.tsv"))
}

extension SmallBuild {
    fileprivate func writePlan(_ shards: Int, replaces: Bool = false, seed: UInt64 = 1) throws -> Bool {
        try ShardPlan(build("shards") { $0.viewSeed = seed }, shards: shards).write(replaces: replaces)
    }
}

@Test func aPlanIsReusedAndAnotherOneIsNamed() throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 3)
    #expect(try small.writePlan(3))
    let other = fault { _ = try small.writePlan(3, seed: 9) }
    #expect(other?.status == .cannotCreate && other?.found == "a plan with view seed '1'")
    #expect(fault { _ = try small.writePlan(4) }?.found == "a plan with shards '3'")
    try plan.work([0, 1, 2])
    // Outputs of another plan count as missing.
    #expect(try !small.writePlan(4, replaces: true))
    #expect(try ShardPlan(path: plan.path).status().unfinished.map(\.state) == Array(repeating: .missing, count: 4))
}

@Test func whatHasChangedSinceThePlanIsNamed() throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 2)
    try plan.work([0])
    let split = small.scratch.text("data/badges.split.json")
    try small.scratch.write(split.replacing("\"train\":", with: "\"train\": "), "data/badges.split.json")
    try plan.work([1])
    _ = try small.scratch.write("a picture of a {}.\n", "templates.txt")
    let fault = fault { try plan.merge() }
    #expect(fault?.status == .badData && fault?.found.hasPrefix("text features with prompts") == true)
}

@Test func aPlanThatWasChangedByHandIsRefused() throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 2)
    let text = small.scratch.text("shards/plan.json")
    for (old, new) in [
        ("\"views\" : 186", "\"views\" : 187"), ("\"index\" : 1", "\"index\" : 7"), ("\"first\" : 0", "\"first\" : -1"),
    ] {
        let changed = text.replacing(old, with: new)
        #expect(changed != text)
        try small.scratch.write(changed, "shards/plan.json")
        #expect(fault { _ = try ShardPlan(path: plan.path) }?.status == .badData, "\(new)")
    }
}

@Test func removedPartsLeaveAMergedPlan() throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 3)
    try plan.work([0, 1, 2])
    try plan.merge(removesParts: true)
    #expect(!FileManager.default.fileExists(atPath: "\(plan.folder)/parts"))
    let status = try plan.status()
    #expect(status.isMerged && status.isComplete && status.resubmit.isEmpty)
    #expect(try plan.merge().isReused)
}

@Test func aMeasuredBatchLeavesNothingBehind() throws {
    let small = try SmallBuild()
    let plan = try small.planned(shards: 3)
    let before = small.scratch.files(in: "shards")
    let estimate = try plan.measure(plan.build())
    #expect(small.scratch.files(in: "shards") == before)
    #expect(FileManager.default.subpaths(atPath: plan.folder) == ["plan.json"])
    #expect(estimate.secondsPerView > 0 && estimate.startSeconds > 0 && estimate.memory > 200 << 20)
}
