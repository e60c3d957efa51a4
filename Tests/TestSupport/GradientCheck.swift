public import Core
public import Kernels

/// The largest error of `gradient` against central differences of `value` at `point`, relative to the largest gradient.
///
/// Every element is moved by `step`; sums inside `value` should be taken in `Double`.
public func gradientGap(
    at point: Matrix, gradient: Matrix, step: Float = 1e-2, value: (Matrix) -> Double
) -> Double {
    var worst = 0.0
    let scale = gradient.elements.reduce(1e-6) { max($0, Double(abs($1))) }
    for row in 0 ..< point.rows {
        for column in 0 ..< point.columns {
            var up = point
            var down = point
            up[row, column] += step
            down[row, column] -= step
            let slope = (value(up) - value(down)) / Double(up[row, column] - down[row, column])
            worst = max(worst, abs(slope - Double(gradient[row, column])) / scale)
        }
    }
    return worst
}

/// A matrix of normally distributed elements around `mean`.
public func randomMatrix(
    _ rows: Int, _ columns: Int, mean: Float = 0, scale: Float = 1, using generator: inout SeededGenerator
) -> Matrix {
    Matrix((0 ..< rows * columns).map { _ in mean + scale * generator.normal() }, rows: rows, columns: columns)
}

/// Rows of unit length around a common direction, as CLIP's features are.
public func randomUnitRows(
    _ rows: Int, _ columns: Int, mean: Float = 0.6, using generator: inout SeededGenerator
) -> Matrix {
    normalizeRows(randomMatrix(rows, columns, mean: mean, using: &generator)).unit
}

/// `op(a)·op(b)` by its definition, in `Double`.
public func referenceProduct(_ a: Matrix, _ b: Matrix, transposingA: Bool, transposingB: Bool) -> [Double] {
    let (m, k) = transposingA ? (a.columns, a.rows) : (a.rows, a.columns)
    let n = transposingB ? b.rows : b.columns
    return (0 ..< m * n).map { place in
        let i = place / n
        let j = place % n
        return (0 ..< k).reduce(0.0) { sum, l in
            sum + Double(transposingA ? a[l, i] : a[i, l]) * Double(transposingB ? b[j, l] : b[l, j])
        }
    }
}
