package import Core
internal import Kernels

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

    package var outputPrecision: Precision {
        switch kind {
        case .linear(_, _, _, let output): output
        case .convolution: precision
        }
    }
}
