internal import Glibc

/// The natural logarithm.
package func naturalLogarithm(_ x: Float) -> Float { logf(x) }
/// The natural logarithm.
package func naturalLogarithm(_ x: Double) -> Double { log(x) }
/// The cube root.
package func cubeRoot(_ x: Float) -> Float { cbrtf(x) }
/// Ten to a power.
package func powerOfTen(_ exponent: Double) -> Double { pow(10, exponent) }
/// The cosine of an angle in radians.
package func cosine(_ x: Float) -> Float { cosf(x) }
/// The cosine of an angle in radians.
package func cosine(_ x: Double) -> Double { cos(x) }
/// `base` to a nonnegative integer power, by repeated squaring.
@inline(__always)
package func power(_ base: Float, _ exponent: Int) -> Float {
    var result: Float = 1
    var square = base
    var rest = exponent
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest &>>= 1
    }
    return result
}
