/// Memory for a kernel's intermediate values, taken from the pool and given back when the value ends.
///
/// Its elements start with arbitrary values, left by an earlier use.
@safe package struct Scratch<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // Sendable: it owns its memory and lends it by the rules of values.
    private let base: UnsafeMutablePointer<Element>
    package let count: Int

    /// Takes memory for `count` elements.
    package init(_ count: Int) {
        let raw = unsafe MemoryPool.take(count * MemoryLayout<Element>.stride)
        unsafe base = raw.bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    /// Takes memory for `count` elements, all of them zero bits.
    package init(zeros count: Int) {
        self.init(count)
        unsafe UnsafeMutableRawPointer(base)
            .initializeMemory(as: UInt8.self, repeating: 0, count: count * MemoryLayout<Element>.stride)
    }

    deinit { unsafe MemoryPool.give(UnsafeMutableRawPointer(base), count * MemoryLayout<Element>.stride) }

    /// The elements, for reading.
    package var span: Span<Element> {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe Span(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The elements, for writing.
    package var mutableSpan: MutableSpan<Element> {
        @_lifetime(&self) mutating get {
            let span = unsafe MutableSpan(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }
}
