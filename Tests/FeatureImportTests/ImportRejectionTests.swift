import Core
import FeatureImport
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

/// An invalid source, the subject of the expected error, and a part of what it says was found.
private struct Invalid: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let subject: String
    let found: String
    let change: @Sendable (ImportSources) throws -> Void

    init(
        _ name: String, _ subject: String, _ found: String, _ change: @escaping @Sendable (ImportSources) throws -> Void
    ) {
        testDescription = name
        self.subject = subject
        self.found = found
        self.change = change
    }
}

private let cases: [Invalid] = [
    Invalid("a label past the classes", "labels.npy", "label 3 in row 4") { try $0.overwriteLabel(4, 3) },
    Invalid("a negative label", "labels.npy", "label -1 in row 9") { try $0.overwriteLabel(9, -1) },
    Invalid("a huge label", "labels.npy", "the label 9223372036854775807") {
        $0.job.settings.classes = nil
        try $0.overwrite("labels.npy", [Int](repeating: .max, count: 12))
    },
    Invalid("too few labels", "labels.npy", "11 labels") { try $0.overwrite("labels.npy", $0.labels.dropLast()) },
    Invalid("labels with a fraction", "labels.npy", "float32 values") {
        try $0.overwrite("labels.npy", [Float](repeating: 0.5, count: 12), shape: [12])
    },
    Invalid("labels of two axes", "labels.npy", "the shape [6, 2], and row 1 without exactly one 1") {
        try writeNpy(Tensor([0, 1] + $0.labels.dropFirst(2), shape: [6, 2]).view, to: $0.path("labels.npy"))
    },
    Invalid("labels of three axes", "labels.npy", "the shape [12, 1, 1]") {
        try writeNpy(Tensor($0.labels, shape: [12, 1, 1]).view, to: $0.path("labels.npy"))
    },
    Invalid("an infinite value", "images.npy", "not a number in row 7") {
        try $0.overwriteImages(63 ..< 64, .infinity)
    },
    Invalid("a zero row", "images.npy", "only zeros in row 2") { try $0.overwriteImages(16 ..< 24, 0) },
    Invalid("a row that float16 makes zero", "images.npy", "only zeros in row 2") {
        $0.job.settings.type = .float16
        try $0.overwriteImages(16 ..< 24, 1e-9)
    },
    Invalid("a value above float16", "images.npy", "the value 70000.0 in row 0") {
        $0.job.settings.type = .float16
        try $0.overwriteImages(3 ..< 4, -70000)
    },
    Invalid("integers as features", "images.npy", "int32 features") {
        try $0.overwrite("images.npy", $0.images, shape: [12, 8], .int32)
    },
    Invalid("images of one axis", "images.npy", "the shape [96]") {
        try $0.overwrite("images.npy", $0.images, shape: [96])
    },
    Invalid("no images", "images.npy", "the shape [0, 8]") { try $0.overwrite("images.npy", [], shape: [0, 8]) },
    Invalid("images without width", "images.npy", "the shape [12, 0]") {
        try $0.overwrite("images.npy", [], shape: [12, 0])
    },
    Invalid("missing images", "images.npy", "no such file or directory") {
        try FileManager.default.removeItem(atPath: $0.path("images.npy"))
    },
    Invalid("a row past the end", "rows/val.npy", "row 12") { try $0.overwrite("rows/val.npy", [3, 12]) },
    Invalid("a negative row", "rows/val.npy", "row -1") { try $0.overwrite("rows/val.npy", [3, -1]) },
    Invalid("a row twice", "rows/val.npy", "row 3, which is already in this file") {
        try $0.overwrite("rows/val.npy", [3, 7, 3])
    },
    Invalid("a row in two subsets", "rows/test.npy", "row 9, which is already in train.npy") {
        try $0.overwrite("rows/test.npy", [6, 9])
    },
    Invalid("no rows in a file", "rows/test.npy", "no row number") { try $0.overwrite("rows/test.npy", [Int]()) },
    Invalid("no row files", "empty", "none of train.npy") {
        try makeFolder($0.path("empty"))
        $0.job.rows = $0.path("empty")
    },
    Invalid("rows and a part", "rows", "it and a part") { $0.job.part = .train },
    Invalid("neither rows nor a part", "rows", "neither") { $0.job.rows = nil },
    Invalid("text of another width", "text.npy", "text features of width 4") {
        try $0.overwrite("text.npy", $0.text, shape: [4, 3, 4])
    },
    Invalid("text of other classes", "text.npy", "the shape [2, 5, 8]") {
        try $0.overwrite("text.npy", [Float](repeating: 1, count: 80), shape: [2, 5, 8])
    },
    Invalid("text of one axis", "text.npy", "the shape [48]") { try $0.overwrite("text.npy", $0.text, shape: [48]) },
    Invalid("a zero text feature", "text.npy", "zeros in prompt 1 of class 2 ('car')") {
        let zeros = [Float](repeating: 0, count: 8)
        try $0.overwrite("text.npy", $0.text.dropLast(8) + zeros, shape: [2, 3, 8])
    },
    Invalid("a layout that does not fit", "text.npy", "2 entries on the axis of classes") {
        $0.job.settings.textLayout = .classesFirst
    },
    Invalid("too many templates", "template_count", "3") { $0.job.settings.templateCount = 3 },
    Invalid("other prompts", "prompts.json", "3 prompts of class 'apple'") {
        $0.job.settings.prompts = try $0.put(#"["a","b","c"]"#, "prompts.json")
    },
    Invalid("prompts of other classes", "prompts.json", "prompts of 2 classes") {
        $0.job.settings.prompts = try $0.put(#"[["a","b"],["c","d"]]"#, "prompts.json")
    },
    Invalid("too few class names", "labels.npy", "label 2 in row 2") {
        $0.job.text = nil
        try $0.put(#"["a","b"]"#, "classes.json")
    },
    Invalid("class names of another form", "classes.json", "an object without names and labels") {
        try $0.put(#"{"a":1.5}"#, "classes.json")
    },
    Invalid("broken class names", "classes.json", "broken JSON") { try $0.put(#"["a","b"#, "classes.json") },
    Invalid("an empty class name", "classes.json", "an empty name for class 1") {
        try $0.put(#"["a","","b"]"#, "classes.json")
    },
    Invalid("an empty list of lines", "classes.txt", "no class name") {
        $0.job.settings.classes = try $0.put("\n\n", "classes.txt")
    },
]

@Test(arguments: cases)
private func anInvalidSourceIsRejectedBeforeAnythingIsWritten(_ invalid: Invalid) throws {
    let sources = try ImportSources()
    try invalid.change(sources)
    let rejected = sources.rejection
    #expect(rejected?.found.contains(invalid.found) == true, "\(rejected?.description ?? "accepted")")
    let subject = rejected?.option == nil ? sources.path(invalid.subject) : invalid.subject
    #expect(rejected?.subject == subject, "\(rejected?.description ?? "accepted")")
    #expect(!FileManager.default.fileExists(atPath: sources.output))
}

@Test func unselectedRowsAreNotChecked() throws {
    let sources = try ImportSources()
    try sources.overwrite("rows/test.npy", [6, 10])
    try sources.overwriteLabel(11, -1)
    #expect(try sources.job.run().files.count == 4)
}

@Test func noMutationOfLabelsRowsOrNamesCrashes() throws {
    let sources = try ImportSources()
    sources.job.settings.prompts = try sources.put(
        #"[["a {}","b\u00e9"],["c","d"],["e","f"]]"#, "prompts.json")
    // The output path is a file, so that an import of valid sources fails after reading them.
    sources.job.settings.output = sources.path("labels.npy")
    var dice = Dice(seed: 4)
    var rejections = 0
    for name in ["classes.json", "prompts.json", "labels.npy", "rows/val.npy"] {
        let original = try bytes(of: sources.path(name))
        for round in 0 ..< (name.hasSuffix(".json") ? 10_000 : 500) {
            var bytes = original
            for _ in 0 ... dice.below(3) {
                let index = dice.below(bytes.count)
                switch dice.below(4) {
                case 0: bytes[index] ^= 1 << UInt8(dice.below(8))
                case 1: bytes[index] = UInt8(dice.below(256))
                case 2 where bytes.count > 1: bytes.remove(at: index)
                default: bytes.insert(Array(#"[]{}",\0u"#.utf8)[dice.below(9)], at: index)
                }
            }
            try sources.put(bytes, name)
            let rejected = try #require(sources.rejection, "mutation \(round) of \(name)")
            let isOutput = rejected.subject == sources.job.settings.output && rejected.found == "a file"
            if !isOutput { rejections += 1 }
            #expect([.badData, .cannotCreate].contains(rejected.status), "mutation \(round) of \(name): \(rejected)")
        }
        try sources.put(original, name)
    }
    #expect(rejections > 1000)
}
