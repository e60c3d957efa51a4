import Core
import FeatureStore
import Foundation
import TestSupport
import Testing

private func write(_ parts: [FeatureFile.Kind], to folder: String, _ change: (inout Sample) -> Void = { _ in }) throws {
    for part in parts {
        var sample = Sample(part: part, count: 3, views: 2, width: 8, seed: 3)
        sample.classes = ["apple", "Bär", "cat"]
        if part == parts.last { change(&sample) }
        try sample.write(to: "\(folder)/\(part.fileName)")
    }
}

@Test func aFolderListsItsFiles() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("whurs19-rn50")
    try write([.train, .test, .text], to: path)
    let folder = try FeatureFolder(path: path + "/")
    #expect(folder.name == "whurs19-rn50")
    #expect(folder.parts == [.train, .test, .text] && folder.missing == [.val])
    #expect(folder.width == 8 && folder.classes == ["apple", "Bär", "cat"] && folder.model == "tiny")
    #expect(try folder.open(.test).count == 3)
    #expect(try folder.text().classes == folder.classes)
    #expect(throws: Fault.self) { _ = try folder.open(.val).count }
    try Sample(part: .test, count: 4, views: 2, width: 8).write(to: folder.path(of: .test))
    #expect(fault { _ = try folder.open(.test) }?.status == .tryAgain)
}

@Test func filesThatDisagreeAreRejectedWithBothValues() throws {
    let scratch = try ScratchFolder()
    let cases: [(String, (inout Sample) -> Void, found: String, expected: String)] = [
        ("model", { $0.provenance.settings["model"] = "other" }, "the model 'other'", "the model 'tiny' as in "),
        ("name", { $0.classes[1] = "bee" }, "'bee' as class 1", "'Bär' as class 1 as in "),
        ("count", { $0.classes.append("dog") }, "4 classes", "3 classes as in "),
        ("width", { $0 = Sample(part: $0.part, count: 3, width: 4) }, "width 4", "width 8 as in "),
    ]
    for (name, change, found, expected) in cases {
        let path = scratch.file(name)
        try write([.train, .test], to: path, change)
        let rejection = fault { try FeatureFolder(path: path) }
        #expect(rejection?.found == found && rejection?.expected == expected + "\(path)/train.h5")
        #expect(rejection?.subject == "\(path)/test.h5")
        #expect(try !Verification(of: path).isSound)
    }
}

@Test func anEmptyFolderIsNoInput() throws {
    let scratch = try ScratchFolder()
    for path in [scratch.path, scratch.file("none")] {
        #expect(fault { try FeatureFolder(path: path) }?.status == .noInput)
    }
}

@Test func verificationFindsZeroRowsAndDuplicateNames() throws {
    let scratch = try ScratchFolder()
    var sample = Sample(count: 6, views: 2, width: 8)
    for index in 5 * 8 ..< 6 * 8 { sample.values[index] = 0 }
    sample.ids[4] = sample.ids[1]
    try sample.write(to: scratch.file("train.h5"))
    let wrong = try Verification(of: scratch.file("train.h5")).reports[0].findings.filter { !$0.isSound }
    #expect(wrong.map(\.check) == ["zero rows", "ids"])
    #expect(wrong[0].detail.contains("row 2, view 1") && wrong[1].detail.contains("appears twice"))
}

@Test func repackingAFolderReplacesEachFile() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("f")
    try write(FeatureFile.Kind.allCases, to: path)
    let before = try FeatureFolder(path: path)
    #expect(try repackFeatures(at: path, to: nil, compressing: true).count == 4)
    #expect(try FeatureFolder(path: path).digests == before.digests)
    #expect(
        try repackFeatures(at: path, to: nil, compressing: true).allSatisfy { $0.line.hasSuffix("already compressed") })
    #expect(try FeatureFile(path: before.path(of: .train)).isCompressed)
    #expect(try repackFeatures(at: path, to: scratch.file("g"), compressing: false).count == 4)
    #expect(try FeatureFolder(path: scratch.file("g")).digests == before.digests)
    #expect(try Verification(of: path).isSound && Verification(of: scratch.file("g")).isSound)
}

@Test func aSummaryCountsItemsAndNorms() throws {
    let scratch = try ScratchFolder()
    var sample = Sample(count: 5, views: 1, width: 4, type: .float32)
    for row in 0 ..< 5 { sample.values.replaceSubrange(row * 4 ..< row * 4 + 4, with: [Float(row + 1), 0, 0, 0]) }
    sample.labels = [0, 0, 0, 2, 2]
    try sample.write(to: scratch.file("train.h5"))
    let summary = try FeatureSummary(FeatureFile(path: scratch.file("train.h5")))
    #expect(summary.norms.minimum == 1 && summary.norms.maximum == 5 && summary.norms.mean == 3)
    #expect(summary.itemsPerClass?.maximum == 3 && summary.itemsPerClass?.empty == 1)
    #expect(summary.page.contains("5 items x 1 views x 4 float32"))
}

@Test func aFolderWhoseFilesAreBeingPublishedReportsTryAgain() throws {
    let scratch = try ScratchFolder()
    try write([.train, .test], to: scratch.path)
    _ = try FeatureFolder(path: scratch.path)
    try scratch.write("[]", ".unfinished/complete.json")
    #expect(fault { _ = try FeatureFolder(path: scratch.path) }?.status == .tryAgain)
}

@Test func rowsOfTheLargestNumbersAreFinite() throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("train.h5")
    var sample = Sample(count: 2, views: 1, width: 9, type: .float32)
    sample.values = Array(repeating: .greatestFiniteMagnitude, count: 9) + [1, 0, 0, 0, 0, 0, 0, 0, 0]
    try sample.write(to: path)
    let verification = try Verification(of: path)
    #expect(verification.isSound, "\(verification.page)")
    let summary = try FeatureSummary(FeatureFile(path: path))
    #expect(summary.norms.maximum == .greatestFiniteMagnitude)
    #expect(summary.page.contains("1.000 to ") && summary.page.contains("e+38"))
}
