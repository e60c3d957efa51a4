internal import Core
internal import Kernels

/// Packs layers from the tensors of a model.
struct LayerLoader {
    let precision: Precision
    /// The memory for the packed weights.
    let arena = LayerArena()
    private let weights: StoredWeights

    /// - Throws: `configuration` if the processor has no products in `precision`.
    init(_ weights: StoredWeights, _ precision: Precision) throws(Fault) {
        guard precision == .float32 || BFloat16.isAvailable else {
            throw .configuration(
                "precision", found: "bfloat16 on a processor without it", expected: "AVX512_BF16 or AMX",
                remedy: "choose float32")
        }
        self.weights = weights
        self.precision = precision
    }

    /// The elements of a tensor.
    func values(_ name: String) throws(Fault) -> [Float] { try weights.floats(name) }

    /// The elements of several tensors, one after another.
    func values(_ names: [String]) throws(Fault) -> [Float] { try weights.floats(names) }

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

    /// Attention pooling with the projections `NAME.query`, `NAME.key` and `NAME.value`, for `height` sequences at a
    /// time.
    func pooling(_ name: String, heads: Int, height: Int) throws(Fault) -> AttentionReadout {
        let pooling = AttentionReadout(
            query: try values("\(name).query.weight"), queryBias: try values("\(name).query.bias"),
            key: try values("\(name).key.weight"), value: try values("\(name).value.weight"),
            valueBias: try values("\(name).value.bias"), heads: heads, height: height, in: arena)
        guard let pooling else { throw Self.unavailable }
        return pooling
    }

    private static var unavailable: Fault {
        Fault(
            .unavailable, "oneDNN", found: "no implementation of a layer on this processor",
            expected: "one with the requested instructions", remedy: "choose the precision float32")
    }
}
