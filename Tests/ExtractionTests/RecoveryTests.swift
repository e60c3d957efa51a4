import Core
import Extraction
import FeatureStore
import Foundation
import TestSupport
import Testing

/// A finished plan of two shards, and the feature files that it must become.
private struct FinishedShards: ~Copyable {
    let small: SmallBuild
    let plan: ShardPlan
    let expected: [String: Data]

    init(_ change: (inout FeatureBuild) -> Void = { _ in }) throws {
        let small = try SmallBuild()
        let alone = small.build("alone", change)
        try alone.run()
        let plan = try ShardPlan(small.build("shards", change), shards: 2)
        _ = try plan.write(replaces: false)
        try plan.work(on: [0, 1], plan.build())
        self.small = small
        self.plan = plan
        expected = alone.files.filter { $0.key.hasSuffix(".h5") }
    }

    var merged: [String: Data] {
        get throws { try plan.build().files.filter { $0.key.hasSuffix(".h5") } }
    }

    /// Changes a file of the plan's folder.
    func damage(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
        let place = "\(plan.folder)/\(name)"
        var content = try bytes(of: place)
        change(&content)
        try Data(content).write(to: URL(filePath: place))
    }

    /// Does what `status` names: runs the workers of the shards, and joins the parts.
    func followStatus(naming shards: [Int]) throws {
        #expect(try plan.status().resubmit == shards)
        try plan.work(on: plan.status().resubmit, plan.build())
        #expect(try plan.status().resubmit.isEmpty)
    }
}

/// Damage inside of the features, which neither sizes nor seals show.
private func flipRows(_ bytes: inout [UInt8]) {
    for place in bytes.count * 3 / 5 ..< bytes.count * 3 / 5 + 512 { bytes[place] ^= 0xFF }
}

@Test(arguments: ["00001.test.h5", "00000.train.h5"])
func aFinishedShardWithDamagedRowsIsMadeAgainByItsWorker(part: String) throws {
    let shards = try FinishedShards()
    let sound = try bytes(of: "\(shards.plan.folder)/parts/\(part)")
    try shards.damage("parts/\(part)", flipRows)
    let refused = fault { _ = try shards.plan.merge(shards.plan.build()) }
    #expect(refused?.remedy.contains("status") == true, "\(String(describing: refused))")
    try shards.followStatus(naming: [part.hasPrefix("00000") ? 0 : 1])
    #expect(try bytes(of: "\(shards.plan.folder)/parts/\(part)") == sound)
    _ = try shards.plan.merge(shards.plan.build())
    #expect(try shards.merged == shards.expected)
}

@Test func aShardWhoseRecordIsDamagedIsMadeAgain() throws {
    let shards = try FinishedShards()
    try shards.damage("parts/00001.json") { $0.removeLast(20) }
    #expect(try shards.plan.status().unfinished.first?.detail.contains("run its worker again") == true)
    try shards.followStatus(naming: [1])
    _ = try shards.plan.merge(shards.plan.build())
    #expect(try shards.merged == shards.expected)
}

@Test func aMissingPartOfAVirtualFileIsAFindingAndMadeAgain() throws {
    let shards = try FinishedShards()
    _ = try shards.plan.merge(shards.plan.build(), keepsParts: true)
    let sound = try shards.merged
    try FileManager.default.removeItem(atPath: "\(shards.plan.folder)/parts/00000.train.h5")
    let verification = try Verification(of: shards.plan.folder)
    #expect(!verification.isSound && verification.page.contains("restore the file"))
    try shards.followStatus(naming: [0])
    #expect(try Verification(of: shards.plan.folder).isSound)
    #expect(try shards.merged == sound)
}

@Test func damagedMergedFilesAreMadeAgainByReplacing() throws {
    let shards = try FinishedShards()
    _ = try shards.plan.merge(shards.plan.build())
    try shards.damage("test.h5", flipRows)
    #expect(try !Verification(of: shards.plan.folder).isSound)
    var build = try shards.plan.build()
    build.replaces = true
    _ = try shards.plan.merge(build)
    #expect(try shards.merged == shards.expected)
}

@Test func imagesThatWereCorrectedAreEncodedByTheWorkersThatTheMergeNames() throws {
    let small = try SmallBuild()
    try small.build("alone").run()
    let image = try small.image(.test, 3)
    let sound = try bytes(of: image)
    try Data("no image".utf8).write(to: URL(filePath: image))
    let plan = try ShardPlan(small.build("shards"), shards: 2)
    _ = try plan.write(replaces: false)
    var lenient = try plan.build()
    lenient.maximumSkipped = 1
    try plan.work(on: [0, 1], lenient)
    let refused = fault { _ = try plan.merge(plan.build()) }
    #expect(refused?.remedy.contains("--shard 1") == true, "\(String(describing: refused))")
    // Not before the image is sound again.
    #expect(fault { try plan.work(on: [1], plan.build()) }?.status == .badData)
    try Data(sound).write(to: URL(filePath: image))
    try plan.work(on: [1], plan.build())
    _ = try plan.merge(plan.build())
    let alone = small.build("alone").files
    #expect(try plan.build().files.filter { $0.key.hasSuffix(".h5") } == alone.filter { $0.key.hasSuffix(".h5") })
}

@Test func aDamagedPlanIsReplacedAndItsPartsStay() throws {
    let shards = try FinishedShards()
    try shards.damage(ShardPlan.fileName) { $0.removeLast(9) }
    for replaces in [false, true] {
        let plan = try ShardPlan(shards.small.build("shards"), shards: 2)
        let refused = fault { _ = try plan.write(replaces: replaces) }
        #expect(replaces ? refused == nil : refused?.remedy.contains("replace") == true)
    }
    #expect(try shards.plan.status().isComplete)
    _ = try shards.plan.merge(shards.plan.build())
    #expect(try shards.merged == shards.expected)
}

@Test func aDamagedListOfCompleteFilesStopsNoBuild() throws {
    let small = try SmallBuild()
    let build = small.build("features")
    try build.run()
    let sound = build.files
    try small.scratch.write("[\"train", "features/\(FeatureFolder.completeName)")
    try FileManager.default.removeItem(atPath: small.scratch.file("features/test.h5"))
    try build.run()
    #expect(build.files == sound)
}

@Test func anImageThatWasLeftOutIsAddedOnceItIsSound() throws {
    let small = try SmallBuild()
    try small.build("whole").run()
    let image = try small.image(.train, 2)
    let sound = try bytes(of: image)
    try Data("no image".utf8).write(to: URL(filePath: image))
    try small.build("features") { $0.maximumSkipped = 1 }.run()
    try Data(sound).write(to: URL(filePath: image))
    let refused = fault { try small.build("features").run() }
    #expect(refused?.remedy.contains("extend") == true, "\(String(describing: refused))")
    try small.build("features") { $0.extends = true }.run()
    #expect(small.build("features").files == small.build("whole").files)
}
