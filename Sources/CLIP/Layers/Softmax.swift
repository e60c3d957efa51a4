internal import Kernels

/// e to the power of each lane, none of which is above zero, to within 2 units in the last place.
///
/// As ``exponential(_:)``, whose upper bound is not needed here. What would be below 1e-38 comes out as that.
@inline(__always)
private func exponentialBelowOne(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let held = larger(x, SIMD16(repeating: -87))
    let shifted = multiplyAdd(held, SIMD16(repeating: 1.442_695_04), SIMD16(repeating: 12_582_912))
    let n = shifted - 12_582_912
    let r = multiplyAdd(n, SIMD16(repeating: 2.121_944_40e-4), multiplyAdd(n, SIMD16(repeating: -0.693_359_375), held))
    var p = SIMD16<Float>(repeating: 1.987_569_15e-4)
    p = multiplyAdd(p, r, SIMD16(repeating: 1.398_199_950_7e-3))
    p = multiplyAdd(p, r, SIMD16(repeating: 8.333_451_907_3e-3))
    p = multiplyAdd(p, r, SIMD16(repeating: 4.166_579_589_4e-2))
    p = multiplyAdd(p, r, SIMD16(repeating: 1.666_666_545_9e-1))
    p = multiplyAdd(p, r, SIMD16(repeating: 5.000_000_120_1e-1))
    let mantissa = multiplyAdd(p, r * r, r) + 1
    return SIMD16(bitPattern: mantissa.bitPattern &+ shifted.bitPattern &<< 23)
}

/// Turns the first `count` scores into exponentials over the largest, and gives their sum.
///
/// The lanes up to the next multiple of 16 must be there, and come out as zeros.
@inline(__always)
func exponentiate(_ scores: inout MutableSpan<Float>, count: Int) -> Float {
    let whole = count / 16
    let rest = count - 16 * whole
    var lanes = SIMD16<Float>(repeating: scores[0])
    for k in 0 ..< whole { lanes = larger(lanes, scores[vector: k]) }
    let live = SIMD16<Float>.ramp .< Float(rest)
    if rest > 0 { lanes = larger(lanes, scores[vector: whole].replacing(with: lanes, where: .!live)) }
    let largest = largestLane(lanes)
    var sums = SIMD16<Float>.zero
    for k in 0 ..< whole {
        let e = exponentialBelowOne(scores[vector: k] - largest)
        scores[vector: k] = e
        sums += e
    }
    if rest > 0 {
        let e = exponentialBelowOne(scores[vector: whole] - largest).replacing(with: 0, where: .!live)
        scores[vector: whole] = e
        sums += e
    }
    return sumOfLanes(sums)
}

extension SIMD16<Float> {
    /// Each lane its own number, from 0.
    fileprivate static var ramp: SIMD16<Float> {
        SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    }
}
