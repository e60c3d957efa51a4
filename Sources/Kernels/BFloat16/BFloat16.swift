internal import COneDNN

/// A value in bfloat16: the upper half of a `Float`, rounded to nearest even.
///
/// Products of such values are several times faster on processors that have them in hardware (AMX, AVX512_BF16).
/// Rounding changes the direction of a unit row by about 1e-4.
package struct BFloat16: VectorElement {
    package let bitPattern: UInt16

    /// Whether the processor multiplies bfloat16 in hardware.
    package static let isAvailable = conednn_has_bfloat16() != 0

    /// Whether the processor multiplies bfloat16 on AMX tiles, several times faster than `Float`.
    static let isMuchFaster = conednn_has_amx() != 0

    @inlinable @inline(__always)
    package init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// Rounds one value.
    @inlinable @inline(__always)
    package init(_ float: Float) {
        let bits = float.bitPattern
        self.init(bitPattern: UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits &>> 16) & 1)) &>> 16))
    }

    @inlinable @inline(__always)
    package var float: Float { Float(bitPattern: UInt32(bitPattern) &<< 16) }

    @inlinable @inline(__always)
    package static func floats(_ stored: SIMD16<UInt16>) -> SIMD16<Float> {
        SIMD16(bitPattern: SIMD16<UInt32>(truncatingIfNeeded: stored) &<< 16)
    }

    @inlinable @inline(__always)
    package static func stored(_ floats: SIMD16<Float>) -> SIMD16<UInt16> { rounded(floats).upperHalves }

    /// Bits of which the upper half is each lane rounded to bfloat16.
    @inlinable @inline(__always)
    package static func rounded(_ floats: SIMD16<Float>) -> SIMD16<UInt32> {
        let bits = floats.bitPattern
        return bits &+ 0x7fff &+ ((bits &>> 16) & 1)
    }
}

extension MutableSpan<BFloat16> {
    /// Stores as many values, each times `scale`, rounded.
    @inline(__always)
    package mutating func round(_ values: Span<Float>, scale: Float = 1) {
        precondition(count == values.count, "\(values.count) values into \(count)")
        for k in 0 ..< values.vectorCount { self[vector: k] = values[vector: k] * scale }
        for i in values.remainder { self[i] = BFloat16(values[i] * scale) }
    }

    /// Stores `exp((x − 1)·rate)·factor` of as many values, rounded; zero beyond the last factor.
    @inline(__always)
    package mutating func roundExponentials(_ values: Span<Float>, rate: Float, factors: Span<Float>) {
        precondition(count == values.count && factors.count <= count)
        for k in 0 ..< factors.vectorCount {
            self[vector: k] = exponential((values[vector: k] - 1) * rate) * factors[vector: k]
        }
        for i in factors.remainder { self[i] = BFloat16(exponential((values[i] - 1) * rate) * factors[i]) }
        for i in factors.count ..< count { self[i] = BFloat16(bitPattern: 0) }
    }
}
