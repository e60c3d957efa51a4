internal import Core

/// Multiplies row i of `x` [N×D] by `factors[i]`.
package func scaleRows(_ x: inout Matrix, by factors: [Float]) {
    precondition(factors.count == x.rows)
    Parallel.forEachRow(of: x.rows, size: 64, &x) { i, row in row.scale(by: factors[i]) }
}

/// Multiplies column j of `x` [N×D] by `factors[j]`.
package func scaleColumns(_ x: inout Matrix, by factors: [Float]) {
    precondition(factors.count == x.columns)
    Parallel.forEachRow(of: x.rows, size: 8, &x) { _, row in
        let factors = factors.span
        row.mapVectors { $1 * factors.padded($0) }
    }
}

/// `x_ij ← x_ij + scale·row_j` for each row of `x` [N×D].
public func addRow(_ row: [Float], scale: Float = 1, to x: inout Matrix) {
    precondition(row.count == x.columns)
    Parallel.forEachRow(of: x.rows, size: 64, &x) { _, x in x.add(row.span, scale: scale) }
}

/// `Σ_i a_ij b_ij` for each column j of two [N×D] matrices: the gradient of ``scaleColumns(_:by:)``'s factors.
package func columnDots(_ a: Matrix, _ b: Matrix) -> [Float] {
    precondition(a.rows == b.rows && a.columns == b.columns)
    var sums = [Float](repeating: 0, count: a.columns)
    Parallel.forEachPiece(of: a.columns, size: 512, &sums) { piece, sums in
        for i in 0 ..< a.rows {
            let x = a.span.part(i * a.columns + piece.lowerBound, count: piece.count)
            let y = b.span.part(i * a.columns + piece.lowerBound, count: piece.count)
            sums.mapVectors { $1 + x.padded($0) * y.padded($0) }
        }
    }
    return sums
}

/// Returns the sum of each column of `x` [N×D].
public func columnSums(_ x: Matrix) -> [Float] {
    columnDots(x, Matrix([Float](repeating: 1, count: x.elements.count), rows: x.rows, columns: x.columns))
}

extension Matrix {
    /// The transpose.
    public var transposed: Matrix {
        Matrix.filled(columns, rows) { out in
            for i in 0 ..< rows {
                for j in 0 ..< columns { out[j * rows + i] = span[i * columns + j] }
            }
        }
    }

    /// Returns the columns at `indices`, in that order.
    public func columns(at indices: [Int]) -> Matrix {
        Matrix.filled(rows, indices.count) { out in
            Parallel.forEachRow(of: rows, size: 64, &out) { i, out in
                let row = span.row(i, width: columns)
                for (j, column) in indices.enumerated() { out[j] = row[column] }
            }
        }
    }

    /// Returns the rows of several matrices of the same width, one matrix after the other.
    public static func stacked(_ matrices: [Matrix]) -> Matrix {
        Matrix(
            matrices.flatMap(\.elements), rows: matrices.reduce(0) { $0 + $1.rows },
            columns: matrices.first?.columns ?? 0)
    }
}
