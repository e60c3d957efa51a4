internal import Core
internal import Kernels

/// Prototypes in bfloat16, in the orders in which the products among them read them.
final class PackedPrototypes: Sendable {
    private let rows: Scratch<BFloat16>  // [padded×D]
    private let span: Int
    private let width: Int
    private let similarity: BFloat16Product.Shape
    private let gathering: BFloat16Product.Shape
    /// Each block J as the right side of `P_I · P_Jᵀ`, and its size.
    private let columns: Scratch<BFloat16>
    private let columnsSize: Int
    /// Each block J as the right side of `weights · P_J`, and its size.
    private let values: Scratch<BFloat16>
    private let valuesSize: Int

    /// Takes prototypes [count×width]; of the `padded` rows that are kept those beyond `count` are zero.
    init(_ prototypes: Span<Float>, count: Int, padded: Int, width: Int, height: Int, span: Int) {
        (self.span, self.width) = (span, width)
        let similarity = BFloat16Product.Shape(
            ProductShape(m: height, n: span, k: width, transposesB: true), packsB: true)
        let gathering = BFloat16Product.Shape(
            ProductShape(m: height, n: width, k: span), accumulates: true, packsB: true)
        let rows = Self.rounded(prototypes, count: count, padded: padded, width: width)
        let blocks = (count + span - 1) / span
        columnsSize = BFloat16Product.with(similarity) { $0.packedCount }
        valuesSize = BFloat16Product.with(gathering) { $0.packedCount }
        var columns = Scratch<BFloat16>(blocks * columnsSize)
        var values = Scratch<BFloat16>(blocks * valuesSize)
        Parallel.forEachRow(of: blocks, size: 1, &columns, &values) { block, columns, values in
            let part = rows.span.extracting((block * span * width)...)
            BFloat16Product.with(similarity) { $0.pack(part, into: &columns) }
            BFloat16Product.with(gathering) { $0.pack(part, into: &values) }
        }
        self.similarity = similarity
        self.gathering = gathering
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    private static func rounded(
        _ prototypes: Span<Float>, count: Int, padded: Int, width: Int
    ) -> Scratch<BFloat16> {
        var rows = Scratch<BFloat16>(padded * width)
        Parallel.forEachRow(of: padded, size: 128, &rows) { row, out in
            if row < count {
                out.round(prototypes.row(row, width: width))
            } else {
                out.update(repeating: BFloat16(bitPattern: 0))
            }
        }
        return rows
    }

    /// `similarities ← P_I · P_Jᵀ` for the blocks that start at rows `i` and `j`.
    func computeSimilarities(_ i: Int, _ j: Int, into similarities: inout Scratch<Float>) {
        var similarities = similarities.mutableSpan
        run(similarity, rows, from: i * width, columns, from: j / span * columnsSize, into: &similarities)
    }

    /// `gathered ← gathered + weights · P_J`.
    func gather(_ weights: borrowing Scratch<BFloat16>, _ j: Int, into gathered: inout Scratch<Float>) {
        var gathered = gathered.mutableSpan
        run(gathering, weights, from: 0, values, from: j / span * valuesSize, into: &gathered)
    }

    /// The similarities `x·Pᵀ` [items×count] of the rows of x.
    ///
    /// - Returns: nil where the library wants the prototypes in another order for so many rows.
    func similarities(of x: Span<Float>, items: Int, count: Int) -> Matrix? {
        var ragged = similarity
        ragged.product.m = items
        var whole = ragged
        whole.product.ldc = count
        guard readsAlike(whole, similarity), readsAlike(ragged, similarity) else { return nil }
        let queries = Self.rounded(x, count: items, padded: items, width: width)
        return Matrix.filled(items, count) { [whole, ragged] out in
            let shared = SharedSpan(&out)
            Parallel.forEach((count + span - 1) / span) { block in
                let (first, live) = (block * span, min(span, count - block * span))
                // Each task writes its own columns.
                guard live < span else {
                    var out = unsafe shared.piece(first ..< shared.count)
                    return run(whole, queries, from: 0, columns, from: block * columnsSize, into: &out)
                }
                var memory = Scratch<Float>(items * span)
                var tile = memory.mutableSpan
                run(ragged, queries, from: 0, columns, from: block * columnsSize, into: &tile)
                for item in 0 ..< items {
                    var out = unsafe shared.piece(item * count + first ..< item * count + first + live)
                    out.copy(tile.span.part(item * span, count: live))
                }
            }
        }
    }

    /// The combinations `w·P` [items×D] of the prototypes by weights w [items×count].
    ///
    /// - Returns: nil where the library wants the prototypes in another order for so many rows.
    func combinations(_ w: Span<Float>, items: Int, count: Int) -> Matrix? {
        var shape = gathering
        shape.product.m = items
        shape.accumulates = false
        guard readsAlike(shape, gathering) else { return nil }
        let blocks = (count + span - 1) / span
        let size = items * width
        var parts = Scratch<Float>(blocks * size)
        Parallel.forEachRow(of: blocks, size: 1, &parts) { [shape] block, part in
            let (first, live) = (block * span, min(span, count - block * span))
            var weights = Scratch<BFloat16>(zeros: items * span)
            for item in 0 ..< items {
                var rows = weights.mutableSpan
                var row = rows.part(item * span, count: live)
                row.round(w.part(item * count + first, count: live))
            }
            run(shape, weights, from: 0, values, from: block * valuesSize, into: &part)
        }
        let summands = parts.span
        return Matrix.filled(items, width) { out in
            Parallel.forEachPiece(of: size, size: 1 << 14, &out) { piece, out in
                out.copy(summands.extracting(piece))
                for block in 1 ..< max(1, blocks) {
                    out.add(summands.part(block * size + piece.lowerBound, count: piece.count))
                }
            }
        }
    }

    private func run(
        _ shape: BFloat16Product.Shape, _ left: borrowing Scratch<BFloat16>, from startLeft: Int,
        _ right: borrowing Scratch<BFloat16>, from startRight: Int, into c: inout MutableSpan<Float>
    ) {
        BFloat16Product.with(shape) {
            $0.run(left.span.extracting(startLeft...), right.span.extracting(startRight...), into: &c)
        }
    }

    private func readsAlike(_ shape: BFloat16Product.Shape, _ other: BFloat16Product.Shape) -> Bool {
        BFloat16Product.with(shape) { one in BFloat16Product.with(other) { one.packsAlike($0) } }
    }
}
