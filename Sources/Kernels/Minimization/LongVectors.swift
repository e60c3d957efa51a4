internal import Core

// Vectors of a minimisation: some hundred thousand numbers, in pieces that follow from the length alone.

private let pieceSize = 1 << 14

/// Σ of the products.
func innerProduct(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count)
    var sums = [Double](repeating: 0, count: (x.count + pieceSize - 1) / pieceSize)
    x.lend { x in
        y.lend { y in
            sums.lendForWriting { sums in
                Parallel.forEachPiece(of: x.count, size: pieceSize) { piece in
                    let (x, y) = (x[piece], y[piece])
                    let whole = x.count / 8 * 8
                    var lanes = SIMD8<Double>.zero
                    for i in stride(from: 0, to: whole, by: 8) { lanes += x[lanes: i] * y[lanes: i] }
                    var sum = lanes.sum()
                    for i in whole ..< x.count { sum += x[i] * y[i] }
                    sums[piece.lowerBound / pieceSize] = sum
                }
            }
        }
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

/// The largest magnitude; not a number if an element is not.
func largestMagnitude(_ x: [Double]) -> Double {
    x.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, abs($1)) }
}

/// Σ of the magnitudes.
func totalMagnitude(_ x: [Double]) -> Double { x.reduce(0) { $0 + abs($1) } }

@inline(__always)
private func combine(
    _ x: [Double], into y: inout [Double], _ body: @Sendable (inout SIMD8<Double>, SIMD8<Double>) -> Void
) {
    precondition(x.count == y.count)
    x.lend { x in
        y.lendForWriting { y in
            Parallel.forEachPiece(of: x.count, size: pieceSize) { piece in
                let (x, y) = (x[piece], y[piece])
                let whole = x.count / 8 * 8
                for i in stride(from: 0, to: whole, by: 8) {
                    var lanes = y[lanes: i]
                    body(&lanes, x[lanes: i])
                    y[lanes: i] = lanes
                }
                for i in whole ..< x.count {
                    var lanes = SIMD8(repeating: y[i])
                    body(&lanes, SIMD8(repeating: x[i]))
                    y[i] = lanes[0]
                }
            }
        }
    }
}
