import Adapter
import Core
import FeatureStore
import Foundation
import Studies
import TensorFiles
import TestSupport
import Testing

/// The demo's features, 48 items of each of 12 classes, whose labels and rows a test changes before writing them.
private struct DemoItems {
    var labels: [Int]
    var rows: [[Float]]

    init() throws {
        let images = try NpyFile(path: fixture("demo/images.npy"))
        let values = images.tensor.floats()
        rows = (0 ..< images.shape[0]).map { Array(values[$0 * 64 ..< ($0 + 1) * 64]) }
        let classes = try NpyFile(path: fixture("demo/labels.npy"))
        labels = try classes.tensor.integers()
    }

    /// Items of every class: those whose number within the class is in `range`.
    func items(_ range: Range<Int>) -> [Int] { rows.indices.filter { range.contains($0 % 48) } }

    func write(_ items: [Int], as subset: Subset, in folder: String, images: [UInt64]? = nil) throws(Fault) {
        let kind = FeatureFile.Kind(subset)
        var writer = try FeatureWriter(
            path: "\(folder)/\(kind.fileName)", part: kind, shape: FeatureShape(count: items.count, width: 64))
        for row in items.map({ rows[$0] }) { try writer.append(row.span) }
        try writer.commit(
            PartItems(
                labels: items.map { Int32(labels[$0]) }, ids: items.map { "\($0).png" },
                classes: (0 ..< 12).map { "class \($0)" }, images: images),
            provenance: Provenance(tool: "test", inputs: [], settings: [:]))
    }
}

@Test func plantedWrongLabelsAreOnTop() throws {
    let scratch = try ScratchFolder()
    var demo = try DemoItems()
    let planted = Array(stride(from: 3, to: 576, by: 29))
    for (place, item) in planted.enumerated() { demo.labels[item] = (demo.labels[item] + 1 + place % 11) % 12 }
    try demo.write(demo.items(0 ..< 28), as: .train, in: scratch.path)
    try demo.write(demo.items(28 ..< 48), as: .test, in: scratch.path)
    let suspects = try SuspectLabels(features: scratch.path)
    #expect(suspects.items.count == 576 && suspects.loneClasses.isEmpty)
    let names = Set(planted.map { "\($0).png" })
    let top = suspects.items.prefix(planted.count).filter { names.contains($0.item) }
    // The noise of these features alone gives some items the looks of another class.
    #expect(top.count >= planted.count * 8 / 10, "\(top.count) of \(planted.count)")
    let issues = suspects.issues.filter { names.contains($0.item) }
    #expect(issues.count >= planted.count / 2 && suspects.issues.count <= 2 * planted.count)
    #expect(suspects.issues.allSatisfy { $0.label != $0.suggestion })
    #expect(Set(suspects.items.map(\.subset)) == [.train, .test])
}

@Test func suspectsDependOnTheSeedAndAreRanked() throws {
    let scratch = try ScratchFolder()
    let demo = try DemoItems()
    try demo.write(demo.items(0 ..< 48), as: .train, in: scratch.path)
    let first = try SuspectLabels(features: scratch.path)
    #expect(try SuspectLabels(features: scratch.path).items == first.items)
    #expect(try SuspectLabels(features: scratch.path, seed: 2).items != first.items)
    let confidences = first.items.map(\.self_confidence)
    #expect(confidences == confidences.sorted())
    try first.writeProbabilities(to: scratch.file("p.npy"))
    #expect(try NpyFile(path: scratch.file("p.npy")).shape == [576, 12])
}

@Test func aClassOfOneItemIsNamedAndNotJudged() throws {
    let scratch = try ScratchFolder()
    let demo = try DemoItems()
    try demo.write(demo.items(0 ..< 6).filter { demo.labels[$0] != 4 } + [200], as: .train, in: scratch.path)
    let suspects = try SuspectLabels(features: scratch.path)
    #expect(suspects.loneClasses == ["class 4"] && suspects.items.count == 66)
    #expect(!suspects.items.contains { $0.item == "200.png" })
    #expect(fault { _ = try SuspectLabels(features: scratch.path, folds: 1) }?.status == .configuration)
    #expect(fault { _ = try SuspectLabels(features: scratch.path, subset: .val) }?.status == .noInput)
}

@Test func equalImagesComeBeforeEqualFeaturesAndNearOnes() throws {
    let scratch = try ScratchFolder()
    var demo = try DemoItems()
    demo.rows[40] = demo.rows[2]
    demo.rows[88] = demo.rows[50].map { $0 * 4 }
    demo.rows[136] = demo.rows[98]
    demo.rows[136][0] += 0.25
    let train = demo.items(0 ..< 28)
    let test = demo.items(28 ..< 48)
    var checksums = test.map { UInt64($0) }
    checksums[try #require(test.firstIndex(of: 141))] = 3
    try demo.write(train, as: .train, in: scratch.path, images: train.map { UInt64($0) })
    // Item 141 has the checksum of item 3; its features are the same image's.
    demo.rows[141] = demo.rows[3]
    try demo.write(test, as: .test, in: scratch.path, images: checksums)
    let pairs = try NearDuplicate.all(in: scratch.path, threshold: 0.97)
    #expect(pairs.map(\.kind) == [.image, .features, .features, .cosine], "\(pairs)")
    #expect(pairs.map(\.item) == ["3.png", "2.png", "50.png", "98.png"])
    #expect(pairs.map(\.other) == ["141.png", "40.png", "88.png", "136.png"])
    #expect(pairs[0].label == "class 0" && pairs[0].other_label == "class 2")
    #expect(pairs.prefix(3).allSatisfy { $0.cosine == 1 } && pairs[3].cosine < 1)
    #expect(pairs.allSatisfy { $0.subset == .train && $0.other_subset == .test })
}

@Test func aThresholdThatNearlyAllPairsReachIsRefused() throws {
    let scratch = try ScratchFolder()
    let demo = try DemoItems()
    try demo.write(demo.items(0 ..< 28), as: .train, in: scratch.path)
    #expect(fault { _ = try NearDuplicate.all(in: scratch.path) }?.found == "1 subset")
    try demo.write(demo.items(28 ..< 48), as: .test, in: scratch.path)
    for threshold: Float in [0, -1, 1.5, .nan] {
        #expect(fault { _ = try NearDuplicate.all(in: scratch.path, threshold: threshold) }?.status == .configuration)
    }
}
