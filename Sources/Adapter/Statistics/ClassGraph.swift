internal import Core
internal import Kernels

/// The untrained part of GraphAdapter: one graph convolution over the classes in four blocks.
///
/// The result for class c and block q is `n_cq = Σ_j Â_0j·x_j`, where node 0 is the text of c and the others are the
/// classes of the block. Class c of block q is row q·C + c. All rows are mixtures `A·X` of the classes' rows, so that
/// `n·W = A·(X·W)`; with very many classes that costs more than n itself, and X is n.
struct ClassGraph: Sendable {
    static let blockCount = 4

    private let rows: Matrix  // X [R×D]
    private let mixture: Matrix?  // A [4C×R]

    /// Takes the node of each class [C×D], and the nodes of its neighbors [C×D].
    init(of own: Matrix, neighbors: Matrix) {
        let classes = own.rows
        let width = own.columns
        let isOne = own == neighbors
        let sources = isOne ? own : .stacked([own, neighbors])
        let mixture = Self.mixture(own, neighbors, offset: isOne ? 0 : classes, sourceCount: sources.rows)
        let factored = sources.rows * (width + mixture.rows)
        let whole = mixture.rows * width
        if factored <= whole {
            rows = sources
            self.mixture = mixture
        } else {
            rows = product(mixture, sources)
            self.mixture = nil
        }
    }

    /// The rows of Â for node 0 of each block and class, over the sources [4C×R].
    private static func mixture(_ own: Matrix, _ neighbors: Matrix, offset: Int, sourceCount: Int) -> Matrix {
        let classes = own.rows
        let ownUnit = normalizeRows(own).unit
        let unit = normalizeRows(neighbors).unit
        var edges = product(ownUnit, unit, transposingB: true)  // between the node of each class and all others
        var among = product(unit, unit, transposingB: true)
        relu(&edges)
        relu(&among)
        var mixture = Matrix.zeros(blockCount * classes, sourceCount)
        for q in 0 ..< min(blockCount, classes) {
            let members = Array(stride(from: q, to: classes, by: blockCount))
            // Without the edge to node 0, which differs between classes; the edge to itself is one more than a cosine.
            let degrees = members.map { i in members.reduce(Double(1)) { $0 + Double(among[i, $1]) } }
            for c in 0 ..< classes {
                // The edge of node 0 to itself is 1 + 1.
                let degree = members.reduce(2.0) { $0 + Double(edges[c, $1]) }
                mixture[q * classes + c, c] += Float(2 / degree)
                for (index, j) in members.enumerated() {
                    let edge = Double(edges[c, j])
                    let weight = edge / (degree * (degrees[index] + edge)).squareRoot()
                    mixture[q * classes + c, offset + j] += Float(weight)
                }
            }
        }
        // With fewer classes than blocks, the other blocks have node 0 alone.
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
        var d = o
        var db = Matrix.zeros(du.rows, du.columns)
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
