package import Core
package import Kernels

/// Values between the blocks of a network, float32 or bfloat16, lent for reading.
@safe package struct LayerValues: ~Escapable {
    fileprivate let base: UnsafeRawPointer
    package let count: Int
    package let precision: Precision

    @_lifetime(immortal)
    fileprivate init(_ base: UnsafeRawPointer, count: Int, precision: Precision) {
        unsafe self.base = base
        self.count = count
        self.precision = precision
    }

    /// Views floats as layer values.
    @_lifetime(copy floats)
    package init(_ floats: Span<Float>) {
        unsafe base = floats.withUnsafeBytes { unsafe $0.baseAddress ?? Self.none }
        count = floats.count
        precision = .float32
    }

    private static var none: UnsafeRawPointer { unsafe UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped }

    /// Elements from `start`, `count` of them.
    @_lifetime(copy self)
    package func from(_ start: Int, count: Int) -> LayerValues {
        precondition(start >= 0 && count >= 0 && start + count <= self.count)
        let part = unsafe LayerValues(base + start * precision.width, count: count, precision: precision)
        return unsafe _overrideLifetime(part, copying: self)
    }

    /// Elements from `start` to the end.
    @_lifetime(copy self)
    package func from(_ start: Int) -> LayerValues { from(start, count: count - start) }

    /// The values as elements of the type that ``precision`` names.
    @_lifetime(copy self)
    package func span<Element: LayerElement>(of _: Element.Type) -> Span<Element> {
        precondition(precision == Element.precision)
        let span = unsafe Span(_unsafeStart: base.assumingMemoryBound(to: Element.self), count: count)
        return unsafe _overrideLifetime(span, copying: self)
    }

    /// The values, which are float32.
    package var floats: Span<Float> {
        @_lifetime(copy self)
        get { span(of: Float.self) }
    }

    /// One value as a float: for tests and the ends of rows.
    package subscript(index: Int) -> Float {
        precision == .float32 ? span(of: Float.self)[index] : span(of: BFloat16.self)[index].float
    }

    /// Lends the address, for the library's calls.
    @unsafe
    package func withUnsafeAddress<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe body(base) }
}

/// Values between the layers of a network, float32 or bfloat16, lent for writing.
@safe package struct MutableLayerValues: ~Copyable, ~Escapable {
    private let base: UnsafeMutableRawPointer
    package let count: Int
    package let precision: Precision

    @_lifetime(immortal)
    fileprivate init(_ base: UnsafeMutableRawPointer, count: Int, precision: Precision) {
        unsafe self.base = base
        self.count = count
        self.precision = precision
    }

    /// Views floats as layer values.
    @_lifetime(&floats)
    package init(_ floats: inout MutableSpan<Float>) {
        unsafe base = floats.withUnsafeMutableBytes {
            unsafe $0.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 64).unsafelyUnwrapped
        }
        count = floats.count
        precision = .float32
    }

    /// Elements from `start`, `count` of them.
    @_lifetime(copy self)
    package consuming func from(_ start: Int, count: Int) -> MutableLayerValues {
        precondition(start >= 0 && count >= 0 && start + count <= self.count)
        let part = unsafe MutableLayerValues(base + start * precision.width, count: count, precision: precision)
        return unsafe _overrideLifetime(part, copying: self)
    }

    /// Elements from `start` to the end.
    @_lifetime(copy self)
    package consuming func from(_ start: Int) -> MutableLayerValues {
        let rest = count - start
        return from(start, count: rest)
    }

    /// Elements from `start`, `count` of them, while the rest waits.
    @_lifetime(&self)
    package mutating func part(_ start: Int, count: Int) -> MutableLayerValues {
        precondition(start >= 0 && count >= 0 && start + count <= self.count)
        let part = unsafe MutableLayerValues(base + start * precision.width, count: count, precision: precision)
        return unsafe _overrideLifetime(part, mutating: &self)
    }

    /// The values as elements of the type that ``precision`` names.
    @_lifetime(&self)
    package mutating func span<Element: LayerElement>(of _: Element.Type) -> MutableSpan<Element> {
        precondition(precision == Element.precision)
        let span = unsafe MutableSpan(_unsafeStart: base.assumingMemoryBound(to: Element.self), count: count)
        return unsafe _overrideLifetime(span, mutating: &self)
    }

    /// Stores floats of the same number, rounded if need be.
    package mutating func take(_ floats: Span<Float>) {
        switch precision {
        case .float32:
            var span = span(of: Float.self)
            span.copy(floats)
        case .bfloat16:
            var span = span(of: BFloat16.self)
            span.round(floats)
        }
    }

    /// Makes every value zero.
    package mutating func clear() {
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: count * precision.width)
    }

    /// Lends the address, for the library's calls.
    @unsafe
    package mutating func withUnsafeAddress<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
        unsafe body(base)
    }
}

/// Memory for values between layers, freed with the value; they start as an earlier use left them.
@safe package struct LayerBuffer: ~Copyable {
    private let base: UnsafeMutableRawPointer
    package let count: Int
    package let precision: Precision

    /// Takes memory for `count` values.
    package init(_ count: Int, _ precision: Precision) {
        unsafe base = LayerMemory.take(count * precision.width)
        self.count = count
        self.precision = precision
    }

    deinit { unsafe LayerMemory.give(base, count * precision.width) }

    /// The values, for reading.
    package var values: LayerValues {
        @_lifetime(borrow self) borrowing get {
            let values = unsafe LayerValues(UnsafeRawPointer(base), count: count, precision: precision)
            return unsafe _overrideLifetime(values, borrowing: self)
        }
    }

    /// The values, for writing.
    package var mutableValues: MutableLayerValues {
        @_lifetime(&self) mutating get {
            let values = unsafe MutableLayerValues(base, count: count, precision: precision)
            return unsafe _overrideLifetime(values, mutating: &self)
        }
    }
}

/// A type of layer values.
package protocol LayerElement: VectorElement {
    static var precision: Precision { get }
}

extension Float: LayerElement {
    package static var precision: Precision { .float32 }
}

extension BFloat16: LayerElement {
    package static var precision: Precision { .bfloat16 }
}

extension MutableSpan<Float> {
    /// Takes layer values of the same number, widened if need be.
    package mutating func take(_ values: LayerValues) {
        switch values.precision {
        case .float32: copy(values.floats)
        case .bfloat16:
            let halves = values.span(of: BFloat16.self)
            precondition(halves.count == count)
            for k in 0 ..< halves.vectorCount { self[vector: k] = halves[vector: k] }
            for i in halves.remainder { self[i] = halves[i].float }
        }
    }
}
