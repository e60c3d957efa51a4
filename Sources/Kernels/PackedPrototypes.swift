/// Prototypes in bfloat16, in the orders in which the products among them read them.
final class PackedPrototypes: Sendable {  // written in its initializer, then only read
    private let rows: BrainFloat  // [padded×D]
    private let span: Int
    private let width: Int
    private let similarity: BrainFloatShape
    private let gathering: BrainFloatShape
    /// Each block J as the right side of `P_I · P_Jᵀ`, and its size.
    private let columns: BrainFloat
    private let columnsSize: Int
    /// Each block J as the right side of `weights · P_J`, and its size.
    private let values: BrainFloat
    private let valuesSize: Int

    /// Takes prototypes [count×width]; of the `padded` rows that are kept those beyond `count` are zero.
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

    /// `similarities ← P_I · P_Jᵀ` for the blocks that start at rows `i` and `j`.
    func computeSimilarities(_ i: Int, _ j: Int, into similarities: Strip) {
        BrainFloatProduct.with(similarity) {
            $0.run(rows, from: i * width, columns, from: j / span * columnsSize, into: similarities)
        }
    }

    /// `gathered ← gathered + weights · P_J`.
    func gather(_ weights: borrowing BrainFloat, _ j: Int, into gathered: Strip) {
        BrainFloatProduct.with(gathering) {
            $0.run(weights, from: 0, values, from: j / span * valuesSize, into: gathered)
        }
    }
}
