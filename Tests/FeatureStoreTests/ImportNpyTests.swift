import Core
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

@Test(arguments: [1, 3])
func anImportHoldsTheNamedRowsInTheirOrder(views: Int) throws {
    let scratch = try ScratchFolder()
    var sources = ImportSources(scratch.path)
    sources.views = views
    let outcome = try sources.write().run()
    #expect(outcome.files.map(\.part.rawValue) == ["train", "val", "test", "text"])
    #expect(outcome.notes.isEmpty && !outcome.isReused)
    for (name, rows) in sources.parts {
        let sample = try Sample(reading: "\(sources.output)/\(name).h5")
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

@Test func textComesOutClassByClassWhateverItsLayout() throws {
    for layout in TextLayout.allCases {
        let scratch = try ScratchFolder()
        let sources = ImportSources(scratch.path)
        var job = try sources.write()
        job.settings.templateCount = 1
        let count = sources.classes.count
        let width = sources.width
        var byClass: [Float] = []
        for label in 0 ..< count {
            for prompt in 0 ..< 2 {
                let line = prompt * count + label
                byClass += sources.text[line * width ..< (line + 1) * width]
            }
        }
        if layout == .classesFirst { try sources.overwrite("text.npy", byClass, shape: [count, 2, width]) }
        try PublishedFile.publish(#"["a photo of a {}.", "{} and {}"]"#, to: sources.path("prompts.json"))
        job.settings.prompts = sources.path("prompts.json")
        _ = try job.run()
        let text = try TextFeatures(path: "\(sources.output)/text.h5")
        #expect(text.values == byClass)
        #expect(text.kinds == [.template, .sentence])
        #expect(text.prompts[1] == ["a photo of a black cat.", "black cat and black cat"])
        #expect(text.provenance.settings["text-layout"] == layout.rawValue)
    }
}

@Test func aTextOfAsManyPromptsAsClassesNeedsItsLayout() throws {
    let scratch = try ScratchFolder()
    var sources = ImportSources(scratch.path)
    sources.promptCount = 3
    var job = try sources.write()
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.option == "text_layout" && rejected?.status == .configuration)
    #expect(sources.outputFiles.isEmpty)
    job.settings.textLayout = .promptsFirst
    _ = try job.run()
    #expect(try TextFeatures(path: "\(sources.output)/text.h5").values[..<8] == sources.text[..<8])
}

@Test func oneTextFeatureAClassNamesTheNumberOfClasses() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    try sources.overwrite("text.npy", Array(sources.text[..<32]), shape: [4, 8])
    job.settings.classes = nil
    _ = try job.run()
    #expect(try FeatureFolder(path: sources.output).classes == ["0", "1", "2", "3"])
}

@Test(arguments: [("classes.txt", "apple\r\nblack_cat\ncar\n\n"), ("classes.json", #"["apple","black_cat","car"]"#)])
func classNamesMayBeJSONOrLines(_ name: String, _ content: String) throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    try PublishedFile.publish(content, to: sources.path(name))
    job.settings.classes = sources.path(name)
    _ = try job.run()
    #expect(try FeatureFolder(path: sources.output).classes == sources.classes)
}

@Test(arguments: [ElementType.float16, .float32, .float64], [FeatureType?.none, .float16, .float32])
func theTypeIsTheSourcesUnlessRequested(_ source: ElementType, _ requested: FeatureType?) throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write(imageType: source)
    job.settings.type = requested
    let outcome = try job.run()
    let sample = try Sample(reading: "\(sources.output)/train.h5")
    #expect(sample.type == requested ?? (source == .float16 ? .float16 : .float32))
    #expect(sample.values == sources.rows(sources.parts["train"] ?? []))
    #expect(outcome.notes.count == (source == .float64 && requested == nil ? 1 : 0))
}

@Test func rowsOfUnitLengthAreMarked() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    let job = try sources.write()
    var values: [Float] = []
    for row in 0 ..< 12 {
        let raw = sources.rows([row])
        let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        values += raw.map { $0 / norm }
    }
    try sources.overwrite("images.npy", values, shape: [12, 8], .float16)
    let outcome = try job.run()
    #expect(outcome.files.map(\.isNormalized) == [true, true, true, false])
    #expect(try Sample(reading: "\(sources.output)/val.h5").isNormalized)
}

@Test func subsetsMayBeImportedOneByOne() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    job.rows = nil
    job.part = .val
    job.text = nil
    let outcome = try job.run()
    #expect(sources.outputFiles == ["val.h5"])
    #expect(outcome.notes.count == 1 && outcome.notes[0].contains("zero-shot and cluster-adapter need it"))
    job.part = .train
    job.text = sources.path("text.npy")
    #expect(try job.run().notes.isEmpty)
    job.part = .test
    job.settings.model = "another"
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.status == .cannotCreate && rejected?.found == "the model 'tiny'")
    #expect(sources.outputFiles == ["text.h5", "train.h5", "val.h5"])
}

@Test func aMissingRowFileIsNoted() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    let job = try sources.write()
    try FileManager.default.removeItem(atPath: sources.path("rows/val.npy"))
    let outcome = try job.run()
    #expect(outcome.notes == ["val.h5 is not written: there are no row numbers in val.npy."])
    #expect(sources.outputFiles == ["test.h5", "text.h5", "train.h5"])
}

@Test func theSameImportTwiceGivesTheSameBytes() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    _ = try job.run()
    job.settings.output = sources.path("second")
    job.settings.dataset = "study"
    _ = try job.run()
    for name in sources.outputFiles {
        let files = try [sources.output, sources.path("second")].map {
            try Data(contentsOf: URL(filePath: "\($0)/\(name)"))
        }
        #expect(files[0] == files[1], "\(name)")
    }
}
