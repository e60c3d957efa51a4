internal import Kernels

/// A layer with its weights, in the order in which the processor reads them.
package final class PackedLayer: Sendable {
    package let shape: LayerShape
    let weights: PackedWeights
    let bias: [Float]

    /// Packs `weights`, [outputs×inputs] or [outputs×inputs×size×size]; without a bias it is zero.
    ///
    /// They go into `arena`, beside those of other layers.
    ///
    /// - Returns: nil where the library has no such layer on this processor.
    package init?(_ shape: LayerShape, weights: [Float], bias: [Float]? = nil, in arena: LayerArena) {
        let bias = bias ?? [Float](repeating: 0, count: shape.outputs)
        precondition(
            weights.count == shape.weightCount && bias.count == shape.outputs,
            "\(weights.count) weights and \(bias.count) biases for \(shape)")
        let packed = LayerThread.with { thread -> PackedWeights? in
            guard let primitive = thread.primitive(shape) else { return nil }
            // Zeroed: padding is never written.
            let packed = arena.take(primitive.packedSize)
            primitive.pack(weights, into: packed)
            return packed
        }
        guard let packed else { return nil }
        self.shape = shape
        self.weights = packed
        self.bias = bias
    }

    /// Runs a convolution on one image, or a linear layer on as many rows as its shape says.
    package func run(_ input: LayerValues, into output: consuming MutableLayerValues, _ thread: LayerThread) {
        thread.run(self, input, into: &output)
    }

    /// Runs a linear layer on `rows` rows, as many at a time as its shape says.
    ///
    /// Both sides hold whole runs: rows beyond `rows` are read and written.
    package func run(_ input: LayerValues, rows: Int, into output: consuming MutableLayerValues, _ thread: LayerThread)
    {
        guard case .linear(let height) = shape.kind else { preconditionFailure("a convolution has no rows") }
        for first in stride(from: 0, to: rows, by: height) {
            run(input.from(first * shape.inputStride), into: output.part(first * shape.outputStride), thread)
        }
    }
}
