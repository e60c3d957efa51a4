import Core
import FeatureImport
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

@Test(arguments: [1, 3])
func anImportHoldsTheNamedRowsInTheirOrder(views: Int) throws {
    let sources = try ImportSources(views: views)
    let outcome = try sources.job.run()
    #expect(outcome.files.map(\.part.rawValue) == ["train", "val", "test", "text"])
    #expect(outcome.notes.isEmpty && !outcome.isReused)
    for (name, rows) in sources.parts {
        let sample = try sources.sample(name)
        #expect(sample.part.rawValue == name && sample.type == .float16 && sample.views == views)
        #expect(sample.values == sources.rows(rows))
        #expect(sample.labels == rows.map { Int32(sources.labels[$0]) })
        #expect(sample.ids == rows.map(String.init))
        #expect(sample.classes == sources.classes && !sample.isNormalized)
        #expect(sample.provenance.settings["model"] == "tiny" && sample.provenance.settings["dataset"] == "study")
        #expect(sample.provenance.inputs.map(\.role) == ["images", "labels", "classes", "rows"])
    }
    #expect(sources.outputFiles == ["test.h5", "text.h5", "train.h5", "val.h5"])
}

@Test(arguments: [TextLayout.promptsFirst, .classesFirst]) func textComesOutClassByClassWhateverItsLayout(
    layout: TextLayout
) throws {
    let sources = try ImportSources()
    let count = sources.classes.count
    let width = sources.width
    let lines = (0 ..< count).flatMap { label in [label, count + label] }
    let byClass = lines.flatMap { line -> [Float] in Array(sources.text[line * width ..< (line + 1) * width]) }
    if layout == .classesFirst { try sources.overwrite("text.npy", byClass, shape: [count, 2, width]) }
    sources.job.settings.templateCount = 1
    sources.job.settings.prompts = try sources.put(#"["a photo of a {}.", "{} and {}"]"#, "prompts.json")
    _ = try sources.job.run()
    let text = try TextFeatures(path: "\(sources.output)/text.h5")
    #expect(text.values == byClass)
    #expect(text.kinds == [.template, .sentence])
    #expect(text.prompts[1] == ["a photo of a black cat.", "black cat and black cat"])
    #expect(text.provenance.settings["text-layout"] == layout.rawValue)
}

@Test func aTextOfAsManyPromptsAsClassesNeedsItsLayout() throws {
    let sources = try ImportSources(promptCount: 3)
    let rejected = sources.rejection
    #expect(rejected?.option == "text_layout" && rejected?.status == .configuration)
    #expect(sources.outputFiles.isEmpty)
    sources.job.settings.textLayout = .promptsFirst
    _ = try sources.job.run()
    #expect(try TextFeatures(path: "\(sources.output)/text.h5").values[..<8] == sources.text[..<8])
}

@Test func oneTextFeatureAClassNamesTheNumberOfClasses() throws {
    let sources = try ImportSources()
    try sources.overwrite("text.npy", Array(sources.text[..<32]), shape: [4, 8])
    sources.job.settings.classes = nil
    _ = try sources.job.run()
    #expect(try FeatureFolder(path: sources.output).classes == ["0", "1", "2", "3"])
}

@Test(arguments: [("classes.txt", "apple\r\nblack_cat\ncar\n\n"), ("classes.json", #"["apple","black_cat","car"]"#)])
func classNamesMayBeJSONOrLines(_ name: String, _ content: String) throws {
    let sources = try ImportSources()
    sources.job.settings.classes = try sources.put(content, name)
    _ = try sources.job.run()
    #expect(try FeatureFolder(path: sources.output).classes == sources.classes)
}

@Test(arguments: [ElementType.float16, .float32, .float64], [FeatureType?.none, .float16, .float32])
func theTypeIsTheSourcesUnlessRequested(_ source: ElementType, _ requested: FeatureType?) throws {
    let sources = try ImportSources(imageType: source)
    sources.job.settings.type = requested
    let outcome = try sources.job.run()
    let sample = try sources.sample("train")
    #expect(sample.type == requested ?? (source == .float16 ? .float16 : .float32))
    #expect(sample.values == sources.rows(sources.parts["train"] ?? []))
    #expect(outcome.notes.count == (source == .float64 && requested == nil ? 1 : 0))
}

@Test func rowsOfUnitLengthAreMarked() throws {
    let sources = try ImportSources()
    let values = (0 ..< 12).flatMap { (row: Int) -> [Float] in
        let raw = sources.rows([row])
        let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return raw.map { $0 / norm }
    }
    try sources.overwrite("images.npy", values, shape: [12, 8], .float16)
    #expect(try sources.job.run().files.map(\.isNormalized) == [true, true, true, false])
    #expect(try sources.sample("val").isNormalized)
}

@Test func subsetsMayBeImportedOneByOne() throws {
    let sources = try ImportSources()
    sources.job.rows = nil
    sources.job.part = .val
    sources.job.text = nil
    let outcome = try sources.job.run()
    #expect(sources.outputFiles == ["val.h5"])
    #expect(outcome.notes.count == 1 && outcome.notes[0].contains("are left out when training"))
    sources.job.part = .train
    sources.job.text = sources.path("text.npy")
    // The same rows are in both subsets.
    let files = ["val", "train"].map { "\(sources.output)/\($0).h5" }
    let shared = "12 of 12 rows of \(files[0]) equal a row of \(files[1]), such as '0' and '0'"
    #expect(try sources.job.run().notes == [shared])
    sources.job.part = .test
    sources.job.settings.model = "another"
    let rejected = sources.rejection
    #expect(rejected?.status == .cannotCreate && rejected?.found == "the model 'tiny'")
    #expect(sources.outputFiles == ["text.h5", "train.h5", "val.h5"])
}

@Test func aMissingRowFileIsNoted() throws {
    let sources = try ImportSources()
    try FileManager.default.removeItem(atPath: sources.path("rows/val.npy"))
    #expect(
        try sources.job.run().notes == [
            "val.h5 is not written: there are no row numbers in val.npy; training chooses settings on it unless given "
                + "protocol fixed."
        ])
    #expect(sources.outputFiles == ["test.h5", "text.h5", "train.h5"])
}

@Test func theSameImportTwiceGivesTheSameBytes() throws {
    let first = try ImportSources()
    let second = try ImportSources()
    _ = try first.job.run()
    _ = try second.job.run()
    #expect(first.imported == second.imported)
}
