import Core
import FeatureStore
import Foundation
import TensorFiles

/// Files to import: 12 images of 3 classes, row numbers, and 2 prompts per class.
struct ImportSources {
    let folder: String
    var views = 1
    var width = 8
    var labels = (0 ..< 12).map { $0 % 3 }
    var parts: [String: [Int]] = ["train": [9, 0, 1, 2, 4, 5], "val": [3, 7, 8], "test": [6, 10, 11]]
    var classes = ["apple", "black_cat", "car"]
    var promptCount = 2

    /// Raw values that float16 represents exactly, so that types can be compared.
    var images: [Float] { (0 ..< labels.count * views * width).map { Float(($0 * 37) % 61 - 20) / 16 } }
    /// Text features [P×C×D].
    var text: [Float] { (0 ..< promptCount * classes.count * width).map { Float(($0 * 29) % 53 - 19) / 8 } }
    var imageShape: [Int] { views == 1 ? [labels.count, width] : [labels.count, views, width] }
    var textShape: [Int] { [promptCount, classes.count, width] }

    init(_ folder: String) { self.folder = folder }

    func path(_ name: String) -> String { "\(folder)/\(name)" }
    var output: String { path("study") }

    /// Writes all files and returns their import.
    @discardableResult
    func write(imageType: ElementType = .float16) throws -> ArrayImport {
        try writeNpy(converted(images, imageShape, imageType).view, to: path("images.npy"))
        try writeNpy(Tensor(labels, shape: [labels.count]).view, to: path("labels.npy"))
        try writeNpy(converted(text, textShape, .float32).view, to: path("text.npy"))
        for (name, rows) in parts { try writeNpy(Tensor(rows, shape: [rows.count]).view, to: path("rows/\(name).npy")) }
        try PublishedFile.publish(JSONDocument.line(classes), to: path("classes.json"))
        var settings = ImportSettings(output: output, model: "tiny")
        settings.classes = path("classes.json")
        var job = ArrayImport(images: path("images.npy"), labels: path("labels.npy"), settings: settings)
        job.text = path("text.npy")
        job.rows = path("rows")
        return job
    }

    func overwrite(_ name: String, _ values: [Float], shape: [Int], _ type: ElementType = .float32) throws {
        try writeNpy(converted(values, shape, type).view, to: path(name))
    }

    func overwrite(_ name: String, _ numbers: [Int]) throws {
        try writeNpy(Tensor(numbers, shape: [numbers.count]).view, to: path(name))
    }

    /// Returns the rows `numbers` of the images.
    func rows(_ numbers: [Int]) -> [Float] {
        numbers.flatMap { images[$0 * views * width ..< ($0 + 1) * views * width] }
    }

    var outputFiles: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []).sorted() }
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

/// Runs `body` and returns the error that it throws.
func fault<Result>(_ body: () throws(Fault) -> Result) -> Fault? {
    do throws(Fault) {
        _ = try body()
        return nil
    } catch { return error }
}
