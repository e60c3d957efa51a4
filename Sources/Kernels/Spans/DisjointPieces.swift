public import Core

extension Parallel {
    /// Cuts the `count` rows of `a` into pieces of `size` rows and runs `body` for each, on all threads.
    ///
    /// `body` receives the row numbers and, for writing, the elements of these rows.
    @inlinable @inline(__always)
    package static func forEachPiece<A: MutableStorage & ~Copyable & ~Escapable>(
        of count: Int, size: Int, _ a: inout A,
        _ body: @Sendable (_ rows: Range<Int>, inout MutableSpan<A.Element>) -> Void
    ) {
        var a = a.lend()
        let width = rowWidth(a.count, rows: count)
        let shared = SharedSpan(&a)
        forEachPiece(of: count, size: size) { rows in
            // The pieces of different tasks are disjoint because their rows are.
            var piece = unsafe shared.piece(rows.lowerBound * width ..< rows.upperBound * width)
            body(rows, &piece)
        }
    }

    /// The same for two arrays of `count` rows each.
    @inlinable @inline(__always)
    package static func forEachPiece<
        A: MutableStorage & ~Copyable & ~Escapable, B: MutableStorage & ~Copyable & ~Escapable
    >(
        of count: Int, size: Int, _ a: inout A, _ b: inout B,
        _ body: @Sendable (_ rows: Range<Int>, inout MutableSpan<A.Element>, inout MutableSpan<B.Element>) -> Void
    ) {
        var b = b.lend()
        let width = rowWidth(b.count, rows: count)
        let shared = SharedSpan(&b)
        forEachPiece(of: count, size: size, &a) { rows, a in
            var piece = unsafe shared.piece(rows.lowerBound * width ..< rows.upperBound * width)
            body(rows, &a, &piece)
        }
    }

    /// The same for three arrays of `count` rows each.
    @inlinable @inline(__always)
    package static func forEachPiece<
        A: MutableStorage & ~Copyable & ~Escapable, B: MutableStorage & ~Copyable & ~Escapable,
        C: MutableStorage & ~Copyable & ~Escapable
    >(
        of count: Int, size: Int, _ a: inout A, _ b: inout B, _ c: inout C,
        _ body:
            @Sendable (
                _ rows: Range<Int>, inout MutableSpan<A.Element>, inout MutableSpan<B.Element>,
                inout MutableSpan<C.Element>
            ) -> Void
    ) {
        var c = c.lend()
        let width = rowWidth(c.count, rows: count)
        let shared = SharedSpan(&c)
        forEachPiece(of: count, size: size, &a, &b) { rows, a, b in
            var piece = unsafe shared.piece(rows.lowerBound * width ..< rows.upperBound * width)
            body(rows, &a, &b, &piece)
        }
    }

    /// Runs `body` for each of the `count` rows of `a`, on all threads, `size` rows per task.
    @inlinable @inline(__always)
    package static func forEachRow<A: MutableStorage & ~Copyable & ~Escapable>(
        of count: Int, size: Int, _ a: inout A,
        _ body: @Sendable (_ row: Int, inout MutableSpan<A.Element>) -> Void
    ) {
        forEachPiece(of: count, size: size, &a) { rows, a in
            let width = a.count / rows.count
            for row in rows {
                var a = a.row(row - rows.lowerBound, width: width)
                body(row, &a)
            }
        }
    }

    /// The same for two arrays of `count` rows each.
    @inlinable @inline(__always)
    package static func forEachRow<
        A: MutableStorage & ~Copyable & ~Escapable, B: MutableStorage & ~Copyable & ~Escapable
    >(
        of count: Int, size: Int, _ a: inout A, _ b: inout B,
        _ body: @Sendable (_ row: Int, inout MutableSpan<A.Element>, inout MutableSpan<B.Element>) -> Void
    ) {
        forEachPiece(of: count, size: size, &a, &b) { rows, a, b in
            let widthA = a.count / rows.count
            let widthB = b.count / rows.count
            for row in rows {
                var a = a.row(row - rows.lowerBound, width: widthA)
                var b = b.row(row - rows.lowerBound, width: widthB)
                body(row, &a, &b)
            }
        }
    }

    @usableFromInline
    static func rowWidth(_ elements: Int, rows: Int) -> Int {
        guard rows > 0 else { return 0 }
        precondition(elements % rows == 0, "\(elements) elements are not \(rows) rows")
        return elements / rows
    }
}
