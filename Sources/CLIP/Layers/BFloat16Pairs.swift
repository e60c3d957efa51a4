internal import CBFloat16
internal import Kernels

/// Pairs of bfloat16 values [rows×columns], the form in which the processor multiplies them; zeros at first.
struct BFloat16Pairs: ~Copyable {
    /// Whether the processor adds products of pairs in one instruction.
    static let isAvailable = cbfloat16_is_available() != 0

    private var pairs: Scratch<UInt32>
    private let rows: Int
    private let columns: Int

    init(rows: Int, columns: Int) {
        pairs = Scratch(zeros: rows * columns)
        self.rows = rows
        self.columns = columns
    }

    /// Stores rows of values, each as a column of pairs.
    mutating func takeTransposed(_ x: Span<BFloat16>, lead: Int, rows count: Int, width: Int) {
        precondition(x.count >= extent(count, width, lead) && width / 2 <= rows && count <= columns)
        let columns = Int64(columns)
        unsafe withUnsafeAddresses(x) { x, pairs in
            unsafe cbfloat16_transpose_pairs(x, Int64(lead), Int64(count), Int64(width), pairs, columns)
        }
    }

    /// Stores each two rows of values as one row of pairs.
    mutating func takeRows(_ x: Span<BFloat16>, lead: Int, rows count: Int, width: Int) {
        precondition(x.count >= extent(count, width, lead) && (count + 1) / 2 <= rows && width <= columns)
        let columns = Int64(columns)
        unsafe withUnsafeAddresses(x) { x, pairs in
            unsafe cbfloat16_pack_pairs(x, Int64(lead), Int64(count), Int64(width), pairs, columns)
        }
    }

    @unsafe
    private mutating func withUnsafeAddresses(
        _ x: Span<BFloat16>, _ body: (UnsafePointer<UInt16>?, UnsafeMutablePointer<UInt32>?) -> Void
    ) {
        var pairs = pairs.mutableSpan
        unsafe x.withUnsafeBytes { x in
            unsafe pairs.withUnsafeMutableBufferPointer { pairs in
                unsafe body(x.assumingMemoryBound(to: UInt16.self).baseAddress, pairs.baseAddress)
            }
        }
    }

    /// Multiplies four rows of `left`, `count` pairs each, by as many rows of these pairs, into `result` [4×columns].
    func multiplyFourRows(
        _ left: borrowing Panel<BFloat16>, pairs count: Int, columns: Int, into result: inout Panel<Float>
    ) {
        let depth = left.lead / 2
        let lead = self.columns
        precondition(count <= depth && count <= rows && columns <= lead && result.lead == lead)
        var result = result.elements.mutableSpan
        unsafe left.elements.span.withUnsafeBytes { left in
            unsafe pairs.span.withUnsafeBufferPointer { right in
                unsafe result.withUnsafeMutableBufferPointer { result in
                    unsafe cbfloat16_multiply_four_rows(
                        left.assumingMemoryBound(to: UInt32.self).baseAddress, Int64(depth), Int64(count),
                        right.baseAddress, Int64(lead), Int64(columns), result.baseAddress, Int64(lead))
                }
            }
        }
    }
}
