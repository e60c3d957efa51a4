internal import Core

/// The shape of a product `c = op(a)·op(b)` of row-major numbers, with `op(a)` [m×k], `op(b)` [k×n] and c [m×n].
package struct ProductShape: Hashable, Sendable {
    package var m: Int
    package var n: Int
    package var k: Int
    package var transposesA: Bool
    package var transposesB: Bool
    /// The distances between rows of a, b and c in elements; at first those of whole matrices.
    package var lda: Int
    package var ldb: Int
    package var ldc: Int

    package init(m: Int, n: Int, k: Int, transposesA: Bool = false, transposesB: Bool = false) {
        self.m = m
        self.n = n
        self.k = k
        self.transposesA = transposesA
        self.transposesB = transposesB
        lda = transposesA ? m : k
        ldb = transposesB ? k : n
        ldc = n
    }

    /// The numbers of elements of a, b and c from the first to the last that the product accesses.
    var extents: (a: Int, b: Int, c: Int) {
        (
            transposesA ? extent(k, m, lda) : extent(m, k, lda), transposesB ? extent(n, k, ldb) : extent(k, n, ldb),
            extent(m, n, ldc)
        )
    }

    /// Stops the program if a factor or the result has fewer elements than the product accesses.
    func check(_ a: Int, _ b: Int, _ c: Int) {
        let needed = extents
        precondition(a >= needed.a && b >= needed.b && c >= needed.c, "\(a), \(b) and \(c) elements for \(self)")
    }
}

/// The number of elements from the first to the last of `rows` rows of `columns` elements, `lead` elements apart.
package func extent(_ rows: Int, _ columns: Int, _ lead: Int) -> Int {
    rows > 0 && columns > 0 ? (rows - 1) * lead + columns : 0
}

/// `op(a)·op(b)` of row-major numbers.
func realProduct<Value: Real>(_ a: [Value], _ b: [Value], shape: ProductShape) -> [Value] {
    var c = [Value](repeating: 0, count: shape.m * shape.n)
    multiply(a, b, into: &c, shape: shape)
    return c
}

/// `c ← op(a)·op(b)` of row-major numbers, on all threads, in pieces determined by the shape.
func multiply<Value: Real>(_ a: [Value], _ b: [Value], into c: inout [Value], shape: ProductShape) {
    let size = min(128, max(32, (shape.m + 7) / 8))
    Parallel.forEachPiece(of: shape.m, size: size, &c) { rows, c in
        var piece = shape
        piece.m = rows.count
        let start = rows.lowerBound * (shape.transposesA ? 1 : shape.lda)
        Value.multiply(a.span.extracting(start...), b.span, into: &c, shape: piece, alpha: 1, beta: 0)
    }
}
