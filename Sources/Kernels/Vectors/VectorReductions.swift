// The standard library reduces a vector lane by lane. Adding halves takes four steps.

/// The sum of the lanes.
@inlinable @inline(__always)
package func sumOfLanes(_ x: SIMD16<Float>) -> Float {
    let eight = x.lowHalf + x.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
}

/// The smallest lane.
@inlinable @inline(__always)
package func leastLane(_ x: SIMD16<Float>) -> Float {
    let eight = pointwiseMin(x.lowHalf, x.highHalf)
    let four = pointwiseMin(eight.lowHalf, eight.highHalf)
    let two = pointwiseMin(four.lowHalf, four.highHalf)
    return min(two[0], two[1])
}

/// The larger of each two lanes. (The standard library's function works lane by lane.)
@inlinable @inline(__always)
package func larger(_ x: SIMD16<Float>, _ y: SIMD16<Float>) -> SIMD16<Float> { x.replacing(with: y, where: y .> x) }

/// The largest lane.
@inlinable @inline(__always)
package func largestLane(_ x: SIMD16<Float>) -> Float {
    let eight = x.lowHalf.replacing(with: x.highHalf, where: x.highHalf .> x.lowHalf)
    let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.highHalf .> eight.lowHalf)
    return max(max(four[0], four[1]), max(four[2], four[3]))
}
