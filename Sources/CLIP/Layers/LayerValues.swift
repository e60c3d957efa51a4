package import Kernels

/// Values between the layers of a network, float32 or bfloat16, in memory that somebody else owns.
///
/// As a ``Strip``: made by the kernels after the shapes are checked, kept by no one, checked in debug builds.
@safe package struct LayerValues: @unchecked Sendable {  // each task writes its own part
    fileprivate let base: UnsafeMutableRawPointer
    package let count: Int
    package let precision: Precision

    init(_ base: UnsafeMutableRawPointer, count: Int, precision: Precision) {
        unsafe self.base = base
        self.count = count
        self.precision = precision
    }

    /// Looks at a strip as values.
    package init(_ strip: Strip) {
        unsafe self.init(UnsafeMutableRawPointer(strip.address), count: strip.count, precision: .float32)
    }

    /// Elements from `start`, `count` of them.
    package func from(_ start: Int, count: Int) -> LayerValues {
        assert(start >= 0 && count >= 0 && start + count <= self.count)
        return unsafe LayerValues(base + start * precision.width, count: count, precision: precision)
    }

    /// Elements from `start` to the end.
    package func from(_ start: Int) -> LayerValues { from(start, count: count - start) }

    /// The values, which are float32.
    package var strip: Strip {
        precondition(precision == .float32)
        return unsafe Strip(base.assumingMemoryBound(to: Float.self), count: count)
    }

    /// The address, for the library's calls.
    var address: UnsafeMutableRawPointer { unsafe base }
}

extension Precision {
    /// Bytes of one value.
    package var width: Int { self == .float32 ? 4 : 2 }
}

/// Memory for values between layers, uninitialised, freed with the value.
@safe package struct LayerBuffer: ~Copyable, @unchecked Sendable {
    package let values: LayerValues

    package init(_ count: Int, _ precision: Precision) {
        let base = unsafe LayerMemory.take(count * precision.width)
        unsafe values = LayerValues(base, count: count, precision: precision)
    }

    deinit { unsafe LayerMemory.give(values.base, values.count * values.precision.width) }
}

/// A type of layer values as the kernels' loops see it: sixteen lanes of `Float` at a time.
protocol LayerElement {
    static func load(_ values: LayerValues, _ index: Int) -> SIMD16<Float>
    static func store(_ lanes: SIMD16<Float>, _ values: LayerValues, _ index: Int)
}

/// Lanes as they are.
enum SingleElement: LayerElement {
    @inline(__always)
    static func load(_ values: LayerValues, _ index: Int) -> SIMD16<Float> {
        assert(index >= 0 && index + 16 <= values.count)
        return unsafe values.base.loadUnaligned(fromByteOffset: index &* 4, as: SIMD16<Float>.self)
    }

    @inline(__always)
    static func store(_ lanes: SIMD16<Float>, _ values: LayerValues, _ index: Int) {
        assert(index >= 0 && index + 16 <= values.count)
        unsafe values.base.storeBytes(of: lanes, toByteOffset: index &* 4, as: SIMD16<Float>.self)
    }
}

/// Lanes widened from bfloat16 and rounded to it.
enum BrainElement: LayerElement {
    @inline(__always)
    static func load(_ values: LayerValues, _ index: Int) -> SIMD16<Float> {
        assert(index >= 0 && index + 16 <= values.count)
        let halves = unsafe values.base.loadUnaligned(fromByteOffset: index &* 2, as: SIMD16<UInt16>.self)
        return unsafe unsafeBitCast(SIMD16<UInt32>(truncatingIfNeeded: halves) &<< 16, to: SIMD16<Float>.self)
    }

    @inline(__always)
    static func store(_ lanes: SIMD16<Float>, _ values: LayerValues, _ index: Int) {
        assert(index >= 0 && index + 16 <= values.count)
        let bits = unsafe unsafeBitCast(lanes, to: SIMD16<UInt32>.self)
        let rounded = (bits &+ 0x7fff &+ ((bits &>> 16) & 1)) &>> 16
        unsafe values.base.storeBytes(
            of: SIMD16<UInt16>(truncatingIfNeeded: rounded), toByteOffset: index &* 2, as: SIMD16<UInt16>.self)
    }
}

extension LayerValues {
    /// The lanes from `index`, zero beyond `end`.
    @inline(__always)
    func padded<Element: LayerElement>(_ index: Int, end: Int, _: Element.Type) -> SIMD16<Float> {
        if index + 16 <= end { return Element.load(self, index) }
        var rest = SIMD16<Float>.zero
        for i in index ..< end { rest[i - index] = self[i] }
        return rest
    }

    /// Stores the lanes from `index` that lie before `end`.
    @inline(__always)
    func store<Element: LayerElement>(_ lanes: SIMD16<Float>, _ index: Int, end: Int, _: Element.Type) {
        if index + 16 <= end { return Element.store(lanes, self, index) }
        for i in index ..< end { self[i] = lanes[i - index] }
    }

    /// One value, widened or rounded: for the ends of rows.
    package subscript(index: Int) -> Float {
        get {
            assert(index >= 0 && index < count)
            switch precision {
            case .float32: return unsafe base.load(fromByteOffset: index * 4, as: Float.self)
            case .bfloat16:
                return Float(bitPattern: UInt32(unsafe base.load(fromByteOffset: index * 2, as: UInt16.self)) << 16)
            }
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            switch precision {
            case .float32: unsafe base.storeBytes(of: newValue, toByteOffset: index * 4, as: Float.self)
            case .bfloat16:
                let bits = newValue.bitPattern
                let rounded = (bits &+ 0x7fff &+ ((bits &>> 16) & 1)) &>> 16
                unsafe base.storeBytes(
                    of: UInt16(truncatingIfNeeded: rounded), toByteOffset: index * 2, as: UInt16.self)
            }
        }
    }

    /// Takes the values of a strip of the same length, rounded if need be.
    package func take(_ strip: Strip) {
        assert(strip.count == count)
        switch precision {
        case .float32: take(strip, SingleElement.self)
        case .bfloat16: take(strip, BrainElement.self)
        }
    }

    @inline(__always)
    private func take<Element: LayerElement>(_ strip: Strip, _: Element.Type) {
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) { Element.store(strip[lanes: i], self, i) }
        for i in whole ..< count { self[i] = strip[i] }
    }

    /// Copies the values of another run of the same length and precision.
    func copy(_ other: LayerValues) {
        assert(count == other.count && precision == other.precision)
        unsafe base.copyMemory(from: other.base, byteCount: count * precision.width)
    }

    /// Makes every value zero.
    package func clear() {
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: count * precision.width)
    }
}
