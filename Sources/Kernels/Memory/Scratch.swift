/// Memory from the pool for intermediate values, returned to the pool at the end of its lifetime.
///
/// Its elements have arbitrary values at first, left by an earlier use.
@safe package struct Scratch<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // Sendable because it owns its memory: Swift's rules for values cover each access.
    private let base: UnsafeMutablePointer<Element>
    package let count: Int

    /// Takes memory for `count` elements.
    package init(_ count: Int) {
        let raw = unsafe MemoryPool.small.take(count * MemoryLayout<Element>.stride)
        unsafe base = raw.bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    /// Takes memory for `count` elements, all bits zero.
    package init(zeros count: Int) {
        self.init(count)
        unsafe UnsafeMutableRawPointer(base)
            .initializeMemory(as: UInt8.self, repeating: 0, count: count * MemoryLayout<Element>.stride)
    }

    deinit { unsafe MemoryPool.small.give(UnsafeMutableRawPointer(base), count * MemoryLayout<Element>.stride) }

    /// The elements, for reading.
    @usableFromInline
    package var span: Span<Element> {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe Span(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The elements, for writing.
    @usableFromInline
    package var mutableSpan: MutableSpan<Element> {
        @_lifetime(&self) mutating get {
            let span = unsafe MutableSpan(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }
}
