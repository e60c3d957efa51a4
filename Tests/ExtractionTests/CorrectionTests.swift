import CLIP
import Core
import Extraction
import FeatureStore
import Foundation
import Images
import Splits
import TestSupport
import Testing

extension SmallBuild {
    /// Changes the split, and returns the build that updates the features with it.
    fileprivate func corrected(_ change: (inout Split) throws -> Void) throws -> FeatureBuild {
        var split = try split
        try change(&split)
        try split.write(to: build.split)
        var build = build
        build.extends = true
        return build
    }

    /// Runs `build` and compares its files with those of a build from scratch; returns the number of encoded views.
    fileprivate func expectFilesFromScratch(_ build: FeatureBuild) throws -> (encoded: Int, notes: [String]) {
        var notes: [String] = []
        var events = BuildEvents()
        events.note = { notes.append($0) }
        let outcome = try build.run(events)
        var whole = build
        whole.output = scratch.file("whole \(UUID())")
        try whole.run()
        #expect(build.features == whole.features)
        return (outcome.encoded, notes)
    }
}

extension ItemList {
    fileprivate mutating func relabel(_ row: Int, _ label: Int) {
        self = ItemList(enumerated().map { Item(path: $1.path, label: $0 == row ? label : $1.label) })
    }
}

@Test func anImageThatWasLeftOutIsNotNew() throws {
    let small = try SmallBuild()
    try small.replaceImage(.test, 0, by: "no image".utf8)
    var first = small.build
    first.maximumSkipped = 1
    #expect(try first.run().skipped.count == 1)
    var build = try small.corrected { $0.test.relabel(1, 3) }
    build.maximumSkipped = 1
    let path = try small.split.test[1].path
    let (encoded, notes) = try small.expectFilesFromScratch(build)
    #expect(encoded == 0)
    #expect(notes.contains("since the last build, 1 item has another class (\(path))"), "\(notes)")
}

@Test func aCorrectedLabelEncodesNothing() throws {
    let small = try SmallBuild()
    try small.build.run()
    let build = try small.corrected { split in
        split.train.relabel(5, 7)
        split.test.relabel(0, 3)
    }
    let path = try small.split.train[5].path
    let refused = fault { try small.build.run() }
    #expect(refused?.status == .cannotCreate && refused?.expected == "those of badges.split.json")
    let test = try small.split.test[0].path
    #expect(refused?.found == "features of another split: now 2 items have another class (\(path), \(test))")
    #expect(refused?.remedy.contains("extend") == true)
    let (encoded, notes) = try small.expectFilesFromScratch(build)
    #expect(encoded == 0)
    #expect(notes.contains("since the last build, 2 items have another class (\(path), \(test))"))
    #expect(notes.contains("the features of 224 of 224 images are kept: their files are the same"))
    #expect(try build.file(.train).labels()[5] == 7)
}

@Test func onlyNewItemsAreEncoded() throws {
    let small = try SmallBuild()
    let gone = try small.split.train[3].path
    // The first build lacks an item of train and one of val.
    let lacking = try small.corrected { split in
        split.train = ItemList(split.train.dropLast(1))
        split.val = ItemList(split.val.dropFirst(1))
    }
    try lacking.run()
    let build = try small.corrected { split in
        let whole = try SmallBuild().split
        split.train = ItemList(whole.train.filter { $0.path != gone })
        split.val = whole.val
    }
    // Three views of the train item and one of the val item.
    #expect(try small.expectFilesFromScratch(build).encoded == 4)
    #expect(try build.file(.train).count == 63)
}

@Test func anItemInAnotherSubsetKeepsItsPlainView() throws {
    let small = try SmallBuild()
    try small.build.run()
    let build = try small.corrected { split in
        let train = split.train
        let test = split.test
        split.train = ItemList(Array(train.dropFirst(2)) + [test[0]])
        split.test = ItemList(Array(test.dropFirst(1)) + train.prefix(2))
    }
    // Two random views of the item that is new in train.
    #expect(try small.expectFilesFromScratch(build).encoded == 2)
}

@Test func anImageInAnotherFolderKeepsItsPlainView() throws {
    let small = try SmallBuild()
    try small.build.run()
    let build = try small.corrected { split in
        for (subset, row) in [(Subset.train, 2), (.test, 9)] {
            let path = split[subset][row].path
            let moved = "\(parentFolder(of: split[subset][row + 1].path))/moved \(lastComponent(of: path))"
            let images = "\(small.build.root)/images"
            try FileManager.default.moveItem(atPath: "\(images)/\(path)", toPath: "\(images)/\(moved)")
            split[subset] = ItemList(
                split[subset].enumerated().map { $0 == row ? Item(path: moved, label: 1) : $1 })
        }
    }
    #expect(try small.expectFilesFromScratch(build).encoded == 2)
}

@Test func aChangedImageIsEncodedAgain() throws {
    let small = try SmallBuild()
    try small.build.run()
    try small.replaceImage(.test, 4, by: bytes(of: small.image(.test, 11)))
    let build = try small.corrected { $0.test.relabel(0, 3) }
    #expect(try small.expectFilesFromScratch(build).encoded == 1)
}

@Test func aNewClassEncodesItsPromptsOnly() throws {
    let small = try SmallBuild()
    try small.build.run()
    let build = try small.corrected { split in
        split.classes.append("gray cloud")
        split.train.relabel(0, 16)
    }
    var prompts = 0
    var events = BuildEvents()
    events.progress = { progress throws(Fault) in if progress.what == "prompts" { prompts = progress.total } }
    #expect(try build.run(events).encoded == 0)
    #expect(prompts == 2)
    var whole = build
    whole.output = small.scratch.file("whole")
    try whole.run()
    #expect(build.features == whole.features)
}

@Test func replacementKeepsRowsOfTheSameEncoderOnly() throws {
    let small = try SmallBuild()
    try small.build.run()
    var build = try small.corrected { $0.test.relabel(0, 3) }
    build.extends = false
    build.replaces = true
    #expect(try small.expectFilesFromScratch(build).encoded == 0)
    // Other crops have the same plain views.
    build.augmentation = .dassl
    #expect(try small.expectFilesFromScratch(build).encoded == 2 * 64)
    build.passes = .fixed
    #expect(try small.expectFilesFromScratch(build).encoded == 3 * 64 + 16 + 160)
    build.type = .float32
    #expect(try small.expectFilesFromScratch(build).encoded == 3 * 64 + 16 + 160)
    build.activation = .gelu
    #expect(try small.expectFilesFromScratch(build).encoded == 3 * 64 + 16 + 160)
}

@Test func damagedRowsAreNotKept() throws {
    let small = try SmallBuild()
    try small.build.run()
    let path = "\(small.build.output)/test.h5"
    var damaged = try Data(bytes(of: path))
    damaged[try featuresOffset(damaged) + 100] ^= 4
    try damaged.write(to: URL(filePath: path))
    let build = try small.corrected { $0.test.relabel(0, 3) }
    // All values are in one block, which has one checksum.
    #expect(try small.expectFilesFromScratch(build).encoded == 160)
}

@Test func correctedShardsTakeOverTheMergedFeatures() throws {
    let small = try SmallBuild()
    let first = try small.planned(shards: 3)
    try first.work([0, 1, 2])
    try first.merge(removesParts: true)
    let whole = try small.corrected { split in
        split.train.relabel(5, 7)
        split.test = ItemList(split.test.dropLast(1))
    }
    var build = small.build("shards")
    build.replaces = true
    let plan = try ShardPlan(build, shards: 2)
    #expect(try !plan.write(replaces: true))
    var views = 0
    try plan.work(on: [0, 1], plan.build()) { outcome in
        views += outcome.stages.first { $0.stage == "encode" }?.count ?? 0
    }
    #expect(views == 0)
    var merging = try plan.build()
    merging.replaces = true
    _ = try plan.merge(merging)
    try whole.run()
    #expect(try plan.merged == whole.features)
}

@Test func samplesHoldTheTrainItemsToValidateOn() throws {
    let small = try SmallBuild()
    _ = try small.corrected { split in
        split.train = ItemList(Array(split.train) + Array(split.val))
        split.val = ItemList()
    }
    let samples = SampleRequest(shots: [1, 2], seeds: [1])
    let bare = small.build("few") { $0.samples = samples }
    try bare.run()
    var build = bare
    build.extends = true
    build.samples?.takesValFromTrain = true
    try build.run()
    let labels = try small.split.train.labels
    var expected: Set<Int> = []
    for shots in [1, 2] {
        let sample = FewShotSample(.coop, trainAndValFrom: labels, shots: shots, seed: 1)
        expected.formUnion(sample.train + (sample.val ?? []))
    }
    #expect(try build.file(.train).wholePart()?.rows.map(Int.init) == expected.sorted())
    var whole = build
    whole.output = small.scratch.file("whole")
    try whole.run()
    #expect(build.features == whole.features)
    build.samples?.scheme = .lpclip
    build.output = small.scratch.file("other")
    #expect(fault { try build.run() }?.option == "val_from_train")
}
