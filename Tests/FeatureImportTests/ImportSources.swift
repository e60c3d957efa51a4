import Core
import FeatureImport
import FeatureStore
import Foundation
import TensorFiles
import TestSupport

/// Files to import, in a folder of their own: 12 images of 3 classes, row numbers, and prompts.
final class ImportSources {
    private let scratch: ScratchFolder
    let views: Int
    let promptCount: Int
    let width = 8
    let labels = (0 ..< 12).map { $0 % 3 }
    let parts: [String: [Int]] = ["train": [9, 0, 1, 2, 4, 5], "val": [3, 7, 8], "test": [6, 10, 11]]
    let classes = ["apple", "black_cat", "car"]
    /// The import of all files.
    var job: ArrayImport

    /// Writes all files.
    init(views: Int = 1, promptCount: Int = 2, imageType: ElementType = .float16) throws {
        scratch = try ScratchFolder()
        self.views = views
        self.promptCount = promptCount
        var settings = ImportSettings(output: scratch.file("study"), model: "tiny")
        settings.classes = scratch.file("classes.json")
        job = ArrayImport(images: scratch.file("images.npy"), labels: scratch.file("labels.npy"), settings: settings)
        job.text = scratch.file("text.npy")
        job.rows = scratch.file("rows")
        try overwrite("images.npy", images, shape: imageShape, imageType)
        try overwrite("labels.npy", labels)
        try overwrite("text.npy", text, shape: textShape)
        for (name, rows) in parts { try overwrite("rows/\(name).npy", rows) }
        try put(JSONDocument.line(classes), "classes.json")
    }

    /// Raw values that float16 represents exactly, so that types can be compared.
    var images: [Float] { (0 ..< labels.count * views * width).map { Float(($0 * 37) % 61 - 20) / 16 } }
    /// Text features [P×C×D].
    var text: [Float] { (0 ..< promptCount * classes.count * width).map { Float(($0 * 29) % 53 - 19) / 8 } }
    var imageShape: [Int] { views == 1 ? [labels.count, width] : [labels.count, views, width] }
    var textShape: [Int] { [promptCount, classes.count, width] }

    func path(_ name: String) -> String { scratch.file(name) }
    var output: String { path("study") }
    var outputFiles: [String] { scratch.files(in: "study").keys.sorted() }
    /// The bytes of the imported files.
    var imported: [String: Data] { scratch.files(in: "study") }
    /// The imported items of a subset.
    func sample(_ name: String) throws -> Sample { try Sample(reading: "\(output)/\(name).h5") }
    /// The error of the import; nil if it succeeds.
    var rejection: Fault? { fault { try job.run() } }

    /// Writes a text file and returns its path.
    @discardableResult
    func put(_ text: String, _ name: String) throws -> String { try scratch.write(text, name) }

    /// Writes a file in place.
    func put(_ bytes: [UInt8], _ name: String) throws { try scratch.write(bytes, name) }

    func overwrite(_ name: String, _ values: [Float], shape: [Int], _ type: ElementType = .float32) throws {
        try writeNpy(converted(values, shape, type).view, to: path(name))
    }

    func overwrite(_ name: String, _ numbers: [Int]) throws {
        try writeNpy(Tensor(numbers, shape: [numbers.count]).view, to: path(name))
    }

    /// Writes labels of which one differs.
    func overwriteLabel(_ row: Int, _ label: Int) throws {
        var labels = labels
        labels[row] = label
        try overwrite("labels.npy", labels)
    }

    /// Writes images of which some values differ.
    func overwriteImages(_ range: Range<Int>, _ value: Float, _ type: ElementType = .float32) throws {
        var values = images
        for index in range { values[index] = value }
        try overwrite("images.npy", values, shape: imageShape, type)
    }

    /// Returns the rows `numbers` of the images.
    func rows(_ numbers: [Int]) -> [Float] {
        numbers.flatMap { images[$0 * views * width ..< ($0 + 1) * views * width] }
    }
}

/// Converts `values` to a tensor of `type`.
func converted(_ values: [Float], _ shape: [Int], _ type: ElementType) -> Tensor {
    func bytes<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
        unsafe values.withUnsafeBytes { unsafe Array($0) }
    }
    let stored: [UInt8] =
        switch type {
        case .float16: bytes(values.map { Float16($0) })
        case .float64: bytes(values.map { Double($0) })
        case .bfloat16: bytes(values.map { UInt16($0.bitPattern >> 16) })
        case .int32: bytes(values.map { Int32($0) })
        default: bytes(values)
        }
    return Tensor(stored, shape: shape, type: type == .int32 || type.width != 4 ? type : .float32)
}
