/// The bicubic filter with a = -0.5 for a line of values, widened when the line shrinks so that every value counts.
///
/// Weights are computed and normalized in double precision, as in Pillow and in torch's interpolation with
/// `antialias`.
package struct BicubicFilter: Sendable {
    /// The maximum number of weights per output.
    package let taps: Int
    private let limit: Double
    private let scale: Double
    private let reduction: Double

    /// The filter that resizes `length` values to `outputs`.
    package init(length: Int, outputs: Int) {
        limit = Double(length)
        scale = limit / Double(outputs)
        reduction = max(scale, 1)
        taps = min(Int((2 * reduction).rounded(.up)) * 2 + 1, length)
    }

    /// Writes the weights of an output, whose sum is 1, and returns the range of the values that they belong to.
    package func writeWeights(of output: Int, to weights: inout [Double]) -> Range<Int> {
        let center = (Double(output) + 0.5) * scale
        let support = 2 * reduction
        let start = Int(max(center - support + 0.5, 0))
        let end = Int(min(center + support + 0.5, limit))
        var sum = 0.0
        for index in start ..< end {
            let weight = Self.kernel((Double(index) - center + 0.5) * (1 / reduction))
            weights[index - start] = weight
            sum += weight
        }
        if sum != 0 { for tap in 0 ..< end - start { weights[tap] /= sum } }
        return start ..< end
    }

    /// The kernel of Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.5.
    private static func kernel(_ distance: Double) -> Double {
        let x = abs(distance)
        if x < 1 { return ((-0.5 + 2) * x - (-0.5 + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
    }
}
