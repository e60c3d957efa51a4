package import Core
package import Kernels

/// Values between the layers of a network, float32 or bfloat16, lent for reading.
package struct LayerValues: ~Escapable {
    private let bytes: RawSpan
    let precision: Precision

    @_lifetime(copy bytes)
    fileprivate init(_ bytes: RawSpan, _ precision: Precision) {
        self.bytes = bytes
        self.precision = precision
    }

    /// Views floats as layer values.
    @_lifetime(copy floats)
    init(_ floats: Span<Float>) { self.init(unsafe floats.bytes, .float32) }

    var count: Int { bytes.byteCount / precision.width }

    /// The `count` elements from `start`, or all from there.
    @_lifetime(copy self)
    func from(_ start: Int, count: Int? = nil) -> LayerValues {
        let end = count.map { start + $0 } ?? self.count
        return LayerValues(bytes.extracting(start * precision.width ..< end * precision.width), precision)
    }

    /// The values as elements of the type that ``precision`` names.
    @_lifetime(copy self)
    func span<Element: LayerElement>(of _: Element.Type) -> Span<Element> {
        precondition(precision == Element.precision)
        return Span(_bytes: bytes)
    }

    /// The values of a float32 layer.
    var floats: Span<Float> {
        @_lifetime(copy self)
        get { span(of: Float.self) }
    }

    /// One value as a float.
    package subscript(index: Int) -> Float {
        precision == .float32 ? floats[index] : span(of: BFloat16.self)[index].float
    }

    /// Lends the address, for the library's calls.
    @unsafe
    func withUnsafeAddress<Result>(_ body: (UnsafeRawPointer?) -> Result) -> Result {
        unsafe bytes.withUnsafeBytes { unsafe body($0.baseAddress) }
    }
}

/// Values between the layers of a network, float32 or bfloat16, lent for writing.
package struct MutableLayerValues: ~Copyable, ~Escapable {
    private var bytes: MutableRawSpan
    let precision: Precision

    @_lifetime(copy bytes)
    fileprivate init(_ bytes: consuming MutableRawSpan, _ precision: Precision) {
        self.bytes = bytes
        self.precision = precision
    }

    /// Views floats as layer values.
    @_lifetime(&floats)
    init(_ floats: inout MutableSpan<Float>) { self.init(unsafe floats.mutableBytes, .float32) }

    var count: Int { bytes.byteCount / precision.width }

    /// The elements from `start` to the end.
    @_lifetime(copy self)
    consuming func from(_ start: Int) -> MutableLayerValues {
        let precision = precision
        return MutableLayerValues(bytes._consumingExtracting((start * precision.width)...), precision)
    }

    /// The `count` elements from `start`, or all from there, while the rest is borrowed.
    @_lifetime(&self)
    mutating func part(_ start: Int, count: Int? = nil) -> MutableLayerValues {
        let end = count.map { start + $0 } ?? self.count
        return MutableLayerValues(
            bytes._mutatingExtracting(start * precision.width ..< end * precision.width), precision)
    }

    /// The values as elements of the type that ``precision`` names.
    @_lifetime(&self)
    mutating func span<Element: LayerElement>(of _: Element.Type) -> MutableSpan<Element> {
        precondition(precision == Element.precision)
        return unsafe bytes._unsafeMutableView(as: Element.self)
    }

    /// Stores as many floats, rounded if need be.
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
    mutating func clear() {
        unsafe bytes.withUnsafeMutableBytes { bytes in
            _ = unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    /// Lends the address, for the library's calls.
    @unsafe
    mutating func withUnsafeAddress<Result>(_ body: (UnsafeMutableRawPointer?) -> Result) -> Result {
        unsafe bytes.withUnsafeMutableBytes { unsafe body($0.baseAddress) }
    }
}

/// Memory for values between layers, which have arbitrary values at first.
@safe package struct LayerBuffer: ~Copyable {
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int
    private let precision: Precision

    /// Takes memory for `count` values.
    package init(_ count: Int, _ precision: Precision) {
        byteCount = count * precision.width
        unsafe base = MemoryPool.large.take(byteCount)
        self.precision = precision
    }

    deinit { unsafe MemoryPool.large.give(base, byteCount) }

    /// The values, for reading.
    package var values: LayerValues {
        @_lifetime(borrow self) borrowing get {
            let bytes = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
            return unsafe _overrideLifetime(LayerValues(bytes, precision), borrowing: self)
        }
    }

    /// The values, for writing.
    package var mutableValues: MutableLayerValues {
        @_lifetime(&self) mutating get {
            let bytes = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
            return unsafe _overrideLifetime(MutableLayerValues(bytes, precision), mutating: &self)
        }
    }
}

/// A type of layer values.
protocol LayerElement: VectorElement {
    static var precision: Precision { get }
}

extension Float: LayerElement {
    static var precision: Precision { .float32 }
}

extension BFloat16: LayerElement {
    static var precision: Precision { .bfloat16 }
}

extension MutableSpan<Float> {
    /// Stores as many layer values, widened if need be.
    mutating func take(_ values: LayerValues) {
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
