public import CProcessor

/// `a·b + c`, fused where the code was compiled for a processor that can.
///
/// Elsewhere a fused one would be a call a lane.
@inlinable @inline(__always)
package func multiplyAdd(_ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>) -> SIMD16<Float> {
    cprocessor_compiled_with_fma() != 0 ? c.addingProduct(a, b) : c + a * b
}

/// The square root of each lane.
///
/// The standard library's takes them one by one, which is most of the time of an Adam step.
@inlinable @inline(__always)
package func squareRoots(_ x: SIMD16<Float>) -> SIMD16<Float> { cprocessor_square_roots(x) }

/// e to the power of each lane, to within 2 units in the last place for results that a `Float` can hold.
///
/// Arguments are held within -87 ... 88, so the result is never zero, infinite or not a number. Multiplications and
/// additions stay apart: without the FMA instruction a fused one would be a call a lane.
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
    let exponent = unsafe unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23
    return unsafe unsafeBitCast(unsafeBitCast(mantissa, to: SIMD16<UInt32>.self) &+ exponent, to: SIMD16<Float>.self)
}

/// e to the power of one value, equal to the lanes' result.
@inlinable @inline(__always)
package func exponential(_ x: Float) -> Float { exponential(SIMD16(repeating: x))[0] }

extension Strip {
    /// Calls `body` with each run of 16 lanes, then with the rest in lanes of which `live` count.
    ///
    /// `body` gives the lanes to store back.
    @inlinable @inline(__always)
    package func mapLanes(_ body: (_ index: Int, _ lanes: SIMD16<Float>) -> SIMD16<Float>) {
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) { self[lanes: i] = body(i, self[lanes: i]) }
        guard whole < count else { return }
        var rest = SIMD16<Float>.zero
        for i in whole ..< count { rest[i - whole] = self[i] }
        let out = body(whole, rest)
        for i in whole ..< count { self[i] = out[i - whole] }
    }

    /// The lanes from `index`, zero beyond the end.
    @inlinable @inline(__always)
    package func padded(_ index: Int) -> SIMD16<Float> {
        if index + 16 <= count { return self[lanes: index] }
        var rest = SIMD16<Float>.zero
        for i in index ..< count { rest[i - index] = self[i] }
        return rest
    }

    /// Σ of the elements' products with those of `other`.
    @inlinable @inline(__always)
    package func dot(_ other: Strip) -> Float {
        assert(count == other.count)
        var sum = SIMD16<Float>.zero
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) { sum += self[lanes: i] * other[lanes: i] }
        var rest: Float = 0
        for i in whole ..< count { rest += self[i] * other[i] }
        return sumOfLanes(sum) + rest
    }

    /// Adds `scale` times each element of `other`.
    @inlinable @inline(__always)
    package func add(_ other: Strip, scale: Float = 1) {
        assert(count == other.count)
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) { self[lanes: i] += other[lanes: i] * scale }
        for i in whole ..< count { self[i] += other[i] * scale }
    }

    /// Multiplies each element by `scale`.
    @inlinable @inline(__always)
    package func scale(by scale: Float) {
        let whole = count / 16 * 16
        for i in stride(from: 0, to: whole, by: 16) { self[lanes: i] *= scale }
        for i in whole ..< count { self[i] *= scale }
    }
}
