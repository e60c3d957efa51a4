import Core
import FeatureImport
import FeatureStore
import Foundation
import TestSupport
import Testing

/// The path of a file written by `make_feature_arrays.py`.
private func source(_ name: String) -> String { fixture("feature-arrays/\(name)") }

/// The features of rows as the script computes them.
private func features(_ rows: Range<Int>) -> [Float] {
    rows.flatMap { row in (0 ..< 8).map { Float((37 * row + 11 * $0) % 61 - 30) / 16 } }
}

private func labels(_ rows: Range<Int>) -> [Int32] { rows.map { Int32($0 % 3) } }

/// A folder for the output of an import, and a list of class names.
private final class Output {
    let scratch: ScratchFolder

    init() throws {
        let scratch = try ScratchFolder()
        try scratch.write(#"["apple", "black_cat", "car"]"#, "classes.json")
        self.scratch = scratch
    }

    var path: String { scratch.file("study") }
    func sample(_ part: String) throws -> Sample { try Sample(reading: "\(path)/\(part).h5") }

    /// An import of arrays with class names.
    func job(_ images: String, labels: String? = nil, part: Subset? = .train) -> ArrayImport {
        var settings = ImportSettings(output: path, model: "tiny")
        settings.classes = scratch.file("classes.json")
        var job = ArrayImport(images: images, labels: labels, settings: settings)
        job.part = part
        return job
    }
}

// MARK: Files of several arrays

@Test func anArrayIsFoundByItsName() throws {
    let output = try Output()
    for (part, rows) in [(Subset.train, 0 ..< 9), (.val, 9 ..< 12), (.test, 12 ..< 18)] {
        let path = source("lpclip/\(part.rawValue).npz")
        let notes = try output.job(path, labels: path, part: part).run().notes
        #expect(notes.contains("'feature_list' of \(path) is read as the image features."))
        #expect(notes.contains("'label_list' of \(path) is read as the labels."))
        let sample = try output.sample(part.rawValue)
        #expect(sample.values == features(rows) && sample.labels == labels(rows) && sample.type == .float32)
        #expect(sample.provenance.settings["images"] == "feature_list")
        #expect(sample.provenance.inputs.map(\.role) == ["images", "classes"])
    }
}

@Test func anArrayMayBeNamedAfterAColon() throws {
    let output = try Output()
    let path = source("lpclip/train.npz")
    var job = output.job("\(path):feature_list", labels: "\(path):label_list")
    #expect(try job.run().notes.allSatisfy { !$0.contains("is read as") })
    #expect(try output.sample("train").values == features(0 ..< 9))
    job.images = "\(path):features"
    let rejected = fault { try job.run() }
    #expect(rejected?.subject == path && rejected?.found == "no tensor 'features'")
    #expect(rejected?.expected == "one of feature_list, label_list")
}

@Test func aDictionaryOfSubsetsIsReadByTheSubset() throws {
    let output = try Output()
    let path = source("cross-modal/shot.pth")
    for (part, rows) in [(Subset.train, 0 ..< 9), (.val, 9 ..< 12)] {
        var job = output.job(path, labels: path, part: part)
        job.ids = "\(path):\(part.rawValue).paths"
        _ = try job.run()
        let sample = try output.sample(part.rawValue)
        #expect(sample.values == features(rows) && sample.labels == labels(rows))
        #expect(sample.ids == rows.map { "images/\($0).jpg" })
        #expect(sample.provenance.settings["images"] == "\(part.rawValue).features")
    }
    var job = output.job("\(source("cross-modal/test.pth")):features", part: .test)
    _ = try job.run()
    #expect(try output.sample("test").labels == labels(12 ..< 18))
    job.images = path
    job.settings.replaces = true
    let found = fault { try job.run() }?.found
    #expect(
        found?.hasPrefix("no array that can be the image features ('train.features' [9, 8], 'train.labels'") == true)
}

@Test func aNestedDictionaryMayBeNamed() throws {
    let output = try Output()
    let path = source("cross-modal/shot.pth")
    _ = try output.job("\(path):val", part: .test).run()
    #expect(try output.sample("test").values == features(9 ..< 12))
}

@Test(arguments: ["short-names.npz", "no-names.npz"]) func namesOrFormsTellTheArrays(_ name: String) throws {
    let output = try Output()
    var job = output.job(source(name))
    if name.hasPrefix("short") { job.text = source(name) }
    _ = try job.run()
    let sample = try output.sample("train")
    #expect(sample.values == features(0 ..< 18) && sample.labels == labels(0 ..< 18))
    guard job.text != nil else { return }
    #expect(try TextFeatures(path: "\(output.path)/text.h5").values == features(20 ..< 23))
}

@Test func arraysThatAreAmbiguousAreListed() throws {
    let output = try Output()
    var job = output.job(source("one-hot.npz"), part: nil)
    job.rows = source("masks")
    let rejected = fault { try job.run() }
    #expect(rejected?.found == "several arrays that can be the image features ('X_train' [9, 8], 'X_test' [6, 8])")
    #expect(rejected?.remedy == "name it after a colon, as \(source("one-hot.npz")):X_train")
}

@Test func pickledObjectsAsLabelsAreRefusedByName() throws {
    let output = try Output()
    let rejected = fault { try output.job(source("objects.npz")).run() }
    #expect(rejected?.subject == "\(source("objects.npz")): labels")
    #expect(rejected?.found == "pickled Python objects ('|O')")
}

@Test func labelsAreRequiredBesideASingleArray() throws {
    let output = try Output()
    let rejected = fault { try output.job(source("benchmark/features_train.pt")).run() }
    #expect(rejected?.option == "labels" && rejected?.status == .usage)
}

// MARK: The order of axes

@Test func columnsAreReadAsRowsWithANote() throws {
    let output = try Output()
    let path = source("columns.npz")
    var job = output.job(path)
    job.text = path
    let notes = try job.run().notes
    #expect(
        notes.contains("\(path): features is [width, items] [8, 18], with an item per column; it is read transposed."))
    #expect(notes.contains("\(path): text is [width, classes] [8, 3]; it is read transposed."))
    #expect(notes.contains("\(path) counts classes from 1; its label 1 is the first class."))
    let sample = try output.sample("train")
    #expect(sample.values == features(0 ..< 18) && sample.labels == labels(0 ..< 18))
    let text = try TextFeatures(path: "\(output.path)/text.h5")
    #expect(text.values == features(20 ..< 23) && text.provenance.settings["text-layout"] == "width-first")
}

@Test func theNumberOfClassesFollowsFromATransposedText() throws {
    let output = try Output()
    var job = output.job(source("short-names.npz"))
    job.settings.classes = nil
    job.text = "\(source("columns.npz")):text"
    _ = try job.run()
    #expect(try FeatureFolder(path: output.path).classes == ["0", "1", "2"])
}

@Test func aClassifierPerTemplateIsRefusedWithItsWidth() throws {
    let output = try Output()
    var job = output.job(source("short-names.npz"))
    job.text = source("classifiers.npy")
    let rejected = fault { try job.run() }
    #expect(rejected?.found == "text features of the shape [2, 8, 3]")
    #expect(rejected?.remedy == "transpose it so that its width, 8, is the last axis")
}

@Test func aRequestedWidthFirstLayoutIsTakenOfAMatrixOnly() throws {
    let output = try Output()
    var job = output.job(source("columns.npz"))
    job.text = source("columns.npz")
    job.settings.textLayout = .widthFirst
    #expect(try job.run().notes.allSatisfy { !$0.contains("classes] [8, 3]") })
    #expect(try TextFeatures(path: "\(output.path)/text.h5").values == features(20 ..< 23))
    job.text = source("classifiers.npy")
    #expect(fault { try job.run() }?.option == "text_layout")
}

// MARK: Labels, names and rows

@Test func namesAsLabelsAreLookedUpInTheClassNames() throws {
    let output = try Output()
    let path = source("names.npz")
    var job = output.job(path)
    job.ids = path
    _ = try job.run()
    let sample = try output.sample("train")
    #expect(sample.labels == labels(0 ..< 18) && sample.ids[17] == "images/17.jpg")
    try output.scratch.write(#"["apple", "car", "bee"]"#, "classes.json")
    let rejected = fault { try job.run() }
    #expect(rejected?.found == "the label 'black_cat' in row 1" && rejected?.expected == "one of apple, car, bee")
}

@Test func namesAsLabelsAreTheClassNames() throws {
    let output = try Output()
    var job = output.job(source("names.npz"))
    job.settings.classes = nil
    #expect(
        try job.run().notes.contains(
            "The 3 different labels of \(source("names.npz")), sorted, are the class names."))
    #expect(try FeatureFolder(path: output.path).classes == ["apple", "black_cat", "car"])
    job.text = "\(source("short-names.npz")):t"
    #expect(fault { try job.run() }?.found == "names as labels")
}

@Test(arguments: [Subset.train, .test]) func oneHotRowsAreLabels(_ part: Subset) throws {
    let output = try Output()
    _ = try output.job(source("one-hot.npz"), part: part).run()
    let rows = part == .train ? 0 ..< 9 : 12 ..< 18
    #expect(try output.sample(part.rawValue).labels == labels(rows))
    #expect(try output.sample(part.rawValue).values == features(rows))
}

@Test func maskedRowsAreSelected() throws {
    let output = try Output()
    var job = output.job(source("no-names.npz"), part: nil)
    job.rows = source("masks")
    _ = try job.run()
    for (part, rows) in [("train", 0 ..< 9), ("val", 9 ..< 12), ("test", 12 ..< 18)] {
        #expect(try output.sample(part).values == features(rows) && output.sample(part).ids == rows.map(String.init))
    }
    job.images = source("lpclip/train.npz")
    let rejected = fault { try job.run() }
    #expect(rejected?.found == "18 Booleans" && rejected?.expected.hasPrefix("9, one per row of") == true)
}

@Test func namesOfRowsMayBeLines() throws {
    let output = try Output()
    var job = output.job(source("lpclip/train.npz"))
    let names = (0 ..< 9).map { "photo \($0).jpg" }
    job.ids = try output.scratch.write(names.joined(separator: "\n") + "\n", "ids.txt")
    _ = try job.run()
    #expect(try output.sample("train").ids == names)
    #expect(try output.sample("train").provenance.inputs.map(\.role) == ["images", "classes", "ids"])
    for (lines, found) in [
        (names.dropLast(), "8 names"), (names.dropLast() + [names[0]], "'photo 0.jpg' in the rows 0 and 8"),
    ] {
        try output.scratch.write(lines.joined(separator: "\n"), "ids.txt")
        #expect(fault { try job.run() }?.found == found)
    }
}

@Test(arguments: [([3, 1, 2], true), ([2, 1, 2], false), ([3, 0, 2], false)])
func labelsCountFromOneIfTheLastClassSaysSo(_ numbers: [Int], _ isShifted: Bool) throws {
    let sources = try ImportSources()
    sources.job.rows = nil
    sources.job.part = .train
    sources.job.text = nil
    try sources.overwrite("images.npy", Array(sources.images[..<24]), shape: [3, 8])
    try sources.overwrite("labels.npy", numbers)
    if numbers == [3, 0, 2] {
        #expect(sources.rejection?.found == "label 3 in row 0")
    } else {
        let notes = try sources.job.run().notes
        #expect(try sources.sample("train").labels == numbers.map { Int32($0 - (isShifted ? 1 : 0)) })
        let word = isShifted ? "counts classes from 1" : "has no label 0"
        #expect(notes.contains { $0.contains(word) })
    }
}

// MARK: Folders

@Test(arguments: ["lpclip", "benchmark"]) func aFolderOfSubsetsIsImportedAtOnce(_ name: String) throws {
    let output = try Output()
    var job = FolderImport(folder: source(name), settings: output.job("").settings)
    job.text = "\(source("columns.npz")):text"
    #expect(try job.run().files.map(\.part.rawValue) == ["train", "val", "test", "text"])
    for (part, rows) in [("train", 0 ..< 9), ("val", 9 ..< 12), ("test", 12 ..< 18)] {
        let sample = try output.sample(part)
        #expect(sample.values == features(rows) && sample.labels == labels(rows))
    }
    #expect(try job.run().isReused)
}

@Test func aMissingSubsetOfAFolderIsNoted() throws {
    let output = try Output()
    let folder = output.scratch.file("cache")
    try FileManager.default.copyItem(atPath: source("benchmark"), toPath: folder)
    for name in ["features_val.pt", "targets_val.pt"] {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    let job = FolderImport(folder: folder, settings: output.job("").settings)
    #expect(
        try job.run().notes.contains(
            "val.h5 is not written: no file of \(folder) is named so; training chooses settings on it unless given "
                + "protocol fixed."))
    try FileManager.default.removeItem(atPath: "\(folder)/targets_test.pt")
    #expect(fault { try job.run() }?.found == "no file for the labels of test")
}

@Test(arguments: [
    ("keys_2shots.pt", "a cache of Tip-Adapter's code"), ("img_emb_0.npy", "embeddings of clip-retrieval"),
    ("notes.txt", "no arrays of a subset"),
])
func aFolderOfAnotherStructureIsRefusedByWhatItIs(_ name: String, _ found: String) throws {
    let output = try Output()
    try output.scratch.write("x", "other/\(name)")
    let job = FolderImport(folder: output.scratch.file("other"), settings: output.job("").settings)
    #expect(fault { try job.run() }?.found.contains(found) == true)
}
