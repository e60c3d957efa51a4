internal import COneDNN
internal import Core
internal import Kernels

/// oneDNN's compiled code for a layer of one shape, for one thread at a time.
@safe final class LayerPrimitive {
    private let handle: OpaquePointer
    private let shape: LayerShape
    let packedSize: Int
    /// The size in bytes of the scratch memory for one execution.
    let scratchSize: Int

    /// Compiles `shape`.
    ///
    /// - Returns: nil where the library cannot.
    init?(_ shape: LayerShape) {
        let type = shape.precision.code
        let inputs = Int64(shape.inputs)
        let outputs = Int64(shape.outputs)
        let made: OpaquePointer?
        switch shape.kind {
        case .linear(let rows):
            unsafe made = conednn_linear_make(
                Int64(rows), inputs, outputs, Int64(shape.inputStride), Int64(shape.outputStride), type,
                shape.outputPrecision.code, shape.activation.code, shape.accumulates ? 1 : 0)
        case .convolution(let side, let size, let stride):
            unsafe made = conednn_convolution_make(
                1, Int64(side), Int64(side), inputs, outputs, Int64(size), Int64(stride), type,
                shape.activation.code, shape.accumulates ? 1 : 0)
        }
        guard let made = unsafe made else { return nil }
        unsafe handle = made
        self.shape = shape
        packedSize = unsafe Int(conednn_layer_packed_size(made))
        scratchSize = unsafe Int(conednn_layer_scratch_size(made))
    }

    deinit { unsafe conednn_layer_free(handle) }

    /// Writes `weights` to `packed` in the order in which the primitive reads them.
    func pack(_ weights: [Float], into packed: PackedWeights) {
        precondition(weights.count == shape.weightCount && packed.range.count >= packedSize)
        let status = unsafe conednn_layer_pack(handle, weights, packed.block.address(packed.range))
        precondition(status == 0, "oneDNN could not arrange the weights of \(shape)")
    }

    /// Runs `layer` once.
    func run(
        _ layer: PackedLayer, _ input: LayerValues, into output: inout MutableLayerValues,
        scratch: inout Scratch<Float>
    ) {
        let extents = shape.extents
        let packed = layer.weights
        precondition(
            input.precision == shape.precision && output.precision == shape.outputPrecision
                && input.count >= extents.input && output.count >= extents.output
                && packed.range.count >= packedSize && scratch.count * 4 >= scratchSize,
            "\(input.count) and \(output.count) values for \(shape)")
        var scratch = scratch.mutableSpan
        let status = unsafe input.withUnsafeAddress { input in
            unsafe output.withUnsafeAddress { output in
                unsafe scratch.withUnsafeMutableBytes { scratch in
                    unsafe conednn_layer_run(
                        handle, input, packed.block.address(packed.range), layer.bias, output, scratch.baseAddress)
                }
            }
        }
        precondition(status == 0, "oneDNN could not run \(shape)")
    }
}

extension Precision {
    /// oneDNN's code for the type.
    fileprivate var code: Int32 { Int32(self == .float32 ? conednn_float32 : conednn_bfloat16) }
}
