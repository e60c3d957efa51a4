extension Span<Float> {
    /// The sum of the products with the elements of a span of the same length.
    @inlinable @inline(__always)
    package func dot(_ other: Span<Float>) -> Float {
        precondition(count == other.count, "\(count) elements times \(other.count)")
        var sum = SIMD16<Float>.zero
        for k in 0 ..< vectorCount { sum += self[vector: k] * other[vector: k] }
        var rest: Float = 0
        for i in remainder { rest += self[i] * other[i] }
        return sumOfLanes(sum) + rest
    }
}

extension MutableSpan<Float> {
    /// Replaces each vector by the result of `body`.
    ///
    /// The last vector is padded with zeros.
    @inlinable @inline(__always)
    package mutating func mapVectors(_ body: (_ index: Int, _ vector: SIMD16<Float>) -> SIMD16<Float>) {
        for k in 0 ..< vectorCount { self[vector: k] = body(k, self[vector: k]) }
        guard !remainder.isEmpty else { return }
        let rest = body(vectorCount, span.padded(vectorCount))
        for i in remainder { self[i] = rest[i & 15] }
    }

    /// Adds `scale` times each element of a span of the same length.
    @inlinable @inline(__always)
    package mutating func add(_ other: Span<Float>, scale: Float = 1) {
        precondition(count == other.count, "\(other.count) elements to \(count)")
        for k in 0 ..< vectorCount { self[vector: k] += other[vector: k] * scale }
        for i in remainder { self[i] += other[i] * scale }
    }

    /// Multiplies each element by `scale`.
    @inlinable @inline(__always)
    package mutating func scale(by scale: Float) {
        for k in 0 ..< vectorCount { self[vector: k] *= scale }
        for i in remainder { self[i] *= scale }
    }
}
