// Vectors are numbered from 0, not by their first element: the optimizer can then prove that the indices of a loop over
// `vectorCount` are in range and removes the checks, so that checked loops take no longer than unchecked ones.

extension Span where Element: VectorElement {
    /// The number of whole vectors of sixteen elements.
    @inlinable @inline(__always)
    package var vectorCount: Int { Int(bitPattern: UInt(bitPattern: count) &>> 4) }

    /// The indices of the elements beyond the last whole vector.
    @inlinable @inline(__always)
    package var remainder: Range<Int> { count &- count & 15 ..< count }

    /// Vector `index`: the elements from 16·index.
    @inlinable @inline(__always)
    package subscript(vector index: Int) -> SIMD16<Float> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count) &>> 4)
        return Element.floats(unsafe load(index &* 16))
    }

    /// The sixteen elements from `start`.
    @inlinable @inline(__always)
    package subscript(lanes start: Int) -> SIMD16<Float> {
        precondition(start >= 0 && start &+ 16 <= count)
        return Element.floats(unsafe load(start))
    }

    /// The sixteen elements from `start`, without a check: for loops that are measurably slower with one.
    @unsafe @inlinable @inline(__always)
    package subscript(uncheckedLanes start: Int) -> SIMD16<Float> { Element.floats(unsafe load(start)) }

    /// Vector `index`, with zeros beyond the last element.
    @inlinable @inline(__always)
    package func padded(_ index: Int) -> SIMD16<Float> {
        if UInt(bitPattern: index) < UInt(bitPattern: vectorCount) { return self[vector: index] }
        var rest = SIMD16<Float>.zero
        for i in remainder { rest[i & 15] = self[i].float }
        return rest
    }

    @inlinable @inline(__always) @unsafe
    func load(_ start: Int) -> Element.Stored {
        unsafe withUnsafeBufferPointer {
            unsafe UnsafeRawPointer($0.baseAddress.unsafelyUnwrapped + start).loadUnaligned(as: Element.Stored.self)
        }
    }
}

extension MutableSpan where Element: VectorElement {
    /// The number of whole vectors of sixteen elements.
    @inlinable @inline(__always)
    package var vectorCount: Int { span.vectorCount }

    /// The indices of the elements beyond the last whole vector.
    @inlinable @inline(__always)
    package var remainder: Range<Int> { span.remainder }

    /// Vector `index`: the elements from 16·index.
    @inlinable @inline(__always)
    package subscript(vector index: Int) -> SIMD16<Float> {
        get { span[vector: index] }
        set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count) &>> 4)
            unsafe store(Element.stored(newValue), index &* 16)
        }
    }

    /// The sixteen elements from `start`.
    @inlinable @inline(__always)
    package subscript(lanes start: Int) -> SIMD16<Float> {
        get { span[lanes: start] }
        set {
            precondition(start >= 0 && start &+ 16 <= count)
            unsafe store(Element.stored(newValue), start)
        }
    }

    /// Replaces the elements by those of a span of the same length.
    @inlinable @inline(__always)
    package mutating func copy(_ other: Span<Element>) {
        precondition(count == other.count, "\(other.count) elements into \(count)")
        unsafe withUnsafeMutableBytes { to in
            unsafe other.withUnsafeBytes { from in unsafe to.copyMemory(from: from) }
        }
    }

    @inlinable @inline(__always) @unsafe
    mutating func store(_ vector: Element.Stored, _ start: Int) {
        unsafe withUnsafeMutableBufferPointer {
            unsafe UnsafeMutableRawPointer($0.baseAddress.unsafelyUnwrapped + start)
                .storeBytes(of: vector, as: Element.Stored.self)
        }
    }
}

extension Span<Double> {
    /// The elements from 8·index to the next multiple of eight.
    @inline(__always)
    subscript(eight index: Int) -> SIMD8<Double> {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count) &>> 3)
        return unsafe withUnsafeBufferPointer {
            unsafe UnsafeRawPointer($0.baseAddress.unsafelyUnwrapped + index &* 8).loadUnaligned(as: SIMD8<Double>.self)
        }
    }
}

extension MutableSpan<Double> {
    /// The elements from 8·index to the next multiple of eight.
    @inline(__always)
    subscript(eight index: Int) -> SIMD8<Double> {
        get { span[eight: index] }
        set {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count) &>> 3)
            unsafe withUnsafeMutableBufferPointer {
                unsafe UnsafeMutableRawPointer($0.baseAddress.unsafelyUnwrapped + index &* 8)
                    .storeBytes(of: newValue, as: SIMD8<Double>.self)
            }
        }
    }
}
