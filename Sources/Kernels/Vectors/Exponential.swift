/// e to the power of each lane, to within 2 units in the last place for results in the range of `Float`.
///
/// Arguments are clamped to -87 ... 88, so the result is never zero, infinite or NaN. Multiplications and additions are
/// not fused: without the FMA instruction, a fused operation would be one library call per lane.
@inlinable @inline(__always)
package func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let held = pointwiseMax(pointwiseMin(x, SIMD16(repeating: 88)), SIMD16(repeating: -87))
    // Adding 1.5·2²³ leaves the nearest integer n of x/ln 2 in the low bits.
    let shifted = held * 1.442_695_04 + 12_582_912
    let n = shifted - 12_582_912
    // ln 2 in two pieces: the first has so few bits that its product with n is exact.
    let r = held - n * 0.693_359_375 + n * 2.121_944_40e-4
    var p = SIMD16<Float>(repeating: 1.987_569_15e-4)
    p = p * r + 1.398_199_950_7e-3
    p = p * r + 8.333_451_907_3e-3
    p = p * r + 4.166_579_589_4e-2
    p = p * r + 1.666_666_545_9e-1
    p = p * r + 5.000_000_120_1e-1
    let mantissa = p * (r * r) + r + 1
    return SIMD16(bitPattern: mantissa.bitPattern &+ shifted.bitPattern &<< 23)
}

/// e to the power of one value, with the same bits as the vector function.
@inlinable @inline(__always)
package func exponential(_ x: Float) -> Float { exponential(SIMD16(repeating: x))[0] }
