package import Core
internal import Kernels

/// A layer without its weights: all that the library compiles code for.
package struct LayerShape: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// Rows of `inputs` values, `rows` at a time.
        case linear(rows: Int)
        /// One image [side×side×inputs], within a border of `size`/2 zeros.
        case convolution(side: Int, size: Int, stride: Int)
    }

    let kind: Kind
    package let inputs: Int
    package let outputs: Int
    package let precision: Precision
    /// The precision of the results; at first that of the layer.
    package var outputPrecision: Precision
    /// The distance between rows of a linear layer's input in elements; at first the number of inputs.
    package var inputStride: Int
    /// The distance between rows of a linear layer's output in elements; at first the number of outputs.
    package var outputStride: Int
    package var activation = LayerActivation.none
    /// Whether the results are added to the output's values, before the activation.
    package var accumulates = false

    private init(_ kind: Kind, inputs: Int, outputs: Int, _ precision: Precision) {
        self.kind = kind
        self.inputs = inputs
        self.outputs = outputs
        self.precision = precision
        outputPrecision = precision
        inputStride = inputs
        outputStride = outputs
    }

    /// Rows of `inputs` values, each to a row of `outputs`; `rows` at a time.
    package static func linear(rows: Int, inputs: Int, outputs: Int, precision: Precision) -> LayerShape {
        LayerShape(.linear(rows: rows), inputs: inputs, outputs: outputs, precision)
    }

    /// One image [side×side×inputs] to one of `outputs` channels, within a border of `size`/2 zeros.
    package static func convolution(
        side: Int, inputs: Int, outputs: Int, size: Int, stride: Int = 1, precision: Precision
    ) -> LayerShape {
        LayerShape(.convolution(side: side, size: size, stride: stride), inputs: inputs, outputs: outputs, precision)
    }

    /// Returns the shape with one property changed.
    package func with<Value>(_ property: WritableKeyPath<LayerShape, Value>, _ value: Value) -> LayerShape {
        var changed = self
        changed[keyPath: property] = value
        return changed
    }

    /// The number of weights, [outputs×inputs] or [outputs×inputs×size×size].
    var weightCount: Int {
        switch kind {
        case .linear: inputs * outputs
        case .convolution(_, let size, _): inputs * outputs * size * size
        }
    }

    /// The numbers of elements from the first to the last that a run reads and writes.
    var extents: (input: Int, output: Int) {
        switch kind {
        case .linear(let rows):
            return (extent(rows, inputs, inputStride), extent(rows, outputs, outputStride))
        case .convolution(let side, let size, let stride):
            let outputSide = (side + size / 2 * 2 - size) / stride + 1
            return (side * side * inputs, outputSide * outputSide * outputs)
        }
    }
}
