internal import Core

/// The Cholesky factor `L` of a symmetric positive definite matrix `L·Lᵀ`, for solving with many right-hand sides.
///
/// Up to 3,000 rows are stored in `Double`, more in `Float`, so that 8,192 rows take 256 MiB. Only the lower triangle
/// of the matrix is read. Blocks are determined by the size, so the bits do not depend on the number of threads.
public struct CholeskyFactor: Sendable {
    private enum Triangle {
        case double([Double])
        case float([Float])
    }

    /// The largest number of rows computed in `Double`.
    static let largestInDouble = 3000

    /// N.
    public let rows: Int
    private let triangle: Triangle

    /// Factors `a` [N×N].
    ///
    /// Fails if it is not positive definite or not finite.
    public init?(_ a: Matrix) {
        precondition(a.rows == a.columns, "\(a.rows)×\(a.columns) is not square")
        rows = a.rows
        if a.rows <= CholeskyFactor.largestInDouble {
            guard let factor = factorized(a.elements.map(Double.init), rows: a.rows) else { return nil }
            triangle = .double(factor)
        } else {
            guard let factor = factorized(a.elements, rows: a.rows) else { return nil }
            triangle = .float(factor)
        }
    }

    /// `x` [N×M] of `a·x = b`.
    public func solve(_ b: Matrix) -> Matrix {
        precondition(b.rows == rows, "\(rows) equations with \(b.rows) right-hand sides")
        return switch triangle {
        case .double(let l):
            Matrix(
                solution(l, b.elements.map(Double.init), rows: rows, columns: b.columns).map { Float($0) },
                rows: rows, columns: b.columns)
        case .float(let l):
            Matrix(solution(l, b.elements, rows: rows, columns: b.columns), rows: rows, columns: b.columns)
        }
    }
}

/// The number of rows of a block.
///
/// LAPACK factors the diagonal blocks; the others are products.
private let blockSize = 192

/// The lower triangular `L` of `a = L·Lᵀ` [n×n], right-looking; nil if `a` is not positive definite.
///
/// The upper triangle is undefined.
private func factorized<Value: Real>(_ a: [Value], rows n: Int) -> [Value]? {
    var l = a
    do {
        var elements = l.mutableSpan
        let shared = SharedSpan(&elements)
        for start in stride(from: 0, to: n, by: blockSize) {
            let width = min(blockSize, n - start)
            let corner = start * n + start ..< n * n
            // No task is running yet.
            var block = unsafe shared.piece(corner)
            guard Value.factorize(&block, n: width, lead: n) else { return nil }
            let below = start + width
            Parallel.forEachPiece(of: n - below, size: blockSize) { piece in
                // Each task writes its own rows below the corner. All tasks read the corner.
                var panel = unsafe shared.piece((below + piece.lowerBound) * n + start ..< n * n)
                let triangle = LowerTriangle(unsafe shared.view(corner), rows: width, lead: n)
                triangle.solve(.fromTheRight, &panel, count: piece.count, lead: n)
            }
            subtractPanel(shared, rows: n, from: below, columns: start, width: width)
        }
    }
    return (0 ..< n).allSatisfy { l[$0 * n + $0].isFinite } ? l : nil
}

/// Subtracts the products of the panel's rows from the lower triangle, from row `below`.
private func subtractPanel<Value: Real>(
    _ l: SharedSpan<Value>, rows n: Int, from below: Int, columns start: Int, width: Int
) {
    let blocks = (n - below + blockSize - 1) / blockSize
    // The lower triangle of blocks, longest rows first.
    let tiles = (0 ..< blocks).reversed().flatMap { i in (0 ... i).map { j in (i, j) } }
    Parallel.forEach(tiles.count) { index in
        let i = below + tiles[index].0 * blockSize
        let j = below + tiles[index].1 * blockSize
        var shape = ProductShape(m: min(blockSize, n - i), n: min(blockSize, n - j), k: width, transposesB: true)
        shape.lda = n
        shape.ldb = n
        shape.ldc = n
        // Each task writes its own tile. All tasks read the panel to the left.
        var tile = unsafe l.piece(i * n + j ..< n * n)
        Value.multiply(
            unsafe l.view(i * n + start ..< n * n), unsafe l.view(j * n + start ..< n * n), into: &tile, shape: shape,
            alpha: -1, beta: 1)
    }
}

/// `x` [n×m] of `L·Lᵀ·x = b`, 32 columns per task.
private func solution<Value: Real>(_ l: [Value], _ b: [Value], rows n: Int, columns m: Int) -> [Value] {
    var x = b
    do {
        var elements = x.mutableSpan
        let shared = SharedSpan(&elements)
        Parallel.forEachPiece(of: m, size: 32) { piece in
            // Each task writes its own columns.
            var columns = unsafe shared.piece(piece.lowerBound ..< n * m)
            let triangle = LowerTriangle(l.span, rows: n, lead: n)
            triangle.solve(.plain, &columns, count: piece.count, lead: m)
            triangle.solve(.transposed, &columns, count: piece.count, lead: m)
        }
    }
    return x
}
