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
        let plan = try small.planned(shards: 2, change)
        try plan.work([0, 1])
        self.small = small
        self.plan = plan
        expected = alone.features
    }

    /// Changes a file of the plan's folder.
    func damage(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
        let place = "\(plan.folder)/\(name)"
        var content = try bytes(of: place)
        change(&content)
        try Data(content).write(to: URL(filePath: place))
    }

    /// Does what `status` names: runs the workers of the shards.
    func followStatus(naming shards: [Int]) throws {
        #expect(try plan.status().resubmit == shards)
        try plan.work(shards)
        #expect(try plan.status().resubmit.isEmpty)
    }

    /// Merges the shards to the expected files.
    func expectMerge() throws {
        try plan.merge()
        #expect(try plan.merged == expected)
    }
}

/// Damage inside of the features, which start at byte 16,384; neither sizes nor seals show it.
private func flipRows(_ bytes: inout [UInt8]) {
    for place in 16_384 ..< 16_896 { bytes[place] ^= 0xFF }
}

@Test(arguments: ["00001.test.h5", "00000.train.h5"])
func aFinishedShardWithDamagedRowsIsMadeAgainByItsWorker(part: String) throws {
    let shards = try FinishedShards()
    let sound = try bytes(of: "\(shards.plan.folder)/parts/\(part)")
    try shards.damage("parts/\(part)", flipRows)
    #expect(try shards.plan.status(everyByte: false).isComplete)
    #expect(try shards.plan.status().unfinished.map(\.state) == [.corrupt])
    let refused = fault { try shards.plan.merge() }
    #expect(refused?.status == .badData && refused?.remedy.contains("status") == true, "\(String(describing: refused))")
    #expect(try shards.plan.merged.isEmpty)
    try shards.followStatus(naming: [part.hasPrefix("00000") ? 0 : 1])
    #expect(try bytes(of: "\(shards.plan.folder)/parts/\(part)") == sound)
    try shards.expectMerge()
}

@Test func aShardWhoseRecordIsDamagedIsMadeAgain() throws {
    let shards = try FinishedShards()
    try shards.damage("parts/00001.json") { $0.removeLast(20) }
    #expect(try shards.plan.status().unfinished.first?.detail.contains("run its worker again") == true)
    try shards.followStatus(naming: [1])
    try shards.expectMerge()
}

@Test(arguments: ["parts/00001.json", "plan.json"])
func everyFlippedBitOfARecordIsNoticed(name: String) throws {
    let shards = try FinishedShards()
    let path = "\(shards.plan.folder)/\(name)"
    let sound = try bytes(of: path)
    let first = String(decoding: sound, as: UTF8.self).range(of: "checksum")?.lowerBound
    let key = first.map { String(decoding: sound, as: UTF8.self)[..<$0].utf8.count } ?? 0
    // Without the name of the checksum, the record looks like one of an earlier version.
    for place in sound.indices where !(key ..< key + 8).contains(place) {
        for bit in [UInt8(1), 32] {
            var bytes = sound
            bytes[place] ^= bit
            try Data(bytes).write(to: URL(filePath: path))
            let status = try? ShardPlan(path: shards.plan.path).status(everyByte: false)
            #expect(status?.isComplete != true, "byte \(place), bit \(bit)")
        }
    }
}

@Test func aMissingPartOfAVirtualFileIsAFindingAndMadeAgain() throws {
    let shards = try FinishedShards()
    try shards.plan.merge(keepsParts: true)
    let sound = try shards.plan.merged
    try FileManager.default.removeItem(atPath: "\(shards.plan.folder)/parts/00000.train.h5")
    let verification = try Verification(of: shards.plan.folder)
    #expect(!verification.isSound && verification.page.contains("restore the file"))
    try shards.followStatus(naming: [0])
    #expect(try Verification(of: shards.plan.folder).isSound)
    #expect(try shards.plan.merged == sound)
}

@Test func damagedMergedFilesAreMadeAgainByReplacing() throws {
    let shards = try FinishedShards()
    try shards.plan.merge()
    try shards.damage("test.h5", flipRows)
    #expect(try !Verification(of: shards.plan.folder).isSound)
    var build = try shards.plan.build()
    build.replaces = true
    _ = try shards.plan.merge(build)
    #expect(try shards.plan.merged == shards.expected)
}

@Test func imagesThatWereCorrectedAreEncodedByTheWorkersThatTheMergeNames() throws {
    let small = try SmallBuild()
    try small.build("alone").run()
    let sound = try small.replaceImage(.test, 3, by: "no image".utf8)
    let plan = try small.planned(shards: 2)
    var lenient = try plan.build()
    lenient.maximumSkipped = 1
    try plan.work(on: [0, 1], lenient)
    let refused = fault { try plan.merge() }
    #expect(refused?.remedy.contains("the shards 1 of") == true, "\(String(describing: refused))")
    // Not before the image is sound again.
    #expect(fault { try plan.work([1]) }?.status == .badData)
    try small.replaceImage(.test, 3, by: sound)
    try plan.work([1])
    try plan.merge()
    #expect(try plan.merged == small.build("alone").features)
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
    try shards.expectMerge()
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

@Test(arguments: [0.3, 0.5, 0.9]) func damagedTextFeaturesOfAnUnfinishedBuildAreMadeAgain(place: Double) throws {
    let small = try SmallBuild()
    try small.build("alone").run()
    let build = small.build("features")
    let sound = try small.replaceImage(.test, 3, by: "no image".utf8)
    #expect(fault { try build.run() }?.status == .badData)
    var text = try bytes(of: small.scratch.file("features/.unfinished/text.h5"))
    text[Int(place * Double(text.count))] ^= 1
    try small.scratch.write(text, "features/.unfinished/text.h5")
    try small.replaceImage(.test, 3, by: sound)
    try build.run()
    #expect(build.features == small.build("alone").features)
}
