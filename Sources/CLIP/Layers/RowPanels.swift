package import Kernels

// The inner loop of attention: four rows of one side against a panel of the other, with the sums in registers.

/// `c ← a·b` for four rows, a [4×depth], b [depth×columns], c [4×columns]; `columns` is a multiple of 16.
@inline(__always)
package func multiplyFourRows(
    _ a: borrowing Scratch<Float>, stride lda: Int, depth: Int, _ b: borrowing Scratch<Float>, stride ldb: Int,
    columns: Int, into c: inout Scratch<Float>, stride ldc: Int
) {
    let a = a.span
    let b = b.span
    var c = c.mutableSpan
    // The panels read without checks, which cost a fifth of the time here.
    precondition(lda >= 0 && ldb >= 0 && depth >= 0 && columns % 16 == 0)
    precondition(a.count >= 3 * lda + depth && b.count >= (depth - 1) * ldb + columns)
    var column = 0
    while column + 64 <= columns {
        unsafe multiplyWidePanel(a, lda, depth, b.extracting(column...), ldb, into: &c, column, ldc)
        column += 64
    }
    while column < columns {
        unsafe multiplyNarrowPanel(a, lda, depth, b.extracting(column...), ldb, into: &c, column, ldc)
        column += 16
    }
}

/// Sixty-four columns: sixteen sums, which is what it takes to keep the multipliers busy.
@unsafe @inline(__always)
private func multiplyWidePanel(
    _ a: Span<Float>, _ lda: Int, _ depth: Int, _ b: Span<Float>, _ ldb: Int, into c: inout MutableSpan<Float>,
    _ column: Int, _ ldc: Int
) {
    var (c00, c01, c02, c03) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var (c10, c11, c12, c13) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var (c20, c21, c22, c23) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var (c30, c31, c32, c33) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for k in 0 ..< depth {
        let row = k &* ldb
        let b0 = unsafe b[uncheckedLanes: row]
        let b1 = unsafe b[uncheckedLanes: row &+ 16]
        let b2 = unsafe b[uncheckedLanes: row &+ 32]
        let b3 = unsafe b[uncheckedLanes: row &+ 48]
        let a0 = Lanes(repeating: unsafe a[unchecked: k])
        c00 = multiplyAdd(a0, b0, c00)
        c01 = multiplyAdd(a0, b1, c01)
        c02 = multiplyAdd(a0, b2, c02)
        c03 = multiplyAdd(a0, b3, c03)
        let a1 = Lanes(repeating: unsafe a[unchecked: lda &+ k])
        c10 = multiplyAdd(a1, b0, c10)
        c11 = multiplyAdd(a1, b1, c11)
        c12 = multiplyAdd(a1, b2, c12)
        c13 = multiplyAdd(a1, b3, c13)
        let a2 = Lanes(repeating: unsafe a[unchecked: 2 &* lda &+ k])
        c20 = multiplyAdd(a2, b0, c20)
        c21 = multiplyAdd(a2, b1, c21)
        c22 = multiplyAdd(a2, b2, c22)
        c23 = multiplyAdd(a2, b3, c23)
        let a3 = Lanes(repeating: unsafe a[unchecked: 3 &* lda &+ k])
        c30 = multiplyAdd(a3, b0, c30)
        c31 = multiplyAdd(a3, b1, c31)
        c32 = multiplyAdd(a3, b2, c32)
        c33 = multiplyAdd(a3, b3, c33)
    }
    store(c00, c01, c02, c03, &c, column)
    store(c10, c11, c12, c13, &c, ldc + column)
    store(c20, c21, c22, c23, &c, 2 * ldc + column)
    store(c30, c31, c32, c33, &c, 3 * ldc + column)
}

@inline(__always)
private func store(_ x0: Lanes, _ x1: Lanes, _ x2: Lanes, _ x3: Lanes, _ c: inout MutableSpan<Float>, _ place: Int) {
    c[lanes: place] = x0
    c[lanes: place + 16] = x1
    c[lanes: place + 32] = x2
    c[lanes: place + 48] = x3
}

/// Sixteen columns.
@unsafe @inline(__always)
private func multiplyNarrowPanel(
    _ a: Span<Float>, _ lda: Int, _ depth: Int, _ b: Span<Float>, _ ldb: Int, into c: inout MutableSpan<Float>,
    _ column: Int, _ ldc: Int
) {
    var (c0, c1, c2, c3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for k in 0 ..< depth {
        let lanes = unsafe b[uncheckedLanes: k &* ldb]
        c0 = multiplyAdd(Lanes(repeating: unsafe a[unchecked: k]), lanes, c0)
        c1 = multiplyAdd(Lanes(repeating: unsafe a[unchecked: lda &+ k]), lanes, c1)
        c2 = multiplyAdd(Lanes(repeating: unsafe a[unchecked: 2 &* lda &+ k]), lanes, c2)
        c3 = multiplyAdd(Lanes(repeating: unsafe a[unchecked: 3 &* lda &+ k]), lanes, c3)
    }
    c[lanes: column] = c0
    c[lanes: ldc + column] = c1
    c[lanes: 2 * ldc + column] = c2
    c[lanes: 3 * ldc + column] = c3
}

private typealias Lanes = SIMD16<Float>
