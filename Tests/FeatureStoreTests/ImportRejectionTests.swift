import Core
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

/// An invalid source and the expected error.
private struct Invalid: Sendable, CustomTestStringConvertible {
    let name: String
    let subject: String
    let found: String
    let change: @Sendable (ImportSources, inout ArrayImport) throws -> Void
    var testDescription: String { name }
    /// Whether the error names an option instead of a file.
    var isOption: Bool { subject == "rows" || subject == "template_count" }
}

private let cases: [Invalid] = [
    Invalid(name: "a label past the classes", subject: "labels.npy", found: "label 3 in row 4") { sources, _ in
        var labels = sources.labels
        labels[4] = 3
        try sources.overwrite("labels.npy", labels)
    },
    Invalid(name: "a negative label", subject: "labels.npy", found: "label -1 in row 9") { sources, _ in
        var labels = sources.labels
        labels[9] = -1
        try sources.overwrite("labels.npy", labels)
    },
    Invalid(name: "a huge label", subject: "labels.npy", found: "the label 9223372036854775807") { sources, job in
        job.settings.classes = nil
        try sources.overwrite("labels.npy", [Int](repeating: .max, count: 12))
    },
    Invalid(name: "too few labels", subject: "labels.npy", found: "11 labels") { sources, _ in
        try sources.overwrite("labels.npy", Array(sources.labels.dropLast()))
    },
    Invalid(name: "labels with a fraction", subject: "labels.npy", found: "float32 values") { sources, _ in
        try sources.overwrite("labels.npy", [Float](repeating: 0.5, count: 12), shape: [12])
    },
    Invalid(name: "labels of two axes", subject: "labels.npy", found: "the shape [12, 1]") { sources, _ in
        try writeNpy(Tensor(sources.labels, shape: [12, 1]).view, to: sources.path("labels.npy"))
    },
    Invalid(name: "an infinite value", subject: "images.npy", found: "not a number in row 7") { sources, _ in
        var values = sources.images
        values[7 * 8 + 7] = .infinity
        try sources.overwrite("images.npy", values, shape: [12, 8])
    },
    Invalid(name: "a zero row", subject: "images.npy", found: "only zeros in row 2") { sources, _ in
        var values = sources.images
        for index in 16 ..< 24 { values[index] = 0 }
        try sources.overwrite("images.npy", values, shape: [12, 8])
    },
    Invalid(name: "a row that float16 makes zero", subject: "images.npy", found: "only zeros in row 2") {
        sources, job in
        var values = sources.images
        for index in 16 ..< 24 { values[index] = 1e-9 }
        job.settings.type = .float16
        try sources.overwrite("images.npy", values, shape: [12, 8])
    },
    Invalid(name: "a value above float16", subject: "images.npy", found: "the value 70000.0 in row 0") { sources, job in
        var values = sources.images
        values[3] = -70000
        job.settings.type = .float16
        try sources.overwrite("images.npy", values, shape: [12, 8])
    },
    Invalid(name: "integers as features", subject: "images.npy", found: "int32 features") { sources, _ in
        try sources.overwrite("images.npy", sources.images, shape: [12, 8], .int32)
    },
    Invalid(name: "images of one axis", subject: "images.npy", found: "the shape [96]") { sources, _ in
        try sources.overwrite("images.npy", sources.images, shape: [96])
    },
    Invalid(name: "no images", subject: "images.npy", found: "the shape [0, 8]") { sources, _ in
        try sources.overwrite("images.npy", [], shape: [0, 8])
    },
    Invalid(name: "images without width", subject: "images.npy", found: "the shape [12, 0]") { sources, _ in
        try sources.overwrite("images.npy", [], shape: [12, 0])
    },
    Invalid(name: "missing images", subject: "images.npy", found: "no such file or directory") { sources, _ in
        try FileManager.default.removeItem(atPath: sources.path("images.npy"))
    },
    Invalid(name: "a row past the end", subject: "rows/val.npy", found: "row 12") { sources, _ in
        try sources.overwrite("rows/val.npy", [3, 12])
    },
    Invalid(name: "a negative row", subject: "rows/val.npy", found: "row -1") { sources, _ in
        try sources.overwrite("rows/val.npy", [3, -1])
    },
    Invalid(name: "a row twice", subject: "rows/val.npy", found: "row 3, which is already in this file") { sources, _ in
        try sources.overwrite("rows/val.npy", [3, 7, 3])
    },
    Invalid(name: "a row in two subsets", subject: "rows/test.npy", found: "row 9, which is already in train.npy") {
        sources, _ in
        try sources.overwrite("rows/test.npy", [6, 9])
    },
    Invalid(name: "no rows in a file", subject: "rows/test.npy", found: "no row number") { sources, _ in
        try sources.overwrite("rows/test.npy", [Int]())
    },
    Invalid(name: "no row files", subject: "empty", found: "none of train.npy") { sources, job in
        try makeFolder(sources.path("empty"))
        job.rows = sources.path("empty")
    },
    Invalid(name: "rows and a part", subject: "rows", found: "it and a part") { _, job in job.part = .train },
    Invalid(name: "neither rows nor a part", subject: "rows", found: "neither") { _, job in job.rows = nil },
    Invalid(name: "text of another width", subject: "text.npy", found: "text features of width 4") { sources, _ in
        try sources.overwrite("text.npy", sources.text, shape: [4, 3, 4])
    },
    Invalid(name: "text of other classes", subject: "text.npy", found: "the shape [2, 5, 8]") { sources, _ in
        try sources.overwrite("text.npy", [Float](repeating: 1, count: 80), shape: [2, 5, 8])
    },
    Invalid(name: "text of one axis", subject: "text.npy", found: "the shape [48]") { sources, _ in
        try sources.overwrite("text.npy", sources.text, shape: [48])
    },
    Invalid(name: "a zero text feature", subject: "text.npy", found: "zeros in prompt 1 of class 2 ('car')") {
        sources, _ in
        try sources.overwrite("text.npy", sources.text.dropLast(8) + [Float](repeating: 0, count: 8), shape: [2, 3, 8])
    },
    Invalid(name: "a layout that does not fit", subject: "text.npy", found: "2 entries on the axis of classes") {
        _, job in
        job.settings.textLayout = .classesFirst
    },
    Invalid(name: "too many templates", subject: "template_count", found: "3") { _, job in
        job.settings.templateCount = 3
    },
    Invalid(name: "other prompts", subject: "prompts.json", found: "3 prompts of class 'apple'") { sources, job in
        try PublishedFile.publish(#"["a","b","c"]"#, to: sources.path("prompts.json"))
        job.settings.prompts = sources.path("prompts.json")
    },
    Invalid(name: "prompts of other classes", subject: "prompts.json", found: "prompts of 2 classes") { sources, job in
        try PublishedFile.publish(#"[["a","b"],["c","d"]]"#, to: sources.path("prompts.json"))
        job.settings.prompts = sources.path("prompts.json")
    },
    Invalid(name: "too few class names", subject: "labels.npy", found: "label 2 in row 2") { sources, job in
        job.text = nil
        try PublishedFile.publish(#"["a","b"]"#, to: sources.path("classes.json"))
    },
    Invalid(name: "class names of another form", subject: "classes.json", found: "not a list") { sources, _ in
        try PublishedFile.publish(#"{"a":1}"#, to: sources.path("classes.json"))
    },
    Invalid(name: "broken class names", subject: "classes.json", found: "broken JSON") { sources, _ in
        try PublishedFile.publish(#"["a","b"#, to: sources.path("classes.json"))
    },
    Invalid(name: "an empty class name", subject: "classes.json", found: "an empty name for class 1") { sources, _ in
        try PublishedFile.publish(#"["a","","b"]"#, to: sources.path("classes.json"))
    },
    Invalid(name: "an empty list of lines", subject: "classes.txt", found: "no class name") { sources, job in
        try PublishedFile.publish("\n\n", to: sources.path("classes.txt"))
        job.settings.classes = sources.path("classes.txt")
    },
]

@Test(arguments: cases)
private func anInvalidSourceIsRejectedBeforeAnythingIsWritten(_ invalid: Invalid) throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    try invalid.change(sources, &job)
    let rejected = fault { () throws(Fault) in try job.run() }
    #expect(rejected?.found.contains(invalid.found) == true, "\(rejected?.description ?? "accepted")")
    let subject = invalid.isOption ? invalid.subject : sources.path(invalid.subject)
    #expect(rejected?.subject == subject, "\(rejected?.description ?? "accepted")")
    #expect(!FileManager.default.fileExists(atPath: sources.output))
}

@Test func unselectedRowsAreNotChecked() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    let job = try sources.write()
    try sources.overwrite("rows/test.npy", [6, 10])
    var labels = sources.labels
    labels[11] = -1
    try sources.overwrite("labels.npy", labels)
    #expect(try job.run().files.count == 4)
}

@Test func noMutationOfLabelsRowsOrNamesCrashes() throws {
    let scratch = try ScratchFolder()
    let sources = ImportSources(scratch.path)
    var job = try sources.write()
    try PublishedFile.publish(#"[["a {}","b\u00e9"],["c","d"],["e","f"]]"#, to: sources.path("prompts.json"))
    job.settings.prompts = sources.path("prompts.json")
    let seed: UInt64 = 4
    var dice = Dice(seed: seed)
    let names = ["classes.json", "prompts.json", "labels.npy", "rows/val.npy"]
    var rejections = 0
    for name in names {
        let original = Array(try Data(contentsOf: URL(filePath: sources.path(name))))
        for round in 0 ..< (name.hasSuffix(".json") ? 10_000 : 500) {
            var bytes = original
            for _ in 0 ... Int.random(in: 0 ..< 3, using: &dice) {
                let index = Int.random(in: 0 ..< bytes.count, using: &dice)
                switch Int.random(in: 0 ..< 4, using: &dice) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0 ..< 8, using: &dice)
                case 1: bytes[index] = UInt8.random(in: 0 ... 255, using: &dice)
                case 2 where bytes.count > 1: bytes.remove(at: index)
                default: bytes.insert(Array(#"[]{}",\0u"#.utf8)[Int.random(in: 0 ..< 9, using: &dice)], at: index)
                }
            }
            try overwrite(sources.path(name), bytes)
            // The output path is a file, so that an import of valid sources fails after reading them.
            job.settings.output = sources.path("labels.npy")
            let rejected = try #require(fault { () throws(Fault) in try job.run() }, "seed \(seed), mutation \(round)")
            let isOutput = rejected.subject == job.settings.output && rejected.found == "a file"
            if !isOutput { rejections += 1 }
            #expect(
                [.badData, .cannotCreate].contains(rejected.status), "seed \(seed), mutation \(round): \(rejected)")
        }
        try overwrite(sources.path(name), original)
    }
    #expect(rejections > 1000)
}

/// Overwrites a file in place, because removing or truncating it may wait for the disk.
private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.write(contentsOf: Data(bytes))
    try file.truncate(atOffset: UInt64(bytes.count))
    try file.close()
}
