internal import Kernels

/// One graph convolution over the classes in four blocks, as GraphAdapter has it: its part that is not trained.
///
/// What class c gathers from block q is `n_cq = Σ_j Â_0j·x_j`, where node 0 is its own text and the others are the block's
/// classes. Rows go block by block, class c of block q at q·C + c. All are mixtures `A·X` of the few classes' rows, so that
/// `n·W = A·(X·W)`; where that costs more than n itself, with very many classes, X is n.
struct ClassGraph: Sendable {
    static let blockCount = 4

    private let rows: Matrix  // X [R×D]
    private let mixture: Matrix?  // A [4C×R]

    /// Takes the own nodes of the classes [C×D], and the nodes that they gather from [C×D].
    init(of own: Matrix, neighbours: Matrix) {
        let (classes, width) = (own.rows, own.columns)
        let isOne = own == neighbours
        let sources = isOne ? own : .stacked([own, neighbours])
        let mixture = Self.mixture(own, neighbours, offset: isOne ? 0 : classes, sourceCount: sources.rows)
        let (factored, whole) = (sources.rows * (width + mixture.rows), mixture.rows * width)
        if factored <= whole {
            (rows, self.mixture) = (sources, mixture)
        } else {
            (rows, self.mixture) = (product(mixture, sources), nil)
        }
    }

    /// Â's row of the own node for each block and class, spread over the sources [4C×R].
    private static func mixture(_ own: Matrix, _ neighbours: Matrix, offset: Int, sourceCount: Int) -> Matrix {
        let classes = own.rows
        let (ownUnit, unit) = (normalizeRows(own).unit, normalizeRows(neighbours).unit)
        var edges = product(ownUnit, unit, transposingB: true)  // of own nodes with all others
        var among = product(unit, unit, transposingB: true)
        relu(&edges)
        relu(&among)
        var mixture = Matrix.zeros(blockCount * classes, sourceCount)
        for q in 0 ..< min(blockCount, classes) {
            let members = Array(stride(from: q, to: classes, by: blockCount))
            // Without the edge to the own node, which each class has another of; the self edge is one more than a cosine.
            let degrees = members.map { i in members.reduce(Double(1)) { $0 + Double(among[i, $1]) } }
            for c in 0 ..< classes {
                // The own node's edge to itself is 1 + 1.
                let degree = members.reduce(2.0) { $0 + Double(edges[c, $1]) }
                mixture[q * classes + c, c] += Float(2 / degree)
                for (place, j) in members.enumerated() {
                    let edge = Double(edges[c, j])
                    let weight = edge / (degree * (degrees[place] + edge)).squareRoot()
                    mixture[q * classes + c, offset + j] += Float(weight)
                }
            }
        }
        // With fewer classes than blocks the rest are empty: the own node alone.
        for q in min(blockCount, classes) ..< blockCount {
            for c in 0 ..< classes { mixture[q * classes + c, c] = 1 }
        }
        return mixture
    }

    /// `o = tanh(n·W + b)` [4C×D].
    func outputs(_ weight: Matrix, _ bias: Matrix) -> Matrix {
        let lifted = product(rows, weight)
        var o = mixture.map { product($0, lifted) } ?? lifted
        Parallel.forEachPiece(of: o.elements.count, size: bias.elements.count, &o) { _, values in
            values.add(bias.span)
            values.mapVectors { hyperbolicTangent($1) }
        }
        return o
    }

    /// The gradients of W and b for `du` [C×D], the gradient of the sum over blocks of `scale·o`.
    ///
    ///     d = scale·du∘(1 − o²)    dW = nᵀ·d    db_c = Σ_q d_cq
    func gradient(_ du: Matrix, scale: Float, outputs o: Matrix) -> (weight: TensorGradient, bias: Matrix) {
        var (d, db) = (o, Matrix.zeros(du.rows, du.columns))
        Parallel.forEachPiece(of: d.elements.count, size: du.elements.count, &d) { _, d in
            let du = du.span
            d.mapVectors { (1 - $1 * $1) * du.padded($0) * scale }
        }
        addBlocks(d, scale: 1, to: &db)
        return (.product(rows, mixture.map { product($0, d, transposingA: true) } ?? d), db)
    }
}

/// `x ← x + scale·Σ_q o_q` for the blocks o [4C×D] of the size of `x` [C×D].
func addBlocks(_ o: Matrix, scale: Float, to x: inout Matrix) {
    let size = x.elements.count
    let blocks = size > 0 ? o.elements.count / size : 0
    Parallel.forEachPiece(of: size, size: 1 << 14, &x) { piece, x in
        for q in 0 ..< blocks { x.add(o.span.part(q * size + piece.lowerBound, count: piece.count), scale: scale) }
    }
}

/// `tanh(x) = 1 − 2/(exp(2x) + 1)`, to about 1e-7; beyond ±9 it is ±1 in single precision.
@inline(__always)
private func hyperbolicTangent(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let bound = SIMD16<Float>(repeating: 9)
    let held = x.clamped(lowerBound: -bound, upperBound: bound)
    return 1 - 2 / (exponential(held + held) + 1)
}
