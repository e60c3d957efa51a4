/// A layer with its weights, in the order in which the processor reads them.
package final class PackedLayer: Sendable {
    package let shape: LayerShape
    private let weights: LayerBuffer
    private let bias: Matrix

    /// Packs `weights`, [outputs×inputs] or [outputs×inputs×size×size]; no bias is a bias of zeros.
    ///
    /// - Returns: nil where the library has no such layer on this processor.
    package init?(_ shape: LayerShape, weights: [Float], bias: [Float]? = nil) {
        precondition(weights.count == shape.weightCount, "\(weights.count) weights for \(shape)")
        precondition(bias.map { $0.count == shape.outputs } ?? true)
        let packed = LayerThread.with { thread -> LayerBuffer? in
            guard let code = thread.code(shape) else { return nil }
            let packed = LayerBuffer((code.packedSize + 3) / 4, .float32)
            // Places of padding are never written, and never used but as factors of zero.
            packed.values.clear()
            Matrix(weights, rows: shape.outputs, columns: weights.count / max(1, shape.outputs)).read {
                code.pack($0, into: packed.values)
            }
            return packed
        }
        guard let packed else { return nil }
        self.shape = shape
        self.weights = packed
        self.bias = Matrix(bias ?? [Float](repeating: 0, count: shape.outputs), rows: 1, columns: shape.outputs)
    }

    /// Runs a convolution on one image, or a linear layer on as many rows as its shape says.
    package func run(_ input: LayerValues, into output: LayerValues, _ thread: LayerThread) {
        guard let code = thread.code(shape) else { preconditionFailure("oneDNN has no \(shape) any more") }
        bias.read {
            code.run(input, weights.values, bias: $0, into: output, scratch: thread.scratch(code.scratchSize))
        }
    }

    /// Runs a linear layer on `rows` rows, as many at a time as its shape says.
    ///
    /// Both sides hold whole runs: rows beyond `rows` are read and written.
    package func run(_ input: LayerValues, rows: Int, into output: LayerValues, _ thread: LayerThread) {
        guard case .linear(let height, let inputStride, let outputStride, _) = shape.kind else {
            preconditionFailure("a convolution has no rows")
        }
        for first in stride(from: 0, to: rows, by: height) {
            run(input.from(first * inputStride), into: output.from(first * outputStride), thread)
        }
    }
}
