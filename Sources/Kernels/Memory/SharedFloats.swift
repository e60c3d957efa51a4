/// Floats that concurrent tasks write, each its own elements, to be read after all tasks have ended.
@safe package final class SharedFloats: @unchecked Sendable {  // each task writes its own elements
    @usableFromInline let base: UnsafeMutablePointer<Float>
    @usableFromInline let count: Int

    /// Allocates `count` floats, all zero.
    package init(_ count: Int) {
        unsafe base = .allocate(capacity: count)
        unsafe base.initialize(repeating: 0, count: count)
        self.count = count
    }

    deinit { unsafe base.deallocate() }

    /// Stores one element, which no other task may use at the same time.
    @unsafe @inlinable
    package func store(_ value: Float, at index: Int) {
        precondition(index >= 0 && index < count)
        unsafe base[index] = value
    }

    /// Lends all elements for reading.
    ///
    /// All tasks that write them must have ended.
    @unsafe
    package func withSpan<Result>(_ body: (Span<Float>) -> Result) -> Result {
        body(unsafe Span(_unsafeStart: UnsafePointer(base), count: count))
    }
}
