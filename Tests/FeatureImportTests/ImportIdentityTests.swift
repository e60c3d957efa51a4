import Core
import FeatureImport
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

@Test func outputOfEqualInputsIsReused() throws {
    let sources = try ImportSources()
    _ = try sources.job.run()
    let before = sources.imported
    let outcome = try sources.job.run()
    #expect(outcome.isReused && outcome.files.count == 4 && before == sources.imported)
}

@Test func otherSettingsAreRejectedWithBothValuesUnlessReplaced() throws {
    let sources = try ImportSources()
    _ = try sources.job.run()
    let before = sources.imported
    sources.job.settings.model = "another"
    let rejected = sources.rejection
    #expect(rejected?.status == .cannotCreate && rejected?.subject == "\(sources.output)/train.h5")
    #expect(rejected?.found == "features made with model 'tiny'" && rejected?.expected.contains("'another'") == true)
    #expect(rejected?.remedy.contains("replace") == true)
    #expect(sources.imported == before)
    sources.job.settings.replaces = true
    #expect(try !sources.job.run().isReused)
    #expect(try FeatureFolder(path: sources.output).model == "another")
}

@Test func otherContentIsRejectedWithBothDigests() throws {
    let sources = try ImportSources()
    _ = try sources.job.run()
    try sources.overwrite("images.npy", sources.images.map { $0 + 1 }, shape: sources.imageShape, .float16)
    #expect(sources.rejection?.found.hasPrefix("features made with images '") == true)
}

@Test func onlyWhatHasChangedIsReplaced() throws {
    let sources = try ImportSources()
    _ = try sources.job.run()
    try sources.overwrite("rows/test.npy", [6, 11])
    #expect(sources.rejection?.found.hasPrefix("features made with rows '") == true)
    sources.job.settings.replaces = true
    #expect(try sources.job.run().files.map(\.isReused) == [true, true, false, true])
    #expect(try sources.sample("test").ids == ["6", "11"])
}

@Test func aRejectedReplacementChangesNothing() throws {
    let sources = try ImportSources()
    _ = try sources.job.run()
    let before = sources.imported
    try sources.overwriteImages(11 * 8 + 3 ..< 11 * 8 + 4, .nan, .float16)
    sources.job.settings.replaces = true
    #expect(sources.rejection?.found == "a value that is infinite or not a number in row 11")
    #expect(sources.imported == before)
}

@Test func aDamagedOutputIsNotTakenForAnImport() throws {
    let sources = try ImportSources()
    _ = try sources.job.run()
    try sources.put("123", "study/val.h5")
    #expect(sources.rejection?.status == .cannotCreate)
    sources.job.settings.replaces = true
    #expect(try sources.job.run().files.map(\.isReused) == [true, false, true, true])
}

@Test func anOutputThatIsAFileIsRejected() throws {
    let sources = try ImportSources()
    try sources.put("1", "study")
    let rejected = sources.rejection
    #expect(rejected?.status == .cannotCreate && rejected?.subject == sources.output)
}
