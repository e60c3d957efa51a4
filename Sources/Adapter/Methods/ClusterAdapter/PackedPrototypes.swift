internal import Core
internal import Kernels

/// Prototypes in bfloat16, packed for the products among them.
final class PackedPrototypes: Sendable {  // written in its initializer, then only read
    private let rows: BrainFloat  // [padded×D]
    private let span: Int
    private let width: Int
    private let similarity: BrainFloatShape
    private let gathering: BrainFloatShape
    /// Each block J, packed as the right factor of `P_I · P_Jᵀ`, and its size.
    private let columns: BrainFloat
    private let columnsSize: Int
    /// Each block J, packed as the right factor of `weights · P_J`, and its size.
    private let values: BrainFloat
    private let valuesSize: Int

    /// Takes prototypes [count×width], and pads them to `padded` rows with zeros.
    init(_ prototypes: Strip, count: Int, padded: Int, width: Int, height: Int, span: Int) {
        (self.span, self.width) = (span, width)
        rows = BrainFloat(count: padded * width)
        similarity = BrainFloatShape(
            m: height, n: span, k: width, lda: width, ldb: width, ldc: span, transposesB: true, accumulates: false,
            packsB: true)
        gathering = BrainFloatShape(
            m: height, n: width, k: span, lda: span, ldb: width, ldc: width, transposesB: false, accumulates: true,
            packsB: true)
        let blocks = (count + span - 1) / span
        columnsSize = BrainFloatProduct.with(similarity) { $0.packedCount }
        valuesSize = BrainFloatProduct.with(gathering) { $0.packedCount }
        columns = BrainFloat(count: blocks * columnsSize)
        values = BrainFloat(count: blocks * valuesSize)
        round(prototypes, count: count, padded: padded)
        Parallel.forEach(blocks) { block in
            let first = block * span * width
            BrainFloatProduct.with(self.similarity) {
                $0.pack(self.rows, from: first, into: self.columns, at: block * self.columnsSize)
            }
            BrainFloatProduct.with(self.gathering) {
                $0.pack(self.rows, from: first, into: self.values, at: block * self.valuesSize)
            }
        }
    }

    private func round(_ prototypes: Strip, count: Int, padded: Int) {
        Parallel.forEachPiece(of: count, size: 128) { piece in
            let range = piece.lowerBound * self.width ..< piece.upperBound * self.width
            self.rows.round(prototypes[range], at: range.lowerBound)
        }
        let zeros = Scratch(width)
        zeros.strip.fill(0)
        for row in count ..< padded { rows.round(zeros.strip, at: row * width) }
    }

    /// Computes `similarities ← P_I · P_Jᵀ` for the blocks that start at rows `i` and `j`.
    func computeSimilarities(_ i: Int, _ j: Int, into similarities: Strip) {
        BrainFloatProduct.with(similarity) {
            $0.run(rows, from: i * width, columns, from: j / span * columnsSize, into: similarities)
        }
    }

    /// Computes `gathered ← gathered + weights · P_J`.
    func gather(_ weights: borrowing BrainFloat, _ j: Int, into gathered: Strip) {
        BrainFloatProduct.with(gathering) {
            $0.run(weights, from: 0, values, from: j / span * valuesSize, into: gathered)
        }
    }

    /// The similarities `x·Pᵀ` [items×count] of the rows of x.
    ///
    /// - Returns: nil if the library packs the prototypes differently for this number of rows.
    func similarities(of x: Strip, items: Int, count: Int) -> Matrix? {
        var (whole, ragged) = (similarity, similarity)
        (whole.m, whole.ldc) = (items, count)
        ragged.m = items
        guard readsAlike(whole, similarity), readsAlike(ragged, similarity) else { return nil }
        let queries = BrainFloat(count: items * width)
        queries.round(x, at: 0)
        return Matrix.filled(items, count) { [whole, ragged] out in
            Parallel.forEach((count + self.span - 1) / self.span) { block in
                let (first, live) = (block * self.span, min(self.span, count - block * self.span))
                guard live < self.span else {
                    self.run(whole, queries, self.columns, block * self.columnsSize, into: out[first ..< out.count])
                    return
                }
                let tile = Scratch(items * self.span)
                self.run(ragged, queries, self.columns, block * self.columnsSize, into: tile.strip)
                for item in 0 ..< items {
                    out.from(item * count + first, count: live).copy(tile.strip.from(item * self.span, count: live))
                }
            }
        }
    }

    /// The combinations `w·P` [items×D] of the prototypes by weights w [items×count].
    ///
    /// - Returns: nil if the library packs the prototypes differently for this number of rows.
    func combinations(_ w: Strip, items: Int, count: Int) -> Matrix? {
        var shape = gathering
        (shape.m, shape.accumulates) = (items, false)
        guard readsAlike(shape, gathering) else { return nil }
        let blocks = (count + span - 1) / span
        let size = items * width
        let parts = Scratch(blocks * size)
        Parallel.forEach(blocks) { [shape] block in
            let (first, live) = (block * self.span, min(self.span, count - block * self.span))
            let weights = BrainFloat(count: items * self.span)
            let zeros = Scratch(self.span)
            zeros.strip.fill(0)
            for item in 0 ..< items {
                weights.round(w.from(item * count + first, count: live), at: item * self.span)
                weights.round(zeros.strip.from(live, count: self.span - live), at: item * self.span + live)
            }
            self.run(
                shape, weights, self.values, block * self.valuesSize,
                into: parts.strip.from(block * size, count: size))
        }
        return Matrix.filled(items, width) { out in
            Parallel.forEachPiece(of: size, size: 1 << 14) { piece in
                out[piece].copy(parts.strip[piece])
                for block in 1 ..< max(1, blocks) {
                    out[piece].add(parts.strip.from(block * size + piece.lowerBound, count: piece.count))
                }
            }
        }
    }

    private func run(
        _ shape: BrainFloatShape, _ left: borrowing BrainFloat, _ right: borrowing BrainFloat, _ start: Int,
        into c: Strip
    ) {
        BrainFloatProduct.with(shape) { $0.run(left, from: 0, right, from: start, into: c) }
    }

    private func readsAlike(_ shape: BrainFloatShape, _ other: BrainFloatShape) -> Bool {
        BrainFloatProduct.with(shape) { one in BrainFloatProduct.with(other) { one.packsAlike($0) } }
    }
}
