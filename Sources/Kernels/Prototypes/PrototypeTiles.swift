/// Prototypes P [M×D] cut into tiles of rows, and the two products that attention among them needs.
///
/// Rows beyond M are zero, so that every tile has the same shape.
final class PrototypeTiles: Sendable {
    let count: Int
    let width: Int
    /// Rows of a block whose similarities are wanted.
    let height: Int
    /// Rows of a block they are wanted with.
    let span: Int
    private let values: Values

    private enum Values: ~Copyable, Sendable {
        case single(Scratch)
        case brain(PackedPrototypes)
    }

    init(_ prototypes: Strip, count: Int, width: Int, precision: Precision) {
        (height, span) = (Self.even(count, wanted: 240), Self.even(count, wanted: 448))
        (self.count, self.width) = (count, width)
        let padded = (count + height - 1) / height * height + span
        switch precision {
        case .float32:
            let copy = Scratch(padded * width)
            copy.strip.from(0, count: count * width).copy(prototypes)
            copy.strip[count * width ..< padded * width].fill(0)
            values = .single(copy)
        case .bfloat16:
            values = .brain(
                PackedPrototypes(prototypes, count: count, padded: padded, width: width, height: height, span: span))
        }
    }

    /// The height near `wanted`, a multiple of 16, that cuts `count` rows with the least waste.
    private static func even(_ count: Int, wanted: Int) -> Int {
        let heights = stride(from: max(16, wanted * 3 / 4 / 16 * 16), through: wanted * 5 / 4, by: 16)
        func waste(_ height: Int) -> Int { (count + height - 1) / height * height - count }
        // Few rows still make a tile for each thread.
        if count <= 2 * wanted { return max(16, ((count + 3) / 4 + 15) / 16 * 16) }
        return heights.min { (waste($0), -$0) < (waste($1), -$1) } ?? wanted
    }

    /// What one thread needs: its memory.
    final class Worker: Sendable {  // used by one thread at a time
        private let rounded: BrainFloat
        let similarities: Scratch  // [height×span]
        let gathered: Scratch  // [height×D]

        init(for tiles: PrototypeTiles) {
            let (height, span, width) = (tiles.height, tiles.span, tiles.width)
            similarities = Scratch(height * span)
            gathered = Scratch(height * width)
            rounded = BrainFloat(count: tiles.isBrainFloat ? height * span : 0)
        }

        /// `similarities ← P_I · P_Jᵀ` for the blocks that start at rows `i` and `j`.
        func computeSimilarities(_ tiles: PrototypeTiles, _ i: Int, _ j: Int) {
            let (height, span, width) = (tiles.height, tiles.span, tiles.width)
            switch tiles.values {
            case .single(let p):
                BLAS.shared.multiply(
                    p.strip.from(i * width, count: height * width), p.strip.from(j * width, count: span * width),
                    into: similarities.strip, m: height, n: span, k: width, lda: width, ldb: width, ldc: span,
                    transposeA: false, transposeB: true, alpha: 1, beta: 0)
            case .brain(let p):
                p.computeSimilarities(i, j, into: similarities.strip)
            }
        }

        /// Row `row` of the weights: `exp((s − 1)·rate)·factor` for the similarities there, zero beyond the factors.
        func weigh(_ tiles: PrototypeTiles, row: Int, rate: Float, factors: Strip) {
            let line = similarities.strip.from(row * tiles.span, count: tiles.span)
            if tiles.isBrainFloat {
                rounded.roundExponentials(line, at: row * tiles.span, rate: rate, factors: factors)
                return
            }
            for i in stride(from: 0, to: factors.count / 16 * 16, by: 16) {
                line[lanes: i] = exponential((line[lanes: i] - 1) * rate) * factors[lanes: i]
            }
            for i in factors.count / 16 * 16 ..< factors.count {
                line[i] = exponential((line[i] - 1) * rate) * factors[i]
            }
            line[factors.count ..< line.count].fill(0)
        }

        /// `gathered ← gathered + weights · P_J`.
        func gather(_ tiles: PrototypeTiles, _ j: Int) {
            let (height, span, width) = (tiles.height, tiles.span, tiles.width)
            switch tiles.values {
            case .single(let p):
                BLAS.shared.multiply(
                    similarities.strip, p.strip.from(j * width, count: span * width), into: gathered.strip, m: height,
                    n: width, k: span, lda: span, ldb: width, ldc: width, transposeA: false, transposeB: false,
                    alpha: 1, beta: 1)
            case .brain(let p):
                p.gather(rounded, j, into: gathered.strip)
            }
        }
    }

    /// The prototypes in bfloat16, if that is what they are in.
    var packed: PackedPrototypes? {
        switch values {
        case .single: nil
        case .brain(let packed): packed
        }
    }

    private var isBrainFloat: Bool {
        switch values {
        case .single: false
        case .brain: true
        }
    }

    /// One worker for each thread.
    func workers() -> [Worker] { (0 ..< Parallel.threadCount).map { _ in Worker(for: self) } }
}
