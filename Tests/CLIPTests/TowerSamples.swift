import CLIP
import Core
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

/// A tiny model of the fixtures, with open_clip's features of some images and prompts.
struct TowerSample {
    let name: String
    let pixels: [Float]
    let imageCount: Int
    let tokens: [[Int32]]
    private let golden: String

    init(_ name: String) throws {
        self.name = name
        golden = fixture("clip/\(name)/golden.safetensors")
        let file = try SafetensorsFile(path: golden)
        pixels = try file.tensor("pixels").floats()
        imageCount = try file.tensor("pixels").shape[0]
        let width = try file.tensor("tokens").shape[1]
        let numbers = try file.tensor("tokens").integers().map(Int32.init)
        tokens = stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0 ..< $0 + width]) }
    }

    var folder: String { fixture("clip/\(name)") }
    var weights: String { "\(folder)/open_clip_model.safetensors" }

    func expected(_ tower: String, _ activation: Activation) throws -> Matrix {
        let file = try SafetensorsFile(path: golden)
        let tensor = try file.tensor("\(tower).\(activation.rawValue)")
        return Matrix(tensor.floats(), rows: tensor.shape[0], columns: tensor.shape[1])
    }

    func images(_ model: CLIPModel, _ precision: Precision) throws -> Matrix {
        try ImageEncoder(model, precision: precision).encode(pixels.span, count: imageCount)
    }

    func prompts(_ model: CLIPModel, _ precision: Precision) throws -> Matrix {
        try TextEncoder(model, precision: precision).encode(tokens: tokens)
    }
}

/// The distance of two feature matrices: the least cosine of a row, and the largest difference over the largest value.
func distance(_ found: Matrix, _ expected: Matrix) -> (cosine: Double, error: Double) {
    #expect(found.rows == expected.rows && found.columns == expected.columns)
    var cosine = 1.0
    var difference = 0.0
    var largest = 0.0
    for row in 0 ..< min(found.rows, expected.rows) {
        let pairs = zip(found.row(row), expected.row(row)).map { (Double($0), Double($1)) }
        let dot = pairs.reduce(0) { $0 + $1.0 * $1.1 }
        let norms = pairs.reduce(0) { $0 + $1.0 * $1.0 } * pairs.reduce(0) { $0 + $1.1 * $1.1 }
        cosine = min(cosine, dot / norms.squareRoot())
        for (x, y) in pairs {
            difference = max(difference, abs(x - y))
            largest = max(largest, abs(y))
        }
    }
    return (cosine.isNaN ? 0 : cosine, difference / largest)
}
