internal import Core

// Vectors of a minimization have up to some hundred thousand elements. Pieces are determined by the length.

private let pieceSize = 1 << 14

/// Returns the inner product.
func innerProduct(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count)
    var sums = [Double](repeating: 0, count: (x.count + pieceSize - 1) / pieceSize)
    Parallel.forEachRow(of: sums.count, size: 1, &sums) { piece, sum in
        let range = piece * pieceSize ..< min(x.count, (piece + 1) * pieceSize)
        let x = x.span.extracting(range)
        let y = y.span.extracting(range)
        var lanes = SIMD8<Double>.zero
        for k in 0 ..< x.count / 8 { lanes += x[eight: k] * y[eight: k] }
        sum[0] = lanes.sum()
        for i in x.count / 8 * 8 ..< x.count { sum[0] += x[i] * y[i] }
    }
    return sums.reduce(0, +)
}

/// `y ← y + scale·x`.
func add(_ x: [Double], scale: Double, to y: inout [Double]) {
    combine(x, into: &y) { y, x in y += x * scale }
}

/// `y ← y/x`, element by element.
func divide(_ y: inout [Double], by x: [Double]) {
    combine(x, into: &y) { y, x in y /= x }
}

/// `y ← scale·y`.
func scale(_ y: inout [Double], by scale: Double) {
    for i in y.indices { y[i] *= scale }
}

/// Returns the largest magnitude, or NaN if an element is NaN.
func largestMagnitude(_ x: [Double]) -> Double {
    x.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, abs($1)) }
}

/// Returns the sum of the magnitudes.
func totalMagnitude(_ x: [Double]) -> Double { x.reduce(0) { $0 + abs($1) } }

@inline(__always)
private func combine(
    _ x: [Double], into y: inout [Double], _ body: @Sendable (inout SIMD8<Double>, SIMD8<Double>) -> Void
) {
    precondition(x.count == y.count)
    Parallel.forEachPiece(of: x.count, size: pieceSize, &y) { piece, y in
        let x = x.span.extracting(piece)
        for k in 0 ..< x.count / 8 { body(&y[eight: k], x[eight: k]) }
        for i in x.count / 8 * 8 ..< x.count {
            var lanes = SIMD8(repeating: y[i])
            body(&lanes, SIMD8(repeating: x[i]))
            y[i] = lanes[0]
        }
    }
}
