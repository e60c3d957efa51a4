/// A factor, or a part of one, in bfloat16: its upper half, and for float32 the lower half of what rounding lost.
final class Halves: Sendable {  // written part by part, then only read
    private let high: BrainFloat
    /// Empty where there is no lower half.
    private let low: BrainFloat
    private let hasLow: Bool

    init(count: Int, precision: Precision) {
        hasLow = precision == .float32
        high = BrainFloat(count: count)
        low = BrainFloat(count: hasLow ? count : 0)
    }

    private init(high: consuming BrainFloat, low: consuming BrainFloat, hasLow: Bool) {
        self.high = high
        self.low = low
        self.hasLow = hasLow
    }

    /// Takes rows of a factor as they lie, from place `start` on.
    func take(_ factor: RoundedProduct.Factor, rows: Range<Int>, width: Int, at start: Int? = nil) {
        for (at, row) in rows.enumerated() {
            take(
                factor.values.from(row * factor.lead, count: width), scale: factor.scale,
                at: start.map { $0 + at * width } ?? row * width)
        }
    }

    /// Takes rows of the transpose of what lies there, sixteen at a time through a strip that stays in cache.
    func takeTurned(_ factor: RoundedProduct.Factor, _ rows: Range<Int>, width: Int) {
        let strip = Scratch(16 * width)
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 16) {
            let height = min(16, rows.upperBound - first)
            for column in 0 ..< width {
                let from = column * factor.lead + first
                for row in 0 ..< height { strip.strip[row * width + column] = factor.values[from + row] }
            }
            for row in 0 ..< height {
                take(
                    strip.strip.from(row * width, count: width), scale: factor.scale,
                    at: (first + row - rows.lowerBound) * width)
            }
        }
    }

    /// Takes columns `columns` of the first `rows` rows of a factor, row after row.
    func takeColumns(_ factor: RoundedProduct.Factor, _ columns: Range<Int>, rows: Int) {
        if factor.isTransposed {
            let part = RoundedProduct.Factor(
                values: factor.values[columns.lowerBound * factor.lead ..< factor.values.count], lead: factor.lead,
                isTransposed: true, scale: factor.scale)
            takeTurned(part, 0 ..< rows, width: columns.count)
        } else {
            for row in 0 ..< rows {
                take(
                    factor.values.from(row * factor.lead + columns.lowerBound, count: columns.count),
                    scale: factor.scale, at: row * columns.count)
            }
        }
    }

    private func take(_ values: Strip, scale: Float, at place: Int) {
        if hasLow {
            high.split(values, at: place, scale: scale, low: low)
        } else {
            high.round(values, at: place, scale: scale)
        }
    }

    /// The halves in the order in which a product of `shape` reads its right side.
    func packed(_ shape: BrainFloatShape) -> Halves {
        func pack(_ plain: borrowing BrainFloat) -> BrainFloat {
            BrainFloatProduct.with(shape) { product in
                let packed = BrainFloat(count: product.packedCount)
                product.pack(plain, from: 0, into: packed, at: 0)
                return packed
            }
        }
        return Halves(high: pack(high), low: hasLow ? pack(low) : BrainFloat(count: 0), hasLow: hasLow)
    }

    /// `c ← self · right`, with the products of halves that count.
    func multiply(_ right: Halves, _ shape: BrainFloatShape, into c: Strip) {
        BrainFloatProduct.with(shape) { $0.run(high, from: 0, right.high, from: 0, into: c) }
        guard hasLow, right.hasLow else { return }
        var adding = shape
        adding.accumulates = true
        BrainFloatProduct.with(adding) {
            $0.run(high, from: 0, right.low, from: 0, into: c)
            $0.run(low, from: 0, right.high, from: 0, into: c)
        }
    }
}
