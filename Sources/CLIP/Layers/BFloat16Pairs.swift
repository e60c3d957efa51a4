internal import CBFloat16
internal import Kernels

extension Attention {
    /// Whether the processor adds products of pairs in one instruction.
    static let hasBFloat16 = cbfloat16_is_available() != 0
}

/// Pairs of bfloat16 values [rows×columns], the form in which the processor multiplies them; zeros at first.
struct BFloat16Pairs: ~Copyable {
    private var pairs: Scratch<UInt32>
    let rows: Int
    let columns: Int

    init(rows: Int, columns: Int) {
        pairs = Scratch(zeros: rows * columns)
        self.rows = rows
        self.columns = columns
    }

    /// Takes rows of values, each as a column of pairs.
    mutating func takeTransposed(_ x: Span<BFloat16>, lead: Int, rows count: Int, width: Int) {
        precondition(x.count >= extent(count, width, lead) && width / 2 <= rows && count <= columns)
        let columns = Int64(columns)
        var pairs = pairs.mutableSpan
        unsafe x.withUnsafeBytes { x in
            unsafe pairs.withUnsafeMutableBufferPointer { pairs in
                unsafe cbfloat16_transpose_pairs(
                    x.assumingMemoryBound(to: UInt16.self).baseAddress, Int64(lead), Int64(count), Int64(width),
                    pairs.baseAddress, columns)
            }
        }
    }

    /// Takes each two rows of values as one row of pairs.
    mutating func takeJoined(_ x: Span<BFloat16>, lead: Int, rows count: Int, width: Int) {
        precondition(x.count >= extent(count, width, lead) && (count + 1) / 2 <= rows && width <= columns)
        let columns = Int64(columns)
        var pairs = pairs.mutableSpan
        unsafe x.withUnsafeBytes { x in
            unsafe pairs.withUnsafeMutableBufferPointer { pairs in
                unsafe cbfloat16_pack_pairs(
                    x.assumingMemoryBound(to: UInt16.self).baseAddress, Int64(lead), Int64(count), Int64(width),
                    pairs.baseAddress, columns)
            }
        }
    }

    fileprivate func withUnsafeAddress(_ body: (UnsafePointer<UInt32>?) -> Void) {
        unsafe pairs.span.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}

/// Four rows of `left`, `pairs` pairs each, times as many rows of `right`, into `result` [4×columns].
func multiplyFourRows(
    _ left: borrowing Scratch<BFloat16>, _ right: borrowing BFloat16Pairs, pairs count: Int, columns: Int,
    into result: inout Scratch<Float>
) {
    let depth = left.count / 8
    let lead = right.columns
    precondition(count <= depth && count <= right.rows && columns <= lead && result.count >= 4 * lead)
    var result = result.mutableSpan
    unsafe left.span.withUnsafeBytes { left in
        unsafe right.withUnsafeAddress { right in
            unsafe result.withUnsafeMutableBufferPointer { result in
                unsafe cbfloat16_multiply_four_rows(
                    left.assumingMemoryBound(to: UInt32.self).baseAddress, Int64(depth), Int64(count), right,
                    Int64(lead), Int64(columns), result.baseAddress, Int64(lead))
            }
        }
    }
}
