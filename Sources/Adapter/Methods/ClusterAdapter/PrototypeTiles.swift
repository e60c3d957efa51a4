internal import Core
internal import Kernels

/// The cut of prototypes P [M×D] into tiles of rows.
struct Tiling: Sendable {
    let count: Int
    let width: Int
    /// Rows per block I of `P_I · P_Jᵀ`.
    let height: Int
    /// Rows per block J of `P_I · P_Jᵀ`.
    let span: Int

    init(count: Int, width: Int) {
        self.count = count
        self.width = width
        height = Self.even(count, wanted: 240)
        span = Self.even(count, wanted: 448)
    }

    /// The number of rows that are kept, so that all blocks have the same shape; those beyond `count` are zero.
    var paddedCount: Int { (count + height - 1) / height * height + span }

    /// The multiple of 16 near `wanted` that divides `count` rows with the least padding.
    private static func even(_ count: Int, wanted: Int) -> Int {
        let heights = stride(from: max(16, wanted * 3 / 4 / 16 * 16), through: wanted * 5 / 4, by: 16)
        func waste(_ height: Int) -> Int { (count + height - 1) / height * height - count }
        // Few rows still give one block per thread.
        if count <= 2 * wanted { return max(16, ((count + 3) / 4 + 15) / 16 * 16) }
        return heights.min { (waste($0), -$0) < (waste($1), -$1) } ?? wanted
    }
}

/// Prototypes P [M×D] in tiles, and the two products that attention among them needs.
final class PrototypeTiles: Sendable {
    let tiling: Tiling
    /// P in float32 with rows of zeros behind, where that is the precision.
    private let values: [Float]
    /// P in bfloat16, where that is the precision.
    let packed: PackedPrototypes?

    init(_ prototypes: Matrix, precision: Precision) {
        tiling = Tiling(count: prototypes.rows, width: prototypes.columns)
        switch precision {
        case .float32:
            let padding = [Float](repeating: 0, count: tiling.paddedCount * tiling.width - prototypes.elements.count)
            values = prototypes.elements + padding
            packed = nil
        case .bfloat16:
            values = []
            packed = PackedPrototypes(prototypes.span, tiling)
        }
    }

    /// The memory of one task.
    struct Worker: ~Copyable {
        let tiles: PrototypeTiles
        private var rounded: Scratch<BFloat16>
        var similarities: Scratch<Float>  // [height×span]
        var gathered: Scratch<Float>  // [height×D]

        init(_ tiles: PrototypeTiles) {
            self.tiles = tiles
            let tiling = tiles.tiling
            similarities = Scratch(tiling.height * tiling.span)
            gathered = Scratch(zeros: tiling.height * tiling.width)
            rounded = Scratch(tiles.packed != nil ? tiling.height * tiling.span : 0)
        }

        /// `similarities ← P_I · P_Jᵀ` for the blocks that start at rows `i` and `j`.
        mutating func computeSimilarities(_ i: Int, _ j: Int) {
            if let packed = tiles.packed { return packed.computeSimilarities(i, j, into: &similarities) }
            let tiling = tiles.tiling
            let width = tiling.width
            let p = tiles.values
            var similarities = similarities.mutableSpan
            let shape = ProductShape(m: tiling.height, n: tiling.span, k: width, transposesB: true)
            Float.multiply(
                p.span.extracting((i * width)...), p.span.extracting((j * width)...), into: &similarities, shape: shape,
                alpha: 1, beta: 0)
        }

        /// Row `row` of the weights: `exp((s − 1)·rate)·factor` for the similarities there, zero beyond the factors.
        mutating func weigh(row: Int, rate: Float, factors: Span<Float>) {
            let span = tiles.tiling.span
            if tiles.packed != nil {
                return lend(&similarities, &rounded) { similarities, rounded in
                    var out = rounded.row(row, width: span)
                    out.roundExponentials(similarities.span.row(row, width: span), rate: rate, factors: factors)
                }
            }
            var similarities = similarities.mutableSpan
            var line = similarities.row(row, width: span)
            for k in 0 ..< factors.vectorCount {
                line[vector: k] = exponential((line[vector: k] - 1) * rate) * factors[vector: k]
            }
            for i in factors.remainder { line[i] = exponential((line[i] - 1) * rate) * factors[i] }
            for i in factors.count ..< line.count { line[i] = 0 }
        }

        /// `gathered ← gathered + weights · P_J`.
        mutating func gather(_ j: Int) {
            if let packed = tiles.packed { return packed.gather(rounded, j, into: &gathered) }
            let tiling = tiles.tiling
            let width = tiling.width
            let p = tiles.values
            let shape = ProductShape(m: tiling.height, n: width, k: tiling.span)
            lend(&similarities, &gathered) { weights, gathered in
                let p = p.span.extracting((j * width)...)
                Float.multiply(weights.span, p, into: &gathered, shape: shape, alpha: 1, beta: 1)
            }
        }
    }
}
