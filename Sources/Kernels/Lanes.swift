// The standard library folds a vector lane by lane; halves fold in four steps.

/// Σ of the lanes.
@inlinable @inline(__always)
package func sumOfLanes(_ x: SIMD16<Float>) -> Float {
    let eight = x.lowHalf + x.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
}

/// The least lane.
@inlinable @inline(__always)
package func leastLane(_ x: SIMD16<Float>) -> Float {
    let eight = pointwiseMin(x.lowHalf, x.highHalf)
    let four = pointwiseMin(eight.lowHalf, eight.highHalf)
    let two = pointwiseMin(four.lowHalf, four.highHalf)
    return min(two[0], two[1])
}
