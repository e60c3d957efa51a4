import Core
import Extraction
import FeatureStore
import Foundation
import Splits
import TestSupport
import Testing

/// Stops a build after `batches` progress reports.
private func interrupt(_ build: FeatureBuild, after batches: Int) -> Fault? {
    var events = BuildEvents()
    var seen = 0
    events.progress = { _ throws(Fault) in
        seen += 1
        if seen == batches { throw Fault(.interrupted, "", found: "a request to stop") }
    }
    return fault { try build.run(events) }
}

@Test func anInterruptedBuildGoesOnToTheSameBytes() throws {
    let small = try SmallBuild()
    try small.build.run()
    var unfinished = small.build("unfinished")
    var interruptions = 0
    for threads in [1, 2, 3, 1, 2] {
        unfinished.threads = threads
        guard let stopped = interrupt(unfinished, after: 2) else { break }
        #expect(stopped.status == .interrupted)
        interruptions += 1
    }
    #expect(interruptions > 2)
    #expect(try unfinished.run().encoded < 3 * 64 + 16 + 160)
    #expect(unfinished.files == small.build.files)
}

@Test func unfinishedWorkIsGoneOnWithByItsOwnSettingsOnly() throws {
    let small = try SmallBuild()
    #expect(interrupt(small.build, after: 3)?.status == .interrupted)
    let other = small.build("features") { $0.views = 4 }
    let refused = fault { try other.run() }
    #expect(refused?.status == .cannotCreate && refused?.found.contains("views '2'") == true)
    #expect(refused?.expected.contains("'4'") == true)
    let replaced = small.build("features") {
        $0.views = 4
        $0.replaces = true
    }
    #expect(try replaced.run().encoded == 5 * 64 + 16 + 160)
}

@Test func aBuildThatWasKilledWhileItPublishedIsFinishedByTheNext() throws {
    let small = try SmallBuild()
    try small.build("whole").run()
    let build = small.build
    // The state after one of four files was moved: the others are staged, and a list names the complete set.
    let waiting = "\(build.output)/.unfinished"
    try FileManager.default.createDirectory(atPath: waiting, withIntermediateDirectories: true)
    for (name, bytes) in small.build("whole").files {
        try bytes.write(to: URL(filePath: name == "train.h5" ? "\(build.output)/\(name)" : "\(waiting)/\(name)"))
    }
    try Data(#"["train.h5","val.h5","test.h5","text.h5","../escaped.h5"]"#.utf8).write(
        to: URL(filePath: "\(waiting)/complete.json"))
    #expect(try build.run().isReused)
    #expect(build.files == small.build("whole").files && !FileManager.default.fileExists(atPath: waiting))
}

@Test func rowsOfOtherPartsAreNotTakenForThoseThatAreMissing() throws {
    let small = try SmallBuild()
    try small.build("whole").run()
    #expect(interrupt(small.build, after: 4)?.status == .interrupted)
    // With one existing file, the unfinished rows have other positions.
    try FileManager.default.copyItem(
        atPath: "\(small.build("whole").output)/train.h5", toPath: "\(small.build.output)/train.h5")
    let refused = fault { try small.build.run() }
    #expect(refused?.status == .cannotCreate && refused?.found.contains("parts") == true, "\(refused!)")
}

@Test func imagesThatCannotBeReadAreListedAndTheOthersAreKept() throws {
    let small = try SmallBuild()
    try small.build("whole").run()
    let good = try small.replaceImage(.train, 3, by: [UInt8]())
    try small.replaceImage(.train, 3, by: good.prefix(good.count / 2))
    let alsoGood = try small.replaceImage(.test, 7, by: [UInt8]())
    let refused = fault { try small.build.run() }
    #expect(refused?.status == .badData && refused?.found.hasPrefix("2 of 240 images") == true, "\(refused!)")
    let list = small.scratch.text("features/errors.tsv")
    #expect(list.split(separator: "\n").count == 3 && list.contains("train\t") && list.contains("test\t"))
    let broken = try small.split.train[3].path
    #expect(broken == list.split(separator: "\n")[1].split(separator: "\t")[1])
    #expect(small.build.files.keys.sorted() == ["errors.tsv"])

    let skipping = small.build("features") { $0.maximumSkipped = 2 }
    let outcome = try skipping.run()
    #expect(outcome.skipped.count == 2 && outcome.encoded == 0)
    #expect(outcome.files.map(\.count) == [63, 16, 159, 16])
    #expect(try skipping.file(.train).ids() == small.split.train.map(\.path).filter { $0 != broken })
    #expect(try skipping.run().isReused)

    try small.replaceImage(.train, 3, by: good)
    try small.replaceImage(.test, 7, by: alsoGood)
    let unchanged = fault { try small.build.run() }
    #expect(unchanged?.found.contains("skipped '1'") == true && unchanged?.remedy.contains("extend") == true)
    let mended = small.build("features") { $0.extends = true }
    #expect(try mended.run().encoded == 3 + 1)
    #expect(mended.files == small.build("whole").files)
}

@Test func aResumedBuildTellsHowManyViewsWereThere() throws {
    let small = try SmallBuild()
    let whole = try small.build("whole") { $0.threads = 1 }.run().encoded
    let build = small.build("unfinished") { $0.threads = 1 }
    var stages: [String: Int] = [:]
    var stopping = BuildEvents()
    stopping.progress = { progress throws(Fault) in
        stages[progress.what] = stages[progress.what] ?? progress.done
        if progress.what == "images", progress.done > 0 { throw Fault(.interrupted, "", found: "a request to stop") }
    }
    #expect(fault { try build.run(stopping) }?.status == .interrupted)
    // A stage is reported before its first batch, so that its clock starts with it.
    #expect(stages == ["prompts": 0, "images": 0])
    var notes: [String] = []
    var events = BuildEvents()
    events.note = { notes.append($0) }
    let encoded = try build.run(events).encoded
    #expect(encoded < whole && notes == ["\(whole - encoded) of \(whole) views were there already"])
}

@Test func missingImagesAreNamedBeforeAnythingIsEncoded() throws {
    let small = try SmallBuild()
    let missing = try small.image(.val, 4)
    try FileManager.default.removeItem(atPath: missing)
    var events = BuildEvents()
    events.progress = { progress throws(Fault) in #expect(progress.what == "prompts" || progress.done == 0) }
    let refused = fault { try small.build.run(events) }
    #expect(refused?.status == .badData && refused?.found.contains("no file") == true)
    try FileManager.default.removeItem(atPath: "\(small.build.root)/images")
    let gone = fault { try small.build.run() }
    #expect(gone?.status == .noInput && gone?.found == "none of the 240 images")
}

@Test func anImageThatHasChangedIsNotMixedWithItsOldViews() throws {
    let small = try SmallBuild()
    try small.build.run()
    try small.replaceImage(.train, 0, by: bytes(of: small.image(.train, 1)))
    let verification = try Verification(of: small.build.output, images: "\(small.build.root)/images")
    #expect(!verification.isSound && verification.page.contains("has changed"))
    let extended = small.build("features") {
        $0.views = 3
        $0.extends = true
    }
    let refused = fault { try extended.run() }
    #expect(refused?.found.contains("has changed since") == true, "\(refused!)")
}

@Test func anImageThatDoesNotFitIntoMemoryIsListed() throws {
    let small = try SmallBuild()
    // A black and white PNG of 8000 x 8000 pixels takes some kilobytes on disk and 183 MiB in memory.
    try small.replaceImage(.test, 0, by: bytes(of: fixture("extraction/large.png")))
    let refused = fault { try small.build("features") { $0.memory = 300 << 20 }.run() }
    #expect(refused?.found.contains("8000 x 8000 pixels") == true, "\(refused!)")
    #expect(try small.build.run().files.count == 4)
}

@Test func twoProcessesDoNotBuildTheSameFolder() throws {
    let small = try SmallBuild()
    var events = BuildEvents()
    var met: [Fault?] = []
    let build = small.build
    events.progress = { _ throws(Fault) in if met.isEmpty { met.append(fault { try build.run() }) } }
    try build.run(events)
    #expect(met.first??.status == .tryAgain)
}
