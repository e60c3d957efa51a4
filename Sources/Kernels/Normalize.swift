internal import Core

/// The rows of `x` [N×D] divided by their lengths, and the lengths [N].
///
/// No epsilon, as in the Tip-Adapter family: a row of zeros is refused where files are read.
public func normalizeRows(_ x: Matrix) -> (unit: Matrix, norms: [Float]) {
    var unit = x
    let norms = normalizeRows(&unit)
    return (unit, norms)
}

/// Divides each row of `x` [N×D] by its length in place.
///
/// - Returns: the lengths [N].
@discardableResult
public func normalizeRows(_ x: inout Matrix) -> [Float] {
    let (rows, width) = (x.rows, x.columns)
    var norms = Matrix.zeros(rows, 1)
    x.write { x in
        norms.write { norms in
            Parallel.forEachPiece(of: rows, size: 64) { piece in
                for i in piece {
                    let row = x.from(i * width, count: width)
                    let norm = row.dot(row).squareRoot()
                    norms[i] = norm
                    row.scale(by: 1 / norm)
                }
            }
        }
    }
    return norms.elements
}

/// The gradient of ``normalizeRows(_:)-(Matrix)``: `dx = (du − (du·u)u)/‖x‖` for each row, in place of `du` [N×D].
public func normalizeRowsGradient(_ du: inout Matrix, unit: Matrix, norms: [Float]) {
    let width = unit.columns
    precondition(du.rows == unit.rows && du.columns == width && norms.count == unit.rows)
    let rows = unit.rows
    unit.read { u in
        du.write { du in
            Parallel.forEachPiece(of: rows, size: 64) { piece in
                for i in piece {
                    let (d, u) = (du.from(i * width, count: width), u.from(i * width, count: width))
                    d.add(u, scale: -d.dot(u))
                    d.scale(by: 1 / norms[i])
                }
            }
        }
    }
}
