package import Core
package import Kernels

/// Unit prototypes P [M×D], prepared once for all large products of a training step.
package struct Prototypes: Sendable {
    let rows: Matrix  // P, unit rows [M×D]
    let tiles: PrototypeTiles
    private let precision: Precision

    /// Takes unit rows [M×D]; with `precision` bfloat16, the factors of products are rounded to it.
    package init(_ rows: Matrix, precision: Precision) {
        self.rows = rows
        self.precision = precision
        tiles = PrototypeTiles(rows, precision: precision)
    }

    /// `x·Pᵀ` [B×M] for x [B×D].
    package func similarities(of x: Matrix) -> Matrix {
        precondition(x.columns == rows.columns)
        let packed = tiles.packed?.similarities(of: x)
        return packed ?? product(x, rows, transposingB: true, precision: precision)
    }

    /// `w·P` [B×D] for weights w [B×M]: the gradient of ``similarities(of:)`` with respect to x.
    package func combinations(_ weights: Matrix) -> Matrix {
        precondition(weights.columns == rows.rows)
        let packed = tiles.packed?.combinations(weights)
        return packed ?? product(weights, rows, precision: precision)
    }
}
