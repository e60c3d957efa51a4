internal import COneDNN

/// What a layer does with its results before they are stored.
package enum LayerActivation: Hashable, Sendable {
    case none
    case relu
    /// x·σ(1.702x)
    case quickGELU
    /// x·Φ(x)
    case gelu

    fileprivate var code: Int32 {
        switch self {
        case .none: Int32(conednn_linear)
        case .relu: Int32(conednn_relu)
        case .quickGELU: Int32(conednn_quick_gelu)
        case .gelu: Int32(conednn_gelu)
        }
    }
}

/// Everything about a layer but its weights: what the library compiles code for.
package struct LayerShape: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case linear(rows: Int, inputStride: Int, outputStride: Int, output: Precision)
        case convolution(height: Int, width: Int, size: Int, stride: Int)
    }

    let kind: Kind
    package let inputs: Int
    package let outputs: Int
    package let precision: Precision
    let activation: LayerActivation
    /// Whether the results are added to what the output holds, before the activation.
    let accumulates: Bool

    /// Rows of `inputs` values, each to a row of `outputs`; `rows` at a time.
    ///
    /// Strides are elements from row to row, the number of values where nothing is said.
    package static func linear(
        rows: Int, inputs: Int, outputs: Int, inputStride: Int? = nil, outputStride: Int? = nil, precision: Precision,
        output: Precision? = nil, activation: LayerActivation = .none, accumulates: Bool = false
    ) -> LayerShape {
        LayerShape(
            kind: .linear(
                rows: rows, inputStride: inputStride ?? inputs, outputStride: outputStride ?? outputs,
                output: output ?? precision),
            inputs: inputs, outputs: outputs, precision: precision, activation: activation, accumulates: accumulates)
    }

    /// One image [height×width×inputs] to one of `outputs` channels, within a border of `size`/2 zeros.
    package static func convolution(
        height: Int, width: Int, inputs: Int, outputs: Int, size: Int, stride: Int = 1, precision: Precision,
        activation: LayerActivation, accumulates: Bool = false
    ) -> LayerShape {
        LayerShape(
            kind: .convolution(height: height, width: width, size: size, stride: stride), inputs: inputs,
            outputs: outputs, precision: precision, activation: activation, accumulates: accumulates)
    }

    /// Values in the weights, [outputs×inputs] or [outputs×inputs×size×size].
    package var weightCount: Int {
        switch kind {
        case .linear: inputs * outputs
        case .convolution(_, _, let size, _): inputs * outputs * size * size
        }
    }

    /// Elements that a run reads and writes, from the first to the last.
    var extents: (input: Int, output: Int) {
        switch kind {
        case .linear(let rows, let inputStride, let outputStride, _):
            return ((rows - 1) * inputStride + inputs, (rows - 1) * outputStride + outputs)
        case .convolution(let height, let width, let size, let stride):
            let border = size / 2 * 2 - size
            let (down, across) = ((height + border) / stride + 1, (width + border) / stride + 1)
            return (height * width * inputs, down * across * outputs)
        }
    }

    var outputPrecision: Precision {
        if case .linear(_, _, _, let output) = kind { output } else { precision }
    }
}

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
    func pack(_ weights: Strip, into packed: LayerValues) {
        precondition(weights.count == shape.weightCount && packed.count * packed.precision.width >= packedSize)
        let status = unsafe conednn_layer_pack(handle, weights.address, packed.address)
        precondition(status == 0, "oneDNN could not arrange the weights of \(shape)")
    }

    /// Runs the layer once.
    func run(_ input: LayerValues, _ packed: LayerValues, bias: Strip, into output: LayerValues, scratch: LayerValues) {
        let extents = shape.extents
        precondition(
            input.precision == shape.precision && output.precision == shape.outputPrecision
                && input.count >= extents.input && output.count >= extents.output && bias.count >= shape.outputs,
            "\(input.count) and \(output.count) values for \(shape)")
        let status = unsafe conednn_layer_run(
            handle, input.address, packed.address, bias.address, output.address, scratch.address)
        precondition(status == 0, "oneDNN could not run \(shape)")
    }
}
