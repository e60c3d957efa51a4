internal import Kernels

/// A layer with its weights, in the order in which the processor reads them.
package final class PackedLayer: Sendable {
    package let shape: LayerShape
    private let weights: PackedWeights
    private let bias: [Float]

    /// Packs `weights`, [outputs×inputs] or [outputs×inputs×size×size]; no bias is a bias of zeros.
    ///
    /// They go into `arena`, beside those of other layers.
    ///
    /// - Returns: nil where the library has no such layer on this processor.
    package init?(_ shape: LayerShape, weights: [Float], bias: [Float]? = nil, in arena: LayerArena) {
        precondition(weights.count == shape.weightCount, "\(weights.count) weights for \(shape)")
        precondition(bias.map { $0.count == shape.outputs } ?? true)
        let packed = LayerThread.with { thread -> PackedWeights? in
            guard let code = thread.code(shape) else { return nil }
            // Zeroed: places of padding are never written.
            let packed = arena.take(code.packedSize)
            code.pack(weights, into: packed)
            return packed
        }
        guard let packed else { return nil }
        self.shape = shape
        self.weights = packed
        self.bias = bias ?? [Float](repeating: 0, count: shape.outputs)
    }

    /// Runs a convolution on one image, or a linear layer on as many rows as its shape says.
    package func run(_ input: LayerValues, into output: consuming MutableLayerValues, _ thread: LayerThread) {
        guard let code = thread.code(shape) else { preconditionFailure("oneDNN has no \(shape) any more") }
        thread.run(code, input, weights, bias: bias, into: &output)
    }

    /// Runs a linear layer on `rows` rows, as many at a time as its shape says.
    ///
    /// Both sides hold whole runs: rows beyond `rows` are read and written.
    package func run(_ input: LayerValues, rows: Int, into output: consuming MutableLayerValues, _ thread: LayerThread)
    {
        guard case .linear(let height, let inputStride, let outputStride, _) = shape.kind else {
            preconditionFailure("a convolution has no rows")
        }
        for first in stride(from: 0, to: rows, by: height) {
            let start = first * outputStride
            let rest = output.count - start
            run(input.from(first * inputStride), into: output.part(start, count: rest), thread)
        }
    }
}
