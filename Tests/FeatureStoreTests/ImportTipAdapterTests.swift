import Core
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

/// The cache written by `make_tip_cache.py`.
private let cache = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/tip-cache").path

/// Returns the features that the script writes.
private func features(_ rows: Int, _ width: Int) -> [Float] { (0 ..< rows * width).map { Float($0 * 7 % 23 - 9) / 8 } }

/// Returns a copy of the cache that a test may change.
private func copy(_ scratch: borrowing ScratchFolder) throws -> String {
    try FileManager.default.copyItem(atPath: cache, toPath: scratch.file("cache"))
    return scratch.file("cache")
}

@Test func aTipAdapterCacheBecomesThreeFeatureFiles() throws {
    let scratch = try ScratchFolder()
    let output = scratch.file("study")
    let outcome = try TipAdapterImport(
        folder: cache, shots: 2, settings: ImportSettings(output: output, model: "tiny")
    ).run()
    #expect(outcome.files.map(\.part.rawValue) == ["train", "val", "test"])
    #expect(outcome.notes.count == 1)
    let train = try Sample(reading: "\(output)/train.h5")
    #expect(train.values == features(6, 4) && train.type == .float16 && train.views == 1)
    #expect(train.labels == [0, 0, 1, 1, 2, 2] && train.classes == ["0", "1", "2"])
    #expect(train.provenance.settings["shots"] == "2")
    #expect(train.provenance.inputs.map(\.name) == ["keys_2shots.pt", "values_2shots.pt"])
    let val = try Sample(reading: "\(output)/val.h5")
    #expect(val.values == features(5, 4) && val.labels == [0, 1, 2, 2, 1] && val.ids == ["0", "1", "2", "3", "4"])
    #expect(try Sample(reading: "\(output)/test.h5").labels == [2, 1, 0, 0, 1, 2, 0])
    let again = TipAdapterImport(folder: cache, shots: 2, settings: ImportSettings(output: output, model: "tiny"))
    #expect(try again.run().isReused)
}

@Test func textAndClassNamesCanBeAddedToACache() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    try sources.write()
    try sources.overwrite("text.npy", features(6, 4), shape: [2, 3, 4])
    var job = TipAdapterImport(folder: cache, shots: 2, settings: ImportSettings(output: sources.output))
    job.settings.classes = sources.path("classes.json")
    job.text = sources.path("text.npy")
    let outcome = try job.run()
    #expect(outcome.files.count == 4 && outcome.notes.isEmpty)
    #expect(try FeatureFolder(path: sources.output).classes == sources.classes)
}

@Test func keysOfAnotherModelAreRejectedWithBothWidthsAndFiles() throws {
    let scratch = try ScratchFolder()
    let job = TipAdapterImport(folder: cache, shots: 1, settings: ImportSettings(output: scratch.file("study")))
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.status == .badData)
    #expect(rejected?.description.contains("\(cache)/keys_1shots.pt: found keys of width 6") == true)
    #expect(rejected?.description.contains("expected 4 as in \(cache)/val_f.pt") == true)
    #expect(!FileManager.default.fileExists(atPath: scratch.file("study")))
}

@Test func valuesThatAreNotOneHotAreRejected() throws {
    let scratch = try ScratchFolder()
    let job = TipAdapterImport(folder: cache, shots: 4, settings: ImportSettings(output: scratch.file("study")))
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.subject == "\(cache)/values_4shots.pt" && rejected?.found.hasPrefix("row 5") == true)
}

@Test(arguments: [
    ("keys_2shots.pt", "keys_4shots.pt", "12 keys"), ("keys_2shots.pt", "values_2shots.pt", "3 keys"),
    ("val_l.pt", "test_l.pt", "7 labels"), ("val_f.pt", "val_l.pt", "image features of the shape [5]"),
    ("test_l.pt", "test_f.pt", "the shape [7, 4]"),
])
func filesOfDifferentCachesAreRejected(_ name: String, _ other: String, _ found: String) throws {
    let scratch = try ScratchFolder()
    let folder = try copy(scratch)
    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    try FileManager.default.copyItem(atPath: "\(folder)/\(other)", toPath: "\(folder)/\(name)")
    let job = TipAdapterImport(folder: folder, shots: 2, settings: ImportSettings(output: scratch.file("study")))
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.found.contains(found) == true, "\(rejected?.description ?? "accepted")")
    #expect(rejected?.subject == "\(folder)/\(name)")
}

@Test(arguments: ["keys_2shots.pt", "values_2shots.pt", "val_f.pt", "val_l.pt", "test_f.pt", "test_l.pt"])
func aMissingFileOfACacheIsReported(_ name: String) throws {
    let scratch = try ScratchFolder()
    let folder = try copy(scratch)
    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    let job = TipAdapterImport(folder: folder, shots: 2, settings: ImportSettings(output: scratch.file("study")))
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.status == .noInput && rejected?.subject == "\(folder)/\(name)")
    #expect(!FileManager.default.fileExists(atPath: scratch.file("study")))
}

@Test func aSafetensorsFileGivesTheSameFeaturesAsNpyFiles() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    let npy = try sources.write()
    _ = try npy.run()
    try writeSafetensors(
        [
            "img": converted(sources.images, sources.imageShape, .float16), "lab": Tensor(sources.labels, shape: [12]),
            "txt": converted(sources.text, sources.textShape, .float32),
        ], to: sources.path("all.safetensors"))
    var job = ArrayImport(
        file: sources.path("all.safetensors"), images: "img", labels: "lab", settings: npy.settings)
    job.text = "txt"
    job.rows = npy.rows
    job.settings.output = sources.path("second")
    _ = try job.run()
    let first = try FeatureFolder(path: sources.output)
    let second = try FeatureFolder(path: sources.path("second"))
    #expect(first.parts == second.parts && first.digests == second.digests)
    job.images = "image"
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.found == "no tensor 'image'" && rejected?.expected == "one of img, lab, txt")
}

@Test func bfloat16FeaturesBecomeFloat32WithANote() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var settings = try sources.write().settings
    settings.output = sources.path("study")
    try writeSafetensors(
        ["img": converted(sources.images, sources.imageShape, .bfloat16), "lab": Tensor(sources.labels, shape: [12])],
        to: sources.path("all.safetensors"))
    var job = ArrayImport(file: sources.path("all.safetensors"), images: "img", labels: "lab", settings: settings)
    job.part = .train
    #expect(try job.run().notes.contains { $0.hasSuffix("holds bfloat16 features; they are stored as float32.") })
    #expect(try Sample(reading: "\(sources.output)/train.h5").values == sources.images)
}
