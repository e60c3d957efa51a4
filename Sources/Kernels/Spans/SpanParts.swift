extension Span {
    /// The `count` elements from `start`.
    @inlinable @inline(__always)
    @_lifetime(copy self)
    package func part(_ start: Int, count: Int) -> Span<Element> { extracting(start ..< start + count) }

    /// Row `index` of rows that are `width` elements wide.
    @inlinable @inline(__always)
    @_lifetime(copy self)
    package func row(_ index: Int, width: Int) -> Span<Element> { part(index * width, count: width) }
}

extension MutableSpan {
    /// The elements `range`, for writing.
    @inlinable @inline(__always)
    @_lifetime(&self)
    package mutating func part(_ range: Range<Int>) -> MutableSpan<Element> { _mutatingExtracting(range) }

    /// The `count` elements from `start`, for writing.
    @inlinable @inline(__always)
    @_lifetime(&self)
    package mutating func part(_ start: Int, count: Int) -> MutableSpan<Element> { part(start ..< start + count) }

    /// Row `index` of rows that are `width` elements wide, for writing.
    @inlinable @inline(__always)
    @_lifetime(&self)
    package mutating func row(_ index: Int, width: Int) -> MutableSpan<Element> { part(index * width, count: width) }
}
