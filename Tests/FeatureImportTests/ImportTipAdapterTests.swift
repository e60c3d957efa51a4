import Core
import FeatureImport
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

/// The cache written by `make_tip_cache.py`.
private let cache = fixture("tip-cache")

/// Returns the features that the script writes.
private func features(_ rows: Int, _ width: Int) -> [Float] { (0 ..< rows * width).map { Float($0 * 7 % 23 - 9) / 8 } }

/// Returns the import of `shots` shots of a cache to a folder `study`.
private func cacheImport(_ scratch: borrowing ScratchFolder, shots: Int = 2, folder: String = cache) -> TipAdapterImport
{
    let settings = ImportSettings(output: scratch.file("study"), model: "tiny")
    return TipAdapterImport(folder: folder, shots: shots, settings: settings)
}

/// Returns the import of a copy of the cache that a test may change.
private func jobOfCopy(_ scratch: borrowing ScratchFolder) throws -> TipAdapterImport {
    try FileManager.default.copyItem(atPath: cache, toPath: scratch.file("cache"))
    return cacheImport(scratch, folder: scratch.file("cache"))
}

@Test func aTipAdapterCacheBecomesThreeFeatureFiles() throws {
    let scratch = try ScratchFolder()
    let outcome = try cacheImport(scratch).run()
    #expect(outcome.files.map(\.part.rawValue) == ["train", "val", "test"])
    #expect(outcome.notes.filter { !$0.contains("equal a row of") }.count == 1)
    let train = try Sample(reading: scratch.file("study/train.h5"))
    #expect(train.values == features(6, 4) && train.type == .float16 && train.views == 1)
    #expect(train.labels == [0, 0, 1, 1, 2, 2] && train.classes == ["0", "1", "2"])
    #expect(train.provenance.settings["shots"] == "2")
    #expect(train.provenance.inputs.map(\.name) == ["keys_2shots.pt", "values_2shots.pt"])
    let val = try Sample(reading: scratch.file("study/val.h5"))
    #expect(val.values == features(5, 4) && val.labels == [0, 1, 2, 2, 1] && val.ids == ["0", "1", "2", "3", "4"])
    #expect(try Sample(reading: scratch.file("study/test.h5")).labels == [2, 1, 0, 0, 1, 2, 0])
    #expect(try cacheImport(scratch).run().isReused)
}

@Test func textAndClassNamesCanBeAddedToACache() throws {
    let scratch = try ScratchFolder()
    let sources = try ImportSources()
    try sources.overwrite("text.npy", features(6, 4), shape: [2, 3, 4])
    var job = cacheImport(scratch)
    job.settings.classes = sources.path("classes.json")
    job.text = sources.path("text.npy")
    let outcome = try job.run()
    #expect(outcome.files.count == 4 && outcome.notes.allSatisfy { $0.contains("equal a row of") })
    #expect(try FeatureFolder(path: scratch.file("study")).classes == sources.classes)
}

@Test func keysOfAnotherModelAreRejectedWithBothWidthsAndFiles() throws {
    let scratch = try ScratchFolder()
    let rejected = fault { try cacheImport(scratch, shots: 1).run() }
    #expect(rejected?.status == .badData)
    #expect(rejected?.description.contains("\(cache)/keys_1shots.pt: found keys of width 6") == true)
    #expect(rejected?.description.contains("expected 4 as in \(cache)/val_f.pt") == true)
    #expect(try scratch.names.isEmpty)
}

@Test func valuesThatAreNotOneHotAreRejected() throws {
    let scratch = try ScratchFolder()
    let rejected = fault { try cacheImport(scratch, shots: 4).run() }
    #expect(rejected?.subject == "\(cache)/values_4shots.pt" && rejected?.found.hasPrefix("row 5") == true)
}

@Test(arguments: [
    ("keys_2shots.pt", "keys_4shots.pt", "12 keys"), ("keys_2shots.pt", "values_2shots.pt", "keys of width 3"),
    ("val_l.pt", "test_l.pt", "7 labels"), ("val_f.pt", "val_l.pt", "image features of the shape [5]"),
    ("test_l.pt", "test_f.pt", "the shape [7, 4]"),
])
func filesOfDifferentCachesAreRejected(_ name: String, _ other: String, _ found: String) throws {
    let scratch = try ScratchFolder()
    let job = try jobOfCopy(scratch)
    try scratch.write(scratch.bytes("cache/\(other)"), "cache/\(name)")
    let rejected = fault { try job.run() }
    #expect(rejected?.found.contains(found) == true, "\(rejected?.description ?? "accepted")")
    #expect(rejected?.subject == scratch.file("cache/\(name)"))
}

@Test(arguments: [Subset.val, .test]) func aCacheMayLackVal(orTest part: Subset) throws {
    let scratch = try ScratchFolder()
    let job = try jobOfCopy(scratch)
    for name in ["f", "l"] {
        try FileManager.default.removeItem(atPath: scratch.file("cache/\(part.rawValue)_\(name).pt"))
    }
    let outcome = try job.run()
    #expect(outcome.files.map(\.part.rawValue) == ["train", part == .val ? "test" : "val"])
    let note = "\(part.rawValue).h5 is not written: \(scratch.file("cache")) has neither \(part.rawValue)_f.pt nor "
    #expect(outcome.notes.contains { $0.hasPrefix(note) })
}

@Test func keysMayHaveAKeyPerRow() throws {
    let scratch = try ScratchFolder()
    let job = try jobOfCopy(scratch)
    try writeNpy(
        Tensor(features(6, 4), shape: [6, 4]).view, to: scratch.file("cache/keys_2shots.pt"))
    #expect(try job.run().notes.contains { $0.hasSuffix("is [keys, width] [6, 4], with a key per row.") })
    #expect(try Sample(reading: scratch.file("study/train.h5")).values == features(6, 4))
}

@Test(arguments: ["keys_2shots.pt", "values_2shots.pt", "val_f.pt", "val_l.pt", "test_f.pt", "test_l.pt"])
func aMissingFileOfACacheIsReported(_ name: String) throws {
    let scratch = try ScratchFolder()
    let job = try jobOfCopy(scratch)
    try FileManager.default.removeItem(atPath: scratch.file("cache/\(name)"))
    let rejected = fault { try job.run() }
    #expect(rejected?.status == .noInput && rejected?.subject == scratch.file("cache/\(name)"))
    #expect(try scratch.names == ["cache"])
}

/// Writes `all.safetensors` with the images and labels and, if there is a type, the text features.
private func writeAll(_ sources: ImportSources, images type: ElementType, text: ElementType? = nil) throws {
    var tensors = [
        "img": converted(sources.images, sources.imageShape, type), "lab": Tensor(sources.labels, shape: [12]),
    ]
    tensors["txt"] = text.map { converted(sources.text, sources.textShape, $0) }
    try writeSafetensors(tensors, to: sources.path("all.safetensors"))
    let settings = sources.job.settings
    sources.job = ArrayImport(
        file: sources.path("all.safetensors"), images: "img", labels: "lab", settings: settings)
}

@Test func aSafetensorsFileGivesTheSameFeaturesAsNpyFiles() throws {
    let sources = try ImportSources()
    _ = try sources.job.run()
    try writeAll(sources, images: .float16, text: .float32)
    sources.job.text = "txt"
    sources.job.rows = sources.path("rows")
    sources.job.settings.output = sources.path("second")
    _ = try sources.job.run()
    let first = try FeatureFolder(path: sources.output)
    let second = try FeatureFolder(path: sources.path("second"))
    #expect(first.parts == second.parts && first.digests == second.digests)
    sources.job.images = "image"
    let rejected = sources.rejection
    #expect(rejected?.found == "no tensor 'image'" && rejected?.expected == "one of img, lab, txt")
}

@Test func bfloat16FeaturesBecomeFloat32WithANote() throws {
    let sources = try ImportSources()
    try writeAll(sources, images: .bfloat16)
    sources.job.part = .train
    let notes = try sources.job.run().notes
    #expect(notes.contains { $0.hasSuffix("holds bfloat16 features; they are stored as float32.") })
    #expect(try sources.sample("train").values == sources.images)
}
