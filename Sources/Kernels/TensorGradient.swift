internal import Core

/// The gradient of one tensor.
public enum TensorGradient: Sendable {
    case matrix(Matrix)
    /// `hᵀ·x` [M×D] with h [B×M] and x [B×D], formed piece by piece where it is used: it is never in memory whole.
    case product(Matrix, Matrix, Precision = .float32)

    /// The gradient as a matrix.
    public var matrix: Matrix {
        switch self {
        case .matrix(let matrix): matrix
        case .product(let h, let x, let precision): Kernels.product(h, x, transposingA: true, precision: precision)
        }
    }
}

/// Forms `hᵀ·x` [M×D] a few hundred rows at a time and lends each piece to `body` on the thread that formed it.
func forEachProductPiece(
    _ h: Matrix, _ x: Matrix, precision: Precision, _ body: @Sendable (_ rows: Range<Int>, _ product: Strip) -> Void
) {
    precondition(h.rows == x.rows)
    let (items, keys, width) = (h.rows, h.columns, x.columns)
    h.read { h in
        x.read { x in
            guard !RoundedProduct.pays(keys, width, items, precision) else {
                RoundedProduct(
                    a: .init(values: h, lead: keys, isTransposed: true),
                    b: .init(values: x, lead: width, isTransposed: false), m: keys, n: width, k: items,
                    precision: precision
                ).forEachPiece(body)
                return
            }
            let blas = BLAS.shared
            Parallel.forEachPiece(of: keys, size: 256) { piece in
                let product = Scratch(piece.count * width)
                blas.multiply(
                    h[piece.lowerBound ..< h.count], x, into: product.strip, m: piece.count, n: width, k: items,
                    lda: keys, ldb: width, ldc: width, transposeA: true, transposeB: false, alpha: 1, beta: 0)
                body(piece, product.strip)
            }
        }
    }
}
