internal import Core
internal import Kernels

/// Packs layers from the tensors of a model.
struct LayerLoader {
    let precision: Precision
    /// The memory for the packed weights.
    private let arena = LayerArena()
    private let weights: StoredWeights

    /// - Throws: `configuration` if the processor has no products in `precision`.
    init(_ weights: StoredWeights, _ precision: Precision) throws(Fault) {
        self.weights = weights
        self.precision = try PrecisionRequest(precision).resolved()
    }

    func contains(_ name: String) -> Bool { weights.contains(name) }

    /// The elements of a tensor.
    func values(_ name: String) throws(Fault) -> [Float] { try weights.floats([name]) }

    /// A tensor as a matrix whose columns are the last axis.
    func matrix(_ name: String) throws(Fault) -> Matrix {
        let values = try values(name)
        let columns = weights.shape(name)?.last ?? values.count
        return Matrix(values, rows: values.count / max(1, columns), columns: columns)
    }

    func norm(_ name: String, epsilon: Float) throws(Fault) -> LayerNorm {
        LayerNorm(gain: try values("\(name).weight"), offset: try values("\(name).bias"), epsilon: epsilon)
    }

    func layer(_ shape: LayerShape, _ weights: [Float], bias: [Float]? = nil) throws(Fault) -> PackedLayer {
        guard let layer = PackedLayer(shape, weights: weights, bias: bias, in: arena) else { throw Self.unavailable }
        return layer
    }

    /// The layer `NAME.weight` with `NAME.bias`.
    func layer(_ shape: LayerShape, _ name: String) throws(Fault) -> PackedLayer {
        try layer(shape, try values("\(name).weight"), bias: try values("\(name).bias"))
    }

    /// The convolution `NAME` over `side`×`side` pixels with its BatchNorm folded in, and relu unless said otherwise.
    func convolution(
        _ name: String, side: Int, stride: Int = 1, activation: LayerActivation = .relu, accumulates: Bool = false
    ) throws(Fault) -> PackedLayer {
        let sizes = self.weights.shape("\(name).weight") ?? []  // [outputs×inputs×size×size]
        var weights = try values("\(name).weight")
        let gain = try values("\(name).norm.weight")
        let offset = try values("\(name).norm.bias")
        let mean = try values("\(name).norm.mean")
        let variance = try values("\(name).norm.variance")
        var bias = [Float](repeating: 0, count: gain.count)
        let run = weights.count / gain.count
        for output in gain.indices {
            let scale = Double(gain[output]) / (Double(variance[output]) + 1e-5).squareRoot()
            bias[output] = Float(Double(offset[output]) - Double(mean[output]) * scale)
            for i in output * run ..< (output + 1) * run { weights[i] = Float(Double(weights[i]) * scale) }
        }
        let shape = LayerShape.convolution(
            side: side, inputs: sizes[1], outputs: sizes[0], size: sizes[2], stride: stride, precision: precision)
        return try layer(
            shape.with(\.activation, activation).with(\.accumulates, accumulates), weights, bias: bias)
    }

    /// The projections `NAME.query`, `NAME.key` and `NAME.value`, one after another [3·W×W].
    ///
    /// The scores' factor 1/√(head width) is multiplied into the queries'.
    func projections(_ name: String, heads: Int) throws(Fault) -> (weights: [Float], bias: [Float]) {
        let names = ["query", "key", "value"].map { "\(name).\($0)" }
        var weights = try self.weights.floats(names.map { "\($0).weight" })
        var bias = try self.weights.floats(names.map { "\($0).bias" })
        let width = bias.count / 3
        let scale = 1 / Float(width / heads).squareRoot()
        for i in 0 ..< width * width { weights[i] *= scale }
        for i in 0 ..< width { bias[i] *= scale }
        return (weights, bias)
    }

    /// Attention pooling with the projections `NAME.query`, `NAME.key` and `NAME.value`, for `height` sequences at a
    /// time.
    func pooling(_ name: String, heads: Int, height: Int) throws(Fault) -> AttentionPooling {
        let (weights, bias) = try projections(name, heads: heads)
        guard let pooling = AttentionPooling(weights: weights, bias: bias, heads: heads, height: height, in: arena)
        else { throw Self.unavailable }
        return pooling
    }

    private static var unavailable: Fault {
        Fault(
            .unavailable, "oneDNN", found: "no implementation of a layer on this processor",
            expected: "one with the requested instructions", remedy: "choose the precision float32")
    }
}
