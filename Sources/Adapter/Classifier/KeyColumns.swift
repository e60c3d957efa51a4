internal import Core
package import Kernels

/// Adds the column of its class to the column of each key: `s_bk += u_{b,class of k}`, for s [B×M] and u [B×C].
package func addOfClasses(_ u: Matrix, keyLabels: KeyLabels, to s: inout Matrix) {
    let (items, keys, classes) = (s.rows, s.columns, u.columns)
    precondition(u.rows == items && keys == keyLabels.count && classes == keyLabels.classCount)
    u.read { u in
        s.write { s in
            Parallel.forEachPiece(of: items, size: 4) { piece in
                for i in piece {
                    let (row, own) = (s.from(i * keys, count: keys), u.from(i * classes, count: classes))
                    for (k, label) in keyLabels.labels.enumerated() { row[k] += own[label] }
                }
            }
        }
    }
}

/// The sums over each class's keys, `Σ_{k of c} h_bk` [B×C] of h [B×M]: the gradient of ``addOfClasses(_:keyLabels:to:)``.
package func sumsOfClasses(_ h: Matrix, keyLabels: KeyLabels) -> Matrix {
    let (items, keys, classes) = (h.rows, h.columns, keyLabels.classCount)
    precondition(keys == keyLabels.count)
    return Matrix.filled(items, classes) { out in
        h.read { h in
            Parallel.forEachPiece(of: items, size: 4) { piece in
                for i in piece {
                    let (row, sums) = (h.from(i * keys, count: keys), out.from(i * classes, count: classes))
                    sums.fill(0)
                    for (k, label) in keyLabels.labels.enumerated() { sums[label] += row[k] }
                }
            }
        }
    }
}
