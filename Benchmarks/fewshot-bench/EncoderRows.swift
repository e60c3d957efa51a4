import CLIP
import Core
import Foundation
import Kernels
import TensorFiles

/// Measures an encoder on inputs from a `.npy` file: `--model M --precision P` and `--images` or `--tokens`.
///
/// Images are normalized pixels [count×side×side×3]. `--activation` is for weights without a configuration. With
/// `-o` the features are written. With `--turns yes` the encoder runs once per line on stdin and prints the seconds, so
/// that it can alternate with another program.
@Sendable func encode(_ options: [String: String]) throws -> [String: Double] {
    let activation = try options["--activation"].map { name in
        guard let activation = Activation(rawValue: name) else {
            throw Fault.badData("--activation", found: name, expected: "quick_gelu or gelu")
        }
        return activation
    }
    guard let precision = Precision(rawValue: options["--precision"] ?? "float32") else {
        throw Fault.badData("--precision", found: options["--precision"] ?? "", expected: "float32 or bfloat16")
    }
    let model = try CLIPModel(path: options["--model"] ?? ".", activation: activation)
    let run: () throws -> Matrix
    let loading: Double
    if let path = options["--tokens"] {
        let file = try NpyFile(path: path)
        let numbers = try file.tensor.integers()
        let length = file.shape.last ?? 1
        let tokens = (0 ..< numbers.count / length).map { prompt in
            numbers[prompt * length ..< (prompt + 1) * length].map { Int32(truncatingIfNeeded: $0) }
        }
        let start = ContinuousClock.now
        let encoder = try TextEncoder(model, precision: precision)
        loading = (ContinuousClock.now - start) / .seconds(1)
        run = { try encoder.encode(tokens: tokens) }
    } else {
        let file = try NpyFile(path: options["--images"] ?? "")
        let pixels = file.tensor.floats()
        let count = file.shape.first ?? 0
        let start = ContinuousClock.now
        let encoder = try ImageEncoder(model, precision: precision)
        loading = (ContinuousClock.now - start) / .seconds(1)
        guard pixels.count == count * encoder.inputSize * encoder.inputSize * 3 else {
            throw Fault.badData(
                options["--images"] ?? "", found: "\(file.shape)",
                expected: "[count, \(encoder.inputSize), \(encoder.inputSize), 3]")
        }
        run = { encoder.encode(pixels.span, count: count) }
    }
    var time = 0.0
    while options["--turns"] != nil, readLine() != nil {
        time = try seconds { _ = try run() }
        FileHandle.standardOutput.write(Data("\(time)\n".utf8))
    }
    if let output = options["-o"] {
        var features = Matrix([], rows: 0, columns: 0)
        time = try seconds { features = try run() }
        try writeNpy(Tensor(features.elements, shape: [features.rows, features.columns]).view, to: output)
    }
    return ["seconds": time, "loading": loading]
}
