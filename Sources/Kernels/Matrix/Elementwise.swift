internal import Core

/// `x ← factor·x`, element by element.
public func scale(_ x: inout Matrix, by factor: Float) {
    Parallel.forEachPiece(of: x.elements.count, size: 1 << 16, &x) { _, x in x.scale(by: factor) }
}

/// `x ← x + scale · y`, element by element.
public func add(_ y: Matrix, scale: Float = 1, to x: inout Matrix) {
    precondition(x.rows == y.rows && x.columns == y.columns)
    Parallel.forEachPiece(of: x.elements.count, size: 1 << 16, &x) { piece, x in
        x.add(y.span.extracting(piece), scale: scale)
    }
}

/// Returns `x + y`.
public func sum(_ x: Matrix, _ y: Matrix) -> Matrix {
    var sum = x
    add(y, to: &sum)
    return sum
}

/// `x ← relu(x)`, element by element.
package func relu(_ x: inout Matrix) {
    Parallel.forEachPiece(of: x.elements.count, size: 1 << 16, &x) { _, x in
        x.mapVectors { $1.replacing(with: 0, where: $1 .< 0) }
    }
}

/// The gradient of ``relu(_:)``: `d ← scale·d∘1[y > 0]`, with `y` the result of ``relu(_:)``.
package func reluGradient(_ d: inout Matrix, of y: Matrix, scale: Float = 1) {
    precondition(d.rows == y.rows && d.columns == y.columns)
    Parallel.forEachPiece(of: d.elements.count, size: 1 << 16, &d) { piece, d in
        let y = y.span.extracting(piece)
        d.mapVectors { ($1 * scale).replacing(with: 0, where: y.padded($0) .<= 0) }
    }
}

/// `s ← exp(β(s − 1))`, element by element: the weights of a cache's keys.
package func exponentials(_ s: inout Matrix, beta: Float) {
    Parallel.forEachPiece(of: s.elements.count, size: 1 << 14, &s) { _, s in
        s.mapVectors { exponential(($1 - 1) * beta) }
    }
}

/// Returns the Euclidean norm of all elements.
public func frobeniusNorm(_ x: Matrix) -> Double {
    x.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
}
