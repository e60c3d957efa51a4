/// A mutable span that concurrent tasks share, each using its own elements.
///
/// Ranges are checked. Nothing checks that two tasks do not use the same element at the same time, so each access is
/// marked `unsafe`. Where each task writes a range of rows, ``Parallel/forEachPiece(of:size:_:_:)`` is the safe way.
@safe @usableFromInline package struct SharedSpan<Element>: ~Escapable, @unchecked Sendable {
    // Sendable because each task uses its own elements.
    @usableFromInline let base: UnsafeMutablePointer<Element>?
    @usableFromInline package let count: Int

    /// Shares the memory of `span` while it is borrowed.
    @inlinable @_lifetime(&span)
    package init(_ span: inout MutableSpan<Element>) {
        unsafe base = span.withUnsafeMutableBufferPointer { $0.baseAddress }
        count = span.count
    }

    /// The elements `range`, for writing.
    @unsafe @inlinable @_lifetime(copy self)
    package func piece(_ range: Range<Int>) -> MutableSpan<Element> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) elements")
        guard let base = unsafe base else { return unsafe _overrideLifetime(MutableSpan(), copying: self) }
        let piece = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
        return unsafe _overrideLifetime(piece, copying: self)
    }

    /// The elements `range`, for reading.
    @unsafe @inlinable @_lifetime(copy self)
    package func view(_ range: Range<Int>) -> Span<Element> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) elements")
        guard let base = unsafe base else { return unsafe _overrideLifetime(Span(), copying: self) }
        let view = unsafe Span(_unsafeStart: UnsafePointer(base) + range.lowerBound, count: range.count)
        return unsafe _overrideLifetime(view, copying: self)
    }
}
