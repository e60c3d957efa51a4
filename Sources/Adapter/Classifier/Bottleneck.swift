package import Core
package import Kernels

/// CLIP-Adapter's image branch: `v = norm(ρ·relu(relu(f·W1ᵀ)·W2ᵀ) + (1 − ρ)·f)`.
///
/// Gao et al., "CLIP-Adapter", IJCV 2024, equations 4 to 6.
package struct Bottleneck: FeatureTransform {
    private let down: Matrix  // W1 [H×D]
    private let up: Matrix  // W2 [D×H]
    private let ratio: Float  // ρ: the share of the changed features against the original ones

    /// Takes W1 [H×D], W2 [D×H], and ρ.
    package init(down: Matrix, up: Matrix, ratio: Float) {
        self.down = down
        self.up = up
        self.ratio = ratio
    }

    package var width: Int? { down.columns }
    package var tensors: [String: Matrix] { ["bottleneck_down": down, "bottleneck_up": up] }
    package var numbers: [String: Float] { ["bottleneck_ratio": ratio] }

    package init?(from stored: StoredTensors) throws(Fault) {
        guard let down = try stored.matrix("bottleneck_down") else { return nil }
        self.down = down
        up = try stored.required("bottleneck_up", rows: down.columns, columns: down.rows)
        ratio = try stored.number("bottleneck_ratio")
    }

    /// v [B×D], unit rows, of features f [B×D].
    package func apply(_ features: Matrix) -> Matrix { forward(features).unit }

    /// The intermediate values of a forward pass, for its gradient.
    struct Pass {
        var hidden: Matrix  // relu(f·W1ᵀ) [B×H]
        var residual: Matrix  // relu(hidden·W2ᵀ) [B×D]
        var unit: Matrix  // v [B×D]
        var norms: [Float]
    }

    func forward(_ f: Matrix) -> Pass {
        var hidden = product(f, down, transposingB: true)
        relu(&hidden)
        var residual = product(hidden, up, transposingB: true)
        relu(&residual)
        var mixed = Matrix.zeros(f.rows, f.columns)
        add(residual, scale: ratio, to: &mixed)
        add(f, scale: 1 - ratio, to: &mixed)
        let norms = normalizeRows(&mixed)
        return Pass(hidden: hidden, residual: residual, unit: mixed, norms: norms)
    }

    /// The gradients of W1 and W2 for `dv` [B×D], the gradient of the output of ``forward(_:)`` for `f`.
    ///
    ///     d = (dv − (dv·v)v)/‖·‖    d2 = ρ·d∘1[residual > 0]    dW2 = d2ᵀ·hidden
    ///     d1 = (d2·W2)∘1[hidden > 0]                            dW1 = d1ᵀ·f
    func gradient(_ dv: Matrix, _ f: Matrix, _ pass: Pass) -> (down: TensorGradient, up: TensorGradient) {
        var d2 = dv
        normalizeRowsGradient(&d2, unit: pass.unit, norms: pass.norms)
        reluGradient(&d2, of: pass.residual, scale: ratio)
        var d1 = product(d2, up)
        reluGradient(&d1, of: pass.hidden)
        return (.product(d1, f), .product(d2, pass.hidden))
    }
}
