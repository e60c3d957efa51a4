public import CProcessor

/// `a·b + c`, fused if the code was compiled for a processor with FMA instructions.
///
/// On other processors a fused operation would be one library call per lane.
@inlinable @inline(__always)
package func multiplyAdd(_ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>) -> SIMD16<Float> {
    cprocessor_compiled_with_fma() != 0 ? c.addingProduct(a, b) : c + a * b
}

/// The square root of each lane.
///
/// The standard library's function works lane by lane, which would be most of the time of an Adam step.
@inlinable @inline(__always)
package func squareRoots(_ x: SIMD16<Float>) -> SIMD16<Float> { cprocessor_square_roots(x) }
