extension SIMD16<Float> {
    /// The lanes with the given bit patterns.
    @inlinable @inline(__always)
    package init(bitPattern: SIMD16<UInt32>) { self = unsafe unsafeBitCast(bitPattern, to: SIMD16<Float>.self) }

    /// The bit pattern of each lane.
    @inlinable @inline(__always)
    package var bitPattern: SIMD16<UInt32> { unsafe unsafeBitCast(self, to: SIMD16<UInt32>.self) }
}

extension SIMD16<UInt32> {
    /// The upper 16 bits of each lane.
    @inlinable @inline(__always)
    package var upperHalves: SIMD16<UInt16> { unsafe unsafeBitCast(self, to: SIMD32<UInt16>.self).oddHalf }
}
