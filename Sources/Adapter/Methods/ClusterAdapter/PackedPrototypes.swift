internal import Core
internal import Kernels

/// Prototypes in bfloat16, in the orders in which the products among them read them.
final class PackedPrototypes: Sendable {
    private let tiling: Tiling
    private let rows: Scratch<BFloat16>  // [padded×D]
    private let similarity: BFloat16Product.Shape
    private let gathering: BFloat16Product.Shape
    /// Each block J as the right side of `P_I · P_Jᵀ`, and its size.
    private let columns: Scratch<BFloat16>
    private let columnsSize: Int
    /// Each block J as the right side of `weights · P_J`, and its size.
    private let values: Scratch<BFloat16>
    private let valuesSize: Int

    /// Takes prototypes [M×D].
    init(_ prototypes: Span<Float>, _ tiling: Tiling) {
        self.tiling = tiling
        let width = tiling.width
        let span = tiling.span
        let similarity = BFloat16Product.Shape(
            ProductShape(m: tiling.height, n: span, k: width, transposesB: true), packsB: true)
        let gathering = BFloat16Product.Shape(
            ProductShape(m: tiling.height, n: width, k: span), accumulates: true, packsB: true)
        let rows = Self.rounded(prototypes, padded: tiling.paddedCount, width: width)
        let blocks = (tiling.count + span - 1) / span
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

    /// The rows in bfloat16, and rows of zeros behind them.
    private static func rounded(_ x: Span<Float>, padded: Int, width: Int) -> Scratch<BFloat16> {
        let count = x.count / width
        var rows = Scratch<BFloat16>(padded * width)
        Parallel.forEachRow(of: padded, size: 128, &rows) { row, out in
            if row < count {
                out.round(x.row(row, width: width))
            } else {
                out.update(repeating: BFloat16(bitPattern: 0))
            }
        }
        return rows
    }

    /// The first row of block `block`, and the number of its rows that are prototypes.
    private func rows(of block: Int) -> (first: Int, live: Int) {
        (block * tiling.span, min(tiling.span, tiling.count - block * tiling.span))
    }

    /// `similarities ← P_I · P_Jᵀ` for the blocks that start at rows `i` and `j`.
    func computeSimilarities(_ i: Int, _ j: Int, into similarities: inout Scratch<Float>) {
        var out = similarities.mutableSpan
        run(similarity, rows, columns, from: (i * tiling.width, j / tiling.span * columnsSize), into: &out)
    }

    /// `gathered ← gathered + weights · P_J`.
    func gather(_ weights: borrowing Scratch<BFloat16>, _ j: Int, into gathered: inout Scratch<Float>) {
        var out = gathered.mutableSpan
        run(gathering, weights, values, from: (0, j / tiling.span * valuesSize), into: &out)
    }

    /// The similarities `x·Pᵀ` [B×M] of queries x [B×D].
    ///
    /// - Returns: nil where the library wants the prototypes in another order for so many rows.
    func similarities(of x: Matrix) -> Matrix? {
        let count = tiling.count
        let span = tiling.span
        let items = x.rows
        var ragged = similarity
        ragged.product.m = items
        var whole = ragged
        whole.product.ldc = count
        guard readsAlike(whole, similarity), readsAlike(ragged, similarity) else { return nil }
        let queries = Self.rounded(x.span, padded: items, width: tiling.width)
        return Matrix.filled(items, count) { [whole, ragged] out in
            let shared = SharedSpan(&out)
            Parallel.forEach((count + span - 1) / span) { block in
                let (first, live) = rows(of: block)
                // Each task writes its own columns.
                guard live < span else {
                    var out = unsafe shared.piece(first ..< shared.count)
                    return run(whole, queries, columns, from: (0, block * columnsSize), into: &out)
                }
                var memory = Scratch<Float>(items * span)
                var tile = memory.mutableSpan
                run(ragged, queries, columns, from: (0, block * columnsSize), into: &tile)
                for item in 0 ..< items {
                    var out = unsafe shared.piece(item * count + first ..< item * count + first + live)
                    out.copy(tile.span.part(item * span, count: live))
                }
            }
        }
    }

    /// The combinations `w·P` [B×D] of the prototypes by weights w [B×M].
    ///
    /// - Returns: nil where the library wants the prototypes in another order for so many rows.
    func combinations(_ w: Matrix) -> Matrix? {
        let count = tiling.count
        let span = tiling.span
        let items = w.rows
        var shape = gathering
        shape.product.m = items
        shape.accumulates = false
        guard readsAlike(shape, gathering) else { return nil }
        let blocks = (count + span - 1) / span
        let size = items * tiling.width
        var parts = Scratch<Float>(blocks * size)
        Parallel.forEachRow(of: blocks, size: 1, &parts) { [shape] block, part in
            let (first, live) = rows(of: block)
            var weights = Scratch<BFloat16>(zeros: items * span)
            for item in 0 ..< items {
                var rows = weights.mutableSpan
                var row = rows.part(item * span, count: live)
                row.round(w.span.part(item * count + first, count: live))
            }
            run(shape, weights, values, from: (0, block * valuesSize), into: &part)
        }
        let summands = parts.span
        return Matrix.filled(items, tiling.width) { out in
            Parallel.forEachPiece(of: size, size: 1 << 14, &out) { piece, out in
                out.copy(summands.extracting(piece))
                for block in 1 ..< max(1, blocks) {
                    out.add(summands.part(block * size + piece.lowerBound, count: piece.count))
                }
            }
        }
    }

    private func run(
        _ shape: BFloat16Product.Shape, _ left: borrowing Scratch<BFloat16>, _ right: borrowing Scratch<BFloat16>,
        from starts: (left: Int, right: Int), into c: inout MutableSpan<Float>
    ) {
        BFloat16Product.with(shape) {
            $0.run(left.span.extracting(starts.left...), right.span.extracting(starts.right...), into: &c)
        }
    }

    private func readsAlike(_ shape: BFloat16Product.Shape, _ other: BFloat16Product.Shape) -> Bool {
        BFloat16Product.with(shape) { one in BFloat16Product.with(other) { one.packsAlike($0) } }
    }
}
