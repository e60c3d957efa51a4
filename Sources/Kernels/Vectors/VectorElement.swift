/// A number that is stored in memory and processed in vectors of sixteen floats.
@usableFromInline
package protocol VectorElement: BitwiseCopyable, Sendable {
    /// Sixteen stored values.
    associatedtype Stored: BitwiseCopyable

    /// Converts sixteen stored values to floats.
    static func floats(_ stored: Stored) -> SIMD16<Float>
    /// Rounds sixteen floats to stored values.
    static func stored(_ floats: SIMD16<Float>) -> Stored
    /// Rounds a float to this format.
    init(_ float: Float)
    /// The value as a float.
    var float: Float { get }
}

extension Float: VectorElement {
    @inlinable @inline(__always)
    package static func floats(_ stored: SIMD16<Float>) -> SIMD16<Float> { stored }
    @inlinable @inline(__always)
    package static func stored(_ floats: SIMD16<Float>) -> SIMD16<Float> { floats }
    @inlinable @inline(__always)
    package var float: Float { self }
}
