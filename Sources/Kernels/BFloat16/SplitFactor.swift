internal import Core

/// A matrix or its transpose as a factor of a product, each element to be multiplied by `scale`.
struct ProductFactor: Sendable {
    let matrix: Matrix
    let isTransposed: Bool
    var scale: Float = 1

    var rows: Int { isTransposed ? matrix.columns : matrix.rows }
    var columns: Int { isTransposed ? matrix.rows : matrix.columns }
    var transposed: ProductFactor { ProductFactor(matrix: matrix, isTransposed: !isTransposed, scale: scale) }
}

/// A factor in bfloat16: each value rounded (high) and, for float32, its rounding error, rounded again (low).
///
/// Together they keep 16 of the 24 bits of each value.
struct SplitFactor: ~Copyable {
    private var high: Scratch<BFloat16>
    /// Empty for bfloat16.
    private var low: Scratch<BFloat16>

    /// Allocates `count` elements.
    init(count: Int, precision: Precision) {
        high = Scratch(count)
        low = Scratch(precision == .float32 ? count : 0)
    }

    /// Splits all of a factor in the order of memory, on all threads.
    mutating func takeAll(_ factor: ProductFactor) {
        Parallel.forEachPiece(of: factor.matrix.rows, size: 64, &high, &low) { rows, high, low in
            factor.split(rows, 0 ..< factor.matrix.columns, &high, &low)
        }
    }

    /// Splits the given rows and columns of a factor.
    mutating func take(_ factor: ProductFactor, rows: Range<Int>, columns: Range<Int>) {
        lend(&high, &low) { high, low in
            if factor.isTransposed {
                factor.splitTransposed(rows, columns, &high, &low)
            } else {
                factor.split(rows, columns, &high, &low)
            }
        }
    }

    /// Returns the factor packed as the right side of a product of `shape`.
    func packed(_ shape: BFloat16Product.Shape) -> SplitFactor {
        func pack(_ plain: borrowing Scratch<BFloat16>) -> Scratch<BFloat16> {
            BFloat16Product.with(shape) { product in
                var packed = Scratch<BFloat16>(product.packedCount)
                var span = packed.mutableSpan
                product.pack(plain.span, into: &span)
                return packed
            }
        }
        return SplitFactor(high: pack(high), low: low.count > 0 ? pack(low) : Scratch(0))
    }

    private init(high: consuming Scratch<BFloat16>, low: consuming Scratch<BFloat16>) {
        self.high = high
        self.low = low
    }

    /// `c ← self · right`, without the product of the two low halves.
    func multiply(_ right: borrowing SplitFactor, _ shape: BFloat16Product.Shape, into c: inout MutableSpan<Float>) {
        BFloat16Product.with(shape) { $0.run(high.span, right.high.span, into: &c) }
        guard low.count > 0, right.low.count > 0 else { return }
        var adding = shape
        adding.accumulates = true
        BFloat16Product.with(adding) {
            $0.run(high.span, right.low.span, into: &c)
            $0.run(low.span, right.high.span, into: &c)
        }
    }
}

extension ProductFactor {
    /// Splits rows in the order of memory.
    fileprivate func split(
        _ rows: Range<Int>, _ columns: Range<Int>, _ high: inout MutableSpan<BFloat16>,
        _ low: inout MutableSpan<BFloat16>
    ) {
        let elements = matrix.span
        for row in rows {
            let values = elements.part(row * matrix.columns + columns.lowerBound, count: columns.count)
            Kernels.split(values, scale: scale, row: row - rows.lowerBound, &high, &low)
        }
    }

    /// Splits rows of the transpose, sixteen at a time, through a copy that fits the cache.
    fileprivate func splitTransposed(
        _ rows: Range<Int>, _ columns: Range<Int>, _ high: inout MutableSpan<BFloat16>,
        _ low: inout MutableSpan<BFloat16>
    ) {
        let elements = matrix.span
        let width = columns.count
        var copy = Scratch<Float>(16 * width)
        var lines = copy.mutableSpan
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 16) {
            let height = min(16, rows.upperBound - first)
            for column in 0 ..< width {
                let from = elements.part((columns.lowerBound + column) * matrix.columns + first, count: height)
                for row in 0 ..< height { lines[row * width + column] = from[row] }
            }
            for row in 0 ..< height {
                let values = lines.span.row(row, width: width)
                Kernels.split(values, scale: scale, row: first + row - rows.lowerBound, &high, &low)
            }
        }
    }
}

/// Splits `values`, each times `scale`, into row `row` of `high`, and the rounding errors into row `row` of `low`.
///
/// An empty `low` takes nothing.
private func split(
    _ values: Span<Float>, scale: Float, row: Int, _ high: inout MutableSpan<BFloat16>,
    _ low: inout MutableSpan<BFloat16>
) {
    var high = high.row(row, width: values.count)
    guard !low.isEmpty else { return high.round(values, scale: scale) }
    var low = low.row(row, width: values.count)
    for k in 0 ..< values.vectorCount {
        let x = values[vector: k] * scale
        let upper = SIMD16<Float>(bitPattern: BFloat16.rounded(x) & 0xffff_0000)
        // Storing rounds again, which changes nothing: the lower 16 bits are zero.
        high[vector: k] = upper
        low[vector: k] = x - upper
    }
    for i in values.remainder {
        high[i] = BFloat16(values[i] * scale)
        low[i] = BFloat16(values[i] * scale - high[i].float)
    }
}
