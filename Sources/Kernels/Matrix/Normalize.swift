internal import Core

/// Returns the rows of `x` [N×D] divided by their lengths, and the lengths [N].
///
/// There is no epsilon, as in Tip-Adapter's code: rows of zeros are rejected when files are read.
public func normalizeRows(_ x: Matrix) -> (unit: Matrix, norms: [Float]) {
    var unit = x
    let norms = normalizeRows(&unit)
    return (unit, norms)
}

/// Divides each row of `x` [N×D] by its length in place.
///
/// - Returns: The lengths [N].
@discardableResult
public func normalizeRows(_ x: inout Matrix) -> [Float] {
    var norms = [Float](repeating: 0, count: x.rows)
    Parallel.forEachRow(of: x.rows, size: 64, &x, &norms) { _, row, norm in
        let length = row.span.dot(row.span).squareRoot()
        norm[0] = length
        row.scale(by: 1 / length)
    }
    return norms
}

/// The gradient of ``normalizeRows(_:)-(Matrix)``.
///
/// Replaces `du` [N×D] by `dx = (du − (du·u)u)/‖x‖` for each row.
public func normalizeRowsGradient(_ du: inout Matrix, unit: Matrix, norms: [Float]) {
    precondition(du.rows == unit.rows && du.columns == unit.columns && norms.count == unit.rows)
    Parallel.forEachRow(of: unit.rows, size: 64, &du) { i, d in
        let u = unit.span.row(i, width: unit.columns)
        d.add(u, scale: -d.span.dot(u))
        d.scale(by: 1 / norms[i])
    }
}
