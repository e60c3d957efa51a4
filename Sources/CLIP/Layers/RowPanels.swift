package import Kernels

// The inner loop of attention: four rows of one side against a panel of the other, with the sums in registers.

/// Rows of elements, `lead` elements apart, in memory that is zero at first.
package struct Panel<Element: BitwiseCopyable & Sendable>: ~Copyable {
    package var elements: Scratch<Element>
    package let lead: Int

    /// Takes memory for `rows` rows.
    package init(rows: Int, lead: Int) {
        elements = Scratch(zeros: rows * lead)
        self.lead = lead
    }
}

/// Returns the smallest multiple of 16 that is not less than `count`.
func multipleOf16(_ count: Int) -> Int { (count + 15) / 16 * 16 }

/// `c ← a·b` for four rows, a [4×depth], b [depth×columns], c [4×columns]; `columns` is a multiple of 16.
@inline(__always)
package func multiplyFourRows(
    _ a: borrowing Panel<Float>, depth: Int, _ b: borrowing Panel<Float>, columns: Int, into c: inout Panel<Float>
) {
    // The panels read without checks, which cost a fifth of the time here.
    precondition(depth >= 0 && columns % 16 == 0)
    precondition(a.elements.count >= 3 * a.lead + depth && b.elements.count >= (depth - 1) * b.lead + columns)
    var column = 0
    while column + 64 <= columns {
        unsafe FourVectors.multiply(a, depth, b, from: column, into: &c)
        column += 64
    }
    while column < columns {
        unsafe SIMD16<Float>.multiply(a, depth, b, from: column, into: &c)
        column += 16
    }
}

/// Consecutive columns of one row.
private protocol Columns {
    /// The columns at `start`, without a check.
    @unsafe init(_ row: Span<Float>, at start: Int)
    /// Zeros.
    init()
    mutating func add(_ factor: SIMD16<Float>, times other: Self)
    func store(in row: inout MutableSpan<Float>, at start: Int)
}

extension Columns {
    /// Computes the columns of `c ← a·b` from `column` on for four rows.
    @unsafe @inline(__always)
    static func multiply(
        _ a: borrowing Panel<Float>, _ depth: Int, _ b: borrowing Panel<Float>, from column: Int,
        into c: inout Panel<Float>
    ) {
        let lead = a.lead
        let bLead = b.lead
        let cLead = c.lead
        let a = a.elements.span
        let b = b.elements.span
        var c0 = Self()
        var c1 = Self()
        var c2 = Self()
        var c3 = Self()
        for k in 0 ..< depth {
            let row = unsafe Self(b, at: k &* bLead &+ column)
            c0.add(SIMD16(repeating: unsafe a[unchecked: k]), times: row)
            c1.add(SIMD16(repeating: unsafe a[unchecked: lead &+ k]), times: row)
            c2.add(SIMD16(repeating: unsafe a[unchecked: 2 &* lead &+ k]), times: row)
            c3.add(SIMD16(repeating: unsafe a[unchecked: 3 &* lead &+ k]), times: row)
        }
        var c = c.elements.mutableSpan
        c0.store(in: &c, at: column)
        c1.store(in: &c, at: cLead + column)
        c2.store(in: &c, at: 2 * cLead + column)
        c3.store(in: &c, at: 3 * cLead + column)
    }
}

extension SIMD16: Columns where Scalar == Float {
    @unsafe @inline(__always)
    fileprivate init(_ row: Span<Float>, at start: Int) { self = unsafe row[uncheckedLanes: start] }

    @inline(__always)
    fileprivate mutating func add(_ factor: SIMD16<Float>, times other: Self) {
        self = multiplyAdd(factor, other, self)
    }

    @inline(__always)
    fileprivate func store(in row: inout MutableSpan<Float>, at start: Int) { row[lanes: start] = self }
}

/// Sixty-four columns: sixteen sums for four rows, which keep the multipliers busy.
private struct FourVectors: Columns {
    private var x0 = SIMD16<Float>.zero
    private var x1 = SIMD16<Float>.zero
    private var x2 = SIMD16<Float>.zero
    private var x3 = SIMD16<Float>.zero

    init() {}

    @unsafe @inline(__always)
    init(_ row: Span<Float>, at start: Int) {
        x0 = unsafe row[uncheckedLanes: start]
        x1 = unsafe row[uncheckedLanes: start &+ 16]
        x2 = unsafe row[uncheckedLanes: start &+ 32]
        x3 = unsafe row[uncheckedLanes: start &+ 48]
    }

    @inline(__always)
    mutating func add(_ factor: SIMD16<Float>, times other: FourVectors) {
        x0 = multiplyAdd(factor, other.x0, x0)
        x1 = multiplyAdd(factor, other.x1, x1)
        x2 = multiplyAdd(factor, other.x2, x2)
        x3 = multiplyAdd(factor, other.x3, x3)
    }

    @inline(__always)
    func store(in row: inout MutableSpan<Float>, at start: Int) {
        row[lanes: start] = x0
        row[lanes: start + 16] = x1
        row[lanes: start + 32] = x2
        row[lanes: start + 48] = x3
    }
}
