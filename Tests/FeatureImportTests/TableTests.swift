import Archives
import Core
import FeatureImport
import FeatureStore
import Foundation
import TestSupport
import Testing

/// The path of a file written by `make_embedding_tables.py`.
private func source(_ name: String) -> String { fixture("feature-arrays/tables/\(name)") }

/// The features of the 18 rows as the script computes them.
private let features: [Float] = (0 ..< 18).flatMap { row in
    (0 ..< 8).map { column in
        let whole = (37 * row + 11 * column) % 61 - 30
        return Float(whole) / 16
    }
}
private let labels: [Int32] = (0 ..< 18).map { Int32($0 % 3) }

private func importing(
    _ table: String, column: String = "embedding", to scratch: borrowing ScratchFolder
) throws(Fault) -> Sample {
    let path = source("\(table).parquet")
    var job = ArrayImport(
        images: "\(path):\(column)", labels: "\(path):label", settings: ImportSettings(output: scratch.file("study")))
    job.part = .train
    job.ids = "\(path):path"
    _ = try job.run()
    return try Sample(reading: scratch.file("study/train.h5"))
}

@Test(arguments: [
    ("single", "float32"), ("double", "float32"), ("half", "float16"), ("groups", "float32"), ("fixed", "float32"),
])
func listsOfNumbersInATableAreFeatures(table: String, type: String) throws {
    let scratch = try ScratchFolder()
    let sample = try importing(table, to: scratch)
    #expect(sample.values == features && sample.labels == labels && sample.type.rawValue == type)
    #expect(sample.ids == (0 ..< 18).map { "images/\($0).jpg" })
}

@Test func theColumnsOfATableAreFoundByTheirNames() throws {
    let scratch = try ScratchFolder()
    var job = ArrayImport(images: source("single.parquet"), settings: ImportSettings(output: scratch.file("study")))
    job.part = .test
    let notes = try job.run().notes
    #expect(notes.contains("'embedding' of \(source("single.parquet")) is read as the image features."))
    #expect(notes.contains("'label' of \(source("single.parquet")) is read as the labels."))
    #expect(try Sample(reading: scratch.file("study/test.h5")).values == features)
}

@Test func classLabelsOfHuggingFaceAreNames() throws {
    let scratch = try ScratchFolder()
    let sample = try importing("class-labels", to: scratch)
    #expect(sample.classes == ["apple", "black_cat", "car"] && sample.labels == labels)
}

@Test(arguments: [
    ("uneven", "7 numbers in row 11 and 8 in row 0"), ("absent", "a null or an empty list"),
    ("hole", "a null or an empty list"),
])
func rowsWithoutAllNumbersAreRefused(table: String, found: String) throws {
    let scratch = try ScratchFolder()
    #expect(fault { _ = try importing(table, to: scratch) }?.found.contains(found) == true)
}

@Test func aColumnOfTextsIsNoFeatures() throws {
    let scratch = try ScratchFolder()
    let error = fault { _ = try importing("single", column: "path", to: scratch) }
    #expect(error?.found == "image features of the shape [18]")
}

// MARK: clip-retrieval

private func embeddings(_ scratch: borrowing ScratchFolder) -> ClipRetrievalImport {
    var job = ClipRetrievalImport(
        folder: source("clip-retrieval"), settings: ImportSettings(output: scratch.file("study")))
    job.part = .train
    return job
}

@Test func thePiecesOfClipRetrievalAreOneSubsetWithTheFoldersAsClasses() throws {
    let scratch = try ScratchFolder()
    #expect(try embeddings(scratch).run().isReused == false)
    let sample = try Sample(reading: scratch.file("study/train.h5"))
    #expect(sample.values == features && sample.labels == labels && sample.type == .float16)
    #expect(sample.classes == ["apple", "black_cat", "car"])
    #expect(sample.ids.prefix(2) == ["apple/0.jpg", "black_cat/1.jpg"])
    #expect(try embeddings(scratch).run().isReused)
}

@Test func missingMetadataOfClipRetrievalIsRefused() throws {
    let scratch = try ScratchFolder()
    var job = embeddings(scratch)
    job.folder = scratch.file("copy")
    try FileManager.default.copyItem(atPath: source("clip-retrieval"), toPath: job.folder)
    let other = try bytes(of: source("clip-retrieval/metadata/metadata_01.parquet"))
    try scratch.write(other, "copy/metadata/metadata_02.parquet")
    #expect(fault { try job.run() }?.found == "25 rows of metadata")
}

/// A mutated table is refused, or its rows have the number of values that it claims.
@Test(arguments: ["single", "fixed", "half", "groups"])
func damagedTablesOfVectorsAreReadAsTheyAreOrRefused(table: String) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(bytes(of: source("\(table).parquet")), "damaged.parquet")
    let plan = MutationPlan()
    try forEachMutation(of: path, seed: plan.seed, rounds: plan.rounds(250).count) { how in
        guard let file = try? ParquetFile(path: path) else { return }
        for column in file.columns where column.vectorType != nil {
            guard let vectors = try? file.vectors(column) else { continue }
            #expect(vectors.rowCount == file.rowCount, "\(how)")
            #expect(vectors.bytes.count.isMultiple(of: max(1, vectors.rowCount * vectors.width)), "\(how)")
        }
    }
}
