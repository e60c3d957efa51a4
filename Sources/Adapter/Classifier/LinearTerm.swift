public import Core
public import Kernels

/// A weighted linear layer `w·(v·Wᵀ + b)`.
public struct LinearTerm: LogitTerm {
    /// W [C×D].
    public var weights: Matrix
    /// b [C].
    public var bias: [Float]
    /// w: the weight of the term against the others.
    public var weight: Float

    /// Takes W [C×D] and b [C]; a nil bias is zero.
    public init(weights: Matrix, bias: [Float]? = nil, weight: Float = 1) {
        self.weights = weights
        self.bias = bias ?? [Float](repeating: 0, count: weights.rows)
        self.weight = weight
    }

    public var width: Int? { weights.columns }
    public var tensors: [String: Matrix] { ["weights": weights, "bias": Matrix(row: bias)] }
    public var numbers: [String: Float] { ["linear_weight": weight] }

    public init?(from stored: StoredTensors) throws(Fault) {
        guard let weights = try stored.matrix("weights", rows: stored.classCount) else { return nil }
        self.weights = weights
        bias = try stored.required("bias", rows: 1, columns: stored.classCount).elements
        weight = try stored.number("linear_weight")
    }

    public func add(_ queries: Queries, to logits: inout Matrix) {
        multiply(queries.features, weights, transposingB: true, alpha: weight, beta: 1, into: &logits)
        addRow(bias, scale: weight, to: &logits)
    }

    public func restricted(to classes: [Int]) -> LinearTerm {
        LinearTerm(weights: weights.rows(at: classes), bias: classes.map { bias[$0] }, weight: weight)
    }

    public func add(to layer: inout LinearLayer) -> Bool {
        Kernels.add(weights, scale: weight, to: &layer.weights)
        for c in bias.indices { layer.bias[c] += weight * bias[c] }
        return true
    }
}

/// One linear layer `z = f·weightsᵀ + bias`.
public struct LinearLayer: Sendable, Equatable {
    /// [C×D].
    public var weights: Matrix
    /// [C].
    public var bias: [Float]
}
