internal import Core

/// `x ← factor·x`, element by element.
public func scale(_ x: inout Matrix, by factor: Float) {
    let count = x.elements.count
    x.write { x in
        Parallel.forEachPiece(of: count, size: 1 << 16) { piece in x[piece].scale(by: factor) }
    }
}

/// `x ← relu(x)`, element by element.
package func rectify(_ x: inout Matrix) {
    let count = x.elements.count
    x.write { x in
        Parallel.forEachPiece(of: count, size: 1 << 16) { piece in
            x[piece].mapLanes { $1.replacing(with: 0, where: $1 .< 0) }
        }
    }
}

/// The gradient of ``rectify(_:)``: `d ← scale·d∘1[y > 0]`, with `y` what it gave.
package func rectifyGradient(_ d: inout Matrix, of y: Matrix, scale: Float = 1) {
    precondition(d.rows == y.rows && d.columns == y.columns)
    let count = d.elements.count
    y.read { y in
        d.write { d in
            Parallel.forEachPiece(of: count, size: 1 << 16) { piece in
                let y = y[piece]
                d[piece].mapLanes { ($1 * scale).replacing(with: 0, where: y.padded($0) .<= 0) }
            }
        }
    }
}

/// `s ← exp(β(s − 1))`, element by element: the weights of a cache's keys.
package func exponentials(_ s: inout Matrix, beta: Float) {
    let count = s.elements.count
    s.write { s in
        Parallel.forEachPiece(of: count, size: 1 << 14) { piece in
            s[piece].mapLanes { exponential(($1 - 1) * beta) }
        }
    }
}

/// `x_ij ← x_ij + scale·row_j` for each row of `x` [N×D].
public func addRow(_ row: [Float], scale: Float = 1, to x: inout Matrix) {
    let (rows, width) = (x.rows, x.columns)
    precondition(row.count == width)
    let row = Matrix(row, rows: 1, columns: width)
    row.read { r in
        x.write { x in
            Parallel.forEachPiece(of: rows, size: 64) { piece in
                for i in piece { x.from(i * width, count: width).add(r, scale: scale) }
            }
        }
    }
}

/// The softmax of each row of `z` [N×C], in its place.
public func softmaxRows(_ z: inout Matrix) {
    let (rows, classes) = (z.rows, z.columns)
    z.write { z in
        Parallel.forEachPiece(of: rows, size: 16) { piece in
            for i in piece {
                let row = z.from(i * classes, count: classes)
                let (top, total) = row.exponentialSum()
                row.mapLanes { exponential($1 - top) * (1 / total) }
            }
        }
    }
}

/// The sum of the elements of each column of `x` [N×D].
public func columnSums(_ x: Matrix) -> [Float] {
    columnDots(x, Matrix([Float](repeating: 1, count: x.elements.count), rows: x.rows, columns: x.columns))
}

extension Matrix {
    /// Columns as rows.
    public var transposed: Matrix {
        Matrix.filled(columns, rows) { out in
            read { from in
                for i in 0 ..< rows {
                    for j in 0 ..< columns { out[j * rows + i] = from[i * columns + j] }
                }
            }
        }
    }

    /// The columns that `indices` name, in that order.
    public func columns(at indices: [Int]) -> Matrix {
        Matrix.filled(rows, indices.count) { out in
            read { from in
                Parallel.forEachPiece(of: rows, size: 64) { piece in
                    for i in piece {
                        for (j, column) in indices.enumerated() {
                            out[i * indices.count + j] = from[i * columns + column]
                        }
                    }
                }
            }
        }
    }

    /// The rows of several matrices of one width, one after the other.
    public static func stacked(_ matrices: [Matrix]) -> Matrix {
        Matrix(
            matrices.flatMap(\.elements), rows: matrices.reduce(0) { $0 + $1.rows },
            columns: matrices.first?.columns ?? 0)
    }
}
