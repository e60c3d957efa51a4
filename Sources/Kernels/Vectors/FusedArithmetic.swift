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
