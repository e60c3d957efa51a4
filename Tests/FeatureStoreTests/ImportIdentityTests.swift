import Core
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

private func contents(_ sources: ImportSources) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in sources.outputFiles {
        contents[name] = try Data(contentsOf: URL(filePath: "\(sources.output)/\(name)"))
    }
    return contents
}

@Test func outputOfEqualInputsIsReused() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    let job = try sources.write()
    _ = try job.run()
    let before = try contents(sources)
    let outcome = try job.run()
    let after = try contents(sources)
    #expect(outcome.isReused && outcome.files.count == 4 && before == after)
}

@Test func otherSettingsAreRejectedWithBothValuesUnlessReplaced() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    _ = try job.run()
    let before = try contents(sources)
    job.settings.model = "another"
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.status == .cannotCreate && rejected?.subject == "\(sources.output)/train.h5")
    #expect(rejected?.found == "features made with model 'tiny'" && rejected?.expected.contains("'another'") == true)
    #expect(rejected?.remedy.contains("replace") == true)
    #expect(try contents(sources) == before)
    job.settings.replaces = true
    #expect(try !job.run().isReused)
    #expect(try FeatureFolder(path: sources.output).model == "another")
}

@Test func otherContentIsRejectedWithBothDigests() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    let job = try sources.write()
    _ = try job.run()
    try sources.overwrite("images.npy", sources.images.map { $0 + 1 }, shape: sources.imageShape, .float16)
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.found.hasPrefix("features made with images '") == true)
}

@Test func onlyWhatHasChangedIsReplaced() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    _ = try job.run()
    try sources.overwrite("rows/test.npy", [6, 11])
    #expect(fault { () throws(Fault) in try job.run() }?.found.hasPrefix("features made with rows '") == true)
    job.settings.replaces = true
    let outcome = try job.run()
    #expect(outcome.files.map(\.isReused) == [true, true, false, true])
    #expect(try Sample(reading: "\(sources.output)/test.h5").ids == ["6", "11"])
}

@Test func aRejectedReplacementChangesNothing() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    _ = try job.run()
    let before = try contents(sources)
    var values = sources.images
    values[11 * 8 + 3] = .nan
    try sources.overwrite("images.npy", values, shape: sources.imageShape, .float16)
    job.settings.replaces = true
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.found == "a value that is infinite or not a number in row 11")
    #expect(try contents(sources) == before)
}

@Test func aDamagedOutputIsNotTakenForAnImport() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    _ = try job.run()
    try Data([1, 2, 3]).write(to: URL(filePath: "\(sources.output)/val.h5"))
    #expect(fault { () throws(Fault) in try job.run() }?.status == .cannotCreate)
    job.settings.replaces = true
    #expect(try job.run().files.map(\.isReused) == [true, false, true, true])
}

@Test func anOutputThatIsAFileIsRejected() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    let job = try sources.write()
    try Data([1]).write(to: URL(filePath: sources.output))
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.status == .cannotCreate && rejected?.subject == sources.output)
}
