internal import Core
package import Kernels

/// Adds to each key's column what its class has: `s_bk += u_{b,class of k}`, for s [B×M] and u [B×C].
package func addOfClasses(_ u: Matrix, keyLabels: KeyLabels, to s: inout Matrix) {
    precondition(u.rows == s.rows && s.columns == keyLabels.count && u.columns == keyLabels.classCount)
    Parallel.forEachRow(of: s.rows, size: 4, &s) { i, row in
        let own = u.span.row(i, width: u.columns)
        let labels = keyLabels.labels.span
        precondition(labels.count == row.count)
        for k in 0 ..< row.count { row[k] += own[labels[k]] }
    }
}

/// The sums over each class's keys, `Σ_{k of c} h_bk` [B×C] of h [B×M]: the gradient of ``addOfClasses(_:keyLabels:to:)``.
package func sumsOfClasses(_ h: Matrix, keyLabels: KeyLabels) -> Matrix {
    precondition(h.columns == keyLabels.count)
    var sums = Matrix.zeros(h.rows, keyLabels.classCount)
    Parallel.forEachRow(of: h.rows, size: 4, &sums) { i, sums in
        let row = h.span.row(i, width: h.columns)
        let labels = keyLabels.labels.span
        precondition(labels.count == row.count)
        for k in 0 ..< row.count { sums[labels[k]] += row[k] }
    }
    return sums
}
