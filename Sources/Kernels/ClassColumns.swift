/// Adds to each key's column what its class has: `s_bk += u_{b,class of k}`, for s [B×M] and u [B×C].
package func addOfClasses(_ u: Matrix, owners: KeyOwners, to s: inout Matrix) {
    precondition(u.rows == s.rows && s.columns == owners.count && u.columns == owners.classCount)
    Parallel.forEachRow(of: s.rows, size: 4, &s) { i, row in
        let own = u.span.row(i, width: u.columns)
        let labels = owners.owners.span
        precondition(labels.count == row.count)
        for k in 0 ..< row.count { row[k] += own[labels[k]] }
    }
}

/// The sums over each class's keys, `Σ_{k of c} h_bk` [B×C] of h [B×M]: the gradient of ``addOfClasses(_:owners:to:)``.
package func sumsOfClasses(_ h: Matrix, owners: KeyOwners) -> Matrix {
    precondition(h.columns == owners.count)
    var sums = Matrix.zeros(h.rows, owners.classCount)
    Parallel.forEachRow(of: h.rows, size: 4, &sums) { i, sums in
        let row = h.span.row(i, width: h.columns)
        let labels = owners.owners.span
        precondition(labels.count == row.count)
        for k in 0 ..< row.count { sums[labels[k]] += row[k] }
    }
    return sums
}
