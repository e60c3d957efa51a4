/// Floats that concurrent tasks write, each elements of its own, and that are read when all have ended.
@safe package final class SharedFloats: @unchecked Sendable {  // each task writes its own elements
    @usableFromInline let base: UnsafeMutablePointer<Float>
    @usableFromInline let count: Int

    /// Makes `count` floats of zero.
    package init(_ count: Int) {
        unsafe base = .allocate(capacity: count)
        unsafe base.initialize(repeating: 0, count: count)
        self.count = count
    }

    deinit { unsafe base.deallocate() }

    /// Stores an element that no other task uses at the time.
    @unsafe @inlinable
    package func store(_ value: Float, at index: Int) {
        precondition(index >= 0 && index < count)
        unsafe base[index] = value
    }

    /// Lends all elements for reading, once all tasks that write them have ended.
    @unsafe
    package func withSpan<Result>(_ body: (Span<Float>) -> Result) -> Result {
        body(unsafe Span(_unsafeStart: UnsafePointer(base), count: count))
    }
}
