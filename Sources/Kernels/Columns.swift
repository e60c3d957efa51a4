internal import Core

/// Multiplies column j of `x` [N×D] by `factors[j]`.
package func scaleColumns(_ x: inout Matrix, by factors: [Float]) {
    let (rows, width) = (x.rows, x.columns)
    precondition(factors.count == width)
    let factors = Matrix(factors, rows: 1, columns: width)
    factors.read { f in
        x.write { x in
            Parallel.forEachPiece(of: rows, size: 8) { piece in
                for i in piece { x.from(i * width, count: width).mapLanes { $1 * f.padded($0) } }
            }
        }
    }
}

/// Multiplies row i of `x` [N×D] by `factors[i]`.
package func scaleRows(_ x: inout Matrix, by factors: [Float]) {
    let (rows, width) = (x.rows, x.columns)
    precondition(factors.count == rows)
    x.write { x in
        Parallel.forEachPiece(of: rows, size: 64) { piece in
            for i in piece { x.from(i * width, count: width).scale(by: factors[i]) }
        }
    }
}

/// `Σ_i a_ij b_ij` for each column j of two [N×D] matrices: the gradient of ``scaleColumns(_:by:)``'s factors.
package func columnDots(_ a: Matrix, _ b: Matrix) -> [Float] {
    precondition(a.rows == b.rows && a.columns == b.columns)
    let (rows, width) = (a.rows, a.columns)
    return Matrix.filled(1, width) { out in
        a.read { a in
            b.read { b in
                Parallel.forEachPiece(of: width, size: 512) { piece in
                    let sums = out[piece]
                    sums.fill(0)
                    for i in 0 ..< rows {
                        let start = i * width + piece.lowerBound
                        let (x, y) = (a.from(start, count: piece.count), b.from(start, count: piece.count))
                        sums.mapLanes { $1 + x.padded($0) * y.padded($0) }
                    }
                }
            }
        }
    }.elements
}

/// `x ← x + scale · y`, element by element.
public func add(_ y: Matrix, scale: Float = 1, to x: inout Matrix) {
    precondition(x.rows == y.rows && x.columns == y.columns)
    let count = x.elements.count
    y.read { y in
        x.write { x in
            Parallel.forEachPiece(of: count, size: 1 << 16) { piece in x[piece].add(y[piece], scale: scale) }
        }
    }
}

/// The length of all elements as one vector.
public func frobeniusNorm(_ x: Matrix) -> Double {
    x.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
}

/// `x + y` in a new matrix.
public func sum(_ x: Matrix, _ y: Matrix) -> Matrix {
    precondition(x.rows == y.rows && x.columns == y.columns)
    let count = x.elements.count
    return Matrix.filled(x.rows, x.columns) { out in
        x.read { x in
            y.read { y in
                Parallel.forEachPiece(of: count, size: 1 << 16) { piece in
                    let y = y[piece]
                    let place = out[piece]
                    place.copy(x[piece])
                    place.add(y)
                }
            }
        }
    }
}
