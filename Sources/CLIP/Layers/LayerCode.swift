internal import COneDNN
internal import Core
internal import Kernels

/// A layer's code for one shape, for one thread at a time.
@safe final class LayerCode {
    private let handle: OpaquePointer
    private let shape: LayerShape
    let packedSize: Int
    let scratchSize: Int

    /// Compiles `shape`.
    ///
    /// - Returns: nil where the library cannot.
    init?(_ shape: LayerShape) {
        let type = Int32(shape.precision == .float32 ? conednn_float32 : conednn_bfloat16)
        let (inputs, outputs) = (Int64(shape.inputs), Int64(shape.outputs))
        let made: OpaquePointer?
        switch shape.kind {
        case .linear(let rows, let inputStride, let outputStride, let output):
            unsafe made = conednn_linear_make(
                Int64(rows), inputs, outputs, Int64(inputStride), Int64(outputStride), type,
                Int32(output == .float32 ? conednn_float32 : conednn_bfloat16), shape.activation.code,
                shape.accumulates ? 1 : 0)
        case .convolution(let height, let width, let size, let stride):
            unsafe made = conednn_convolution_make(
                1, Int64(height), Int64(width), inputs, outputs, Int64(size), Int64(stride), type,
                shape.activation.code, shape.accumulates ? 1 : 0)
        }
        guard let made = unsafe made else { return nil }
        unsafe handle = made
        self.shape = shape
        packedSize = unsafe Int(conednn_layer_packed_size(made))
        scratchSize = unsafe Int(conednn_layer_scratch_size(made))
    }

    deinit { unsafe conednn_layer_free(handle) }

    /// Puts `weights` into the order in which the code reads them.
    func pack(_ weights: [Float], into packed: PackedWeights) {
        precondition(weights.count == shape.weightCount && packed.range.count >= packedSize)
        let status = unsafe conednn_layer_pack(handle, weights, packed.block.address(packed.range))
        precondition(status == 0, "oneDNN could not arrange the weights of \(shape)")
    }

    /// Runs the layer once.
    func run(
        _ input: LayerValues, _ packed: PackedWeights, bias: [Float], into output: inout MutableLayerValues,
        scratch: inout MutableSpan<Float>
    ) {
        let extents = shape.extents
        precondition(
            input.precision == shape.precision && output.precision == shape.outputPrecision
                && input.count >= extents.input && output.count >= extents.output && bias.count >= shape.outputs
                && packed.range.count >= packedSize && scratch.count * 4 >= scratchSize,
            "\(input.count) and \(output.count) values for \(shape)")
        let status = unsafe input.withUnsafeAddress { input in
            unsafe output.withUnsafeAddress { output in
                unsafe scratch.withUnsafeMutableBytes { scratch in
                    unsafe conednn_layer_run(
                        handle, input, packed.block.address(packed.range), bias, output, scratch.baseAddress)
                }
            }
        }
        precondition(status == 0, "oneDNN could not run \(shape)")
    }
}
