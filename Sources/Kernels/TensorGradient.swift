public import Core

/// The gradient of one tensor.
public enum TensorGradient: Sendable {
    /// The gradient itself.
    case matrix(Matrix)
    /// `hᵀ·x` [M×D] with h [B×M] and x [B×D], computed in pieces where it is used and never stored as a whole.
    case product(Matrix, Matrix, Precision = .float32)

    /// The gradient as a matrix.
    public var matrix: Matrix {
        switch self {
        case .matrix(let matrix): matrix
        case .product(let h, let x, let precision): Kernels.product(h, x, transposingA: true, precision: precision)
        }
    }
}
