/// Lent memory that concurrent tasks write, each elements of its own.
///
/// Ranges are checked. The type cannot check that no two tasks use the same element at the same time, so each access is
/// marked `unsafe`; ``Parallel/forEachPiece(of:size:_:_:)`` is the safe way where each task takes a run of rows.
@safe package struct SharedSpan<Element>: ~Escapable, @unchecked Sendable {  // each task uses its own elements
    private let base: UnsafeMutablePointer<Element>?
    package let count: Int

    /// Takes the memory of `span` for as long as it is lent.
    @_lifetime(&span)
    package init(_ span: inout MutableSpan<Element>) {
        unsafe base = span.withUnsafeMutableBufferPointer { $0.baseAddress }
        count = span.count
    }

    /// The elements `range`, for writing.
    @unsafe @_lifetime(copy self)
    package func piece(_ range: Range<Int>) -> MutableSpan<Element> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) elements")
        guard let base = unsafe base else { return unsafe _overrideLifetime(MutableSpan(), copying: self) }
        let piece = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
        return unsafe _overrideLifetime(piece, copying: self)
    }

    /// The elements `range`, for reading.
    @unsafe @_lifetime(copy self)
    package func view(_ range: Range<Int>) -> Span<Element> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) elements")
        guard let base = unsafe base else { return unsafe _overrideLifetime(Span(), copying: self) }
        let view = unsafe Span(_unsafeStart: UnsafePointer(base) + range.lowerBound, count: range.count)
        return unsafe _overrideLifetime(view, copying: self)
    }
}
