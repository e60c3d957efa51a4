internal import Core
internal import Kernels

/// Takes layers out of a model's weights.
struct LayerLoading {
    let weights: ModelWeights
    let precision: Precision
    /// Where the packed weights go.
    let arena = LayerArena()

    /// - Throws: `configuration` if the processor does not multiply in `precision`.
    init(_ weights: ModelWeights, _ precision: Precision) throws(Fault) {
        guard precision == .float32 || BFloat16.isAvailable else {
            throw .configuration(
                "precision", found: "bfloat16 on a processor without it", expected: "AVX512_BF16 or AMX",
                remedy: "choose float32")
        }
        (self.weights, self.precision) = (weights, precision)
    }

    func values(_ name: String) throws(Fault) -> [Float] { try weights.stored.floats(name) }

    func matrix(_ name: String) throws(Fault) -> Matrix {
        let values = try values(name)
        let columns = weights.stored.entries[name]?.shape.last ?? values.count
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

    static var unavailable: Fault {
        Fault(
            .unavailable, "oneDNN", found: "no code for a layer on this processor",
            expected: "one with the instructions that were asked for", remedy: "choose the precision float32")
    }
}

extension Activation {
    var layerActivation: LayerActivation { self == .gelu ? .gelu : .quickGELU }
}
