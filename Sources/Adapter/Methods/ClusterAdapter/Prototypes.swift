public import Core
public import Kernels

/// Unit prototypes P [M×D], prepared once for all large products of a training step.
public struct Prototypes: Sendable {
    /// P, unit rows [M×D].
    public let rows: Matrix
    let tiles: PrototypeTiles
    private let precision: Precision

    /// Takes unit rows [M×D]; with `precision` bfloat16, the factors of products are rounded to it.
    public init(_ rows: Matrix, precision: Precision) {
        self.rows = rows
        self.precision = precision
        tiles = PrototypeTiles(rows.span, count: rows.rows, width: rows.columns, precision: precision)
    }

    /// `x·Pᵀ` [B×M] for x [B×D].
    public func similarities(of x: Matrix) -> Matrix {
        precondition(x.columns == rows.columns)
        let packed = tiles.packed?.similarities(of: x.span, items: x.rows, count: rows.rows)
        return packed ?? product(x, rows, transposingB: true, precision: precision)
    }

    /// `w·P` [B×D] for weights w [B×M]: the gradient of ``similarities(of:)`` with respect to x.
    public func combinations(_ weights: Matrix) -> Matrix {
        precondition(weights.columns == rows.rows)
        let packed = tiles.packed?.combinations(weights.span, items: weights.rows, count: rows.rows)
        return packed ?? product(weights, rows, precision: precision)
    }
}
