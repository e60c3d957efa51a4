package import Core
package import Kernels

/// A weighted linear layer `w·(v·Wᵀ + b)`.
package struct LinearTerm: LogitTerm {
    package let weights: Matrix  // W [C×D]
    package let bias: [Float]  // b [C]
    package var weight: Float  // w: the weight of the term against the others

    /// Takes W [C×D] and b [C]; a nil bias is zero.
    package init(weights: Matrix, bias: [Float]? = nil, weight: Float = 1) {
        self.weights = weights
        self.bias = bias ?? [Float](repeating: 0, count: weights.rows)
        self.weight = weight
    }

    package var classCount: Int { weights.rows }
    package var width: Int? { weights.columns }
    package var tensors: [String: Matrix] { ["weights": weights, "bias": Matrix(row: bias)] }
    package var numbers: [String: Float] { ["linear_weight": weight] }

    package init?(from stored: StoredTensors) throws(Fault) {
        guard let weights = try stored.matrix("weights", rows: stored.classCount) else { return nil }
        self.weights = weights
        bias = try stored.required("bias", rows: 1, columns: stored.classCount).elements
        weight = try stored.number("linear_weight")
    }

    package func add(_ queries: Queries, to logits: inout Matrix) {
        multiply(queries.features, weights, transposingB: true, alpha: weight, beta: 1, into: &logits)
        addRow(bias, scale: weight, to: &logits)
    }

    package func restricted(to classes: [Int]) -> LinearTerm {
        LinearTerm(weights: weights.rows(at: classes), bias: classes.map { bias[$0] }, weight: weight)
    }

    package func add(to layer: inout LinearLayer) -> Bool {
        Kernels.add(weights, scale: weight, to: &layer.weights)
        for c in bias.indices { layer.bias[c] += weight * bias[c] }
        return true
    }
}

/// One linear layer `z = f·weightsᵀ + bias`.
package struct LinearLayer: Sendable, Equatable {
    package var weights: Matrix  // [C×D]
    package var bias: [Float]  // [C]
}
