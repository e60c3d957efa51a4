/// A run of `Float` in memory that the kernels' inner loops walk, sixteen lanes at a time.
///
/// It neither owns nor outlives what it points at: a kernel makes strips of its arguments after checking their shapes,
/// and hands them to no one. Accesses are checked in debug builds. Inlinable, since the layers' loops are in another module.
@safe @usableFromInline package struct Strip: @unchecked Sendable {  // each task writes its own part
    @usableFromInline let base: UnsafeMutablePointer<Float>
    @usableFromInline package let count: Int

    @inlinable package init(_ base: UnsafeMutablePointer<Float>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    /// The address, for the libraries' calls.
    @inlinable package var address: UnsafeMutablePointer<Float> { unsafe base }

    @inlinable @inline(__always)
    package subscript(index: Int) -> Float {
        get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    /// Lanes `index ..< index + 16`.
    @inlinable @inline(__always)
    package subscript(lanes index: Int) -> SIMD16<Float> {
        get {
            assert(index >= 0 && index + 16 <= count)
            return unsafe UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<Float>.self)
        }
        nonmutating set {
            assert(index >= 0 && index + 16 <= count)
            unsafe UnsafeMutableRawPointer(base + index).storeBytes(of: newValue, as: SIMD16<Float>.self)
        }
    }

    /// Elements `range`.
    @inlinable @inline(__always)
    package subscript(range: Range<Int>) -> Strip {
        assert(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe Strip(base + range.lowerBound, count: range.count)
    }

    /// Elements from `start`, `count` of them.
    @inlinable @inline(__always)
    package func from(_ start: Int, count: Int) -> Strip { self[start ..< start + count] }

    package func fill(_ value: Float) {
        unsafe base.update(repeating: value, count: count)
    }
}

/// Floats of a kernel's own, uninitialised, freed with the value.
@safe package struct Scratch: ~Copyable, @unchecked Sendable {
    package let strip: Strip

    package init(_ count: Int) {
        let raw = unsafe MemoryPool.take(count * MemoryLayout<Float>.stride)
        unsafe strip = Strip(raw.bindMemory(to: Float.self, capacity: count), count: count)
    }

    deinit { unsafe MemoryPool.give(UnsafeMutableRawPointer(strip.address), strip.count * MemoryLayout<Float>.stride) }
}
