/// The source pixels and weights of each output pixel along one side of a resize.
///
/// The filter is bicubic with a = -0.5, widened when an image shrinks so that every source pixel counts. The weights
/// equal Pillow's bit for bit: computed and normalized in double precision, then rounded to 22 fractional bits, halves
/// away from zero.
struct ResampleAxis: Sendable {
    /// The range of source pixels that are needed; `first` counts from its start.
    let source: Range<Int>
    /// The maximum number of weights per output.
    let taps: Int
    /// The first source pixel of each output.
    private(set) var first: [Int32]
    /// The number of source pixels of each output.
    private(set) var count: [Int32]
    /// The weights of each output [outputs×taps].
    private(set) var weights: [Int32]

    /// Computes the weights that resize `length` pixels to `outputs`, for the outputs in `window` only.
    ///
    /// If reversed, the last output of the window comes first.
    init(length: Int, outputs: Int, window: Range<Int>, isReversed: Bool = false) {
        let limit = Double(length)
        let scale = limit / Double(outputs)
        let reduction = max(scale, 1)
        let support = 2 * reduction
        taps = min(Int(support.rounded(.up)) * 2 + 1, length)

        var ranges: [Range<Int>] = []
        var weights = [Int32](repeating: 0, count: window.count * taps)
        var values = [Double](repeating: 0, count: taps)
        for (index, output) in window.enumerated() {
            let center = (Double(output) + 0.5) * scale
            let start = Int(max(center - support + 0.5, 0))
            let end = Int(min(center + support + 0.5, limit))
            var sum = 0.0
            for pixel in start ..< end {
                let value = Self.bicubic((Double(pixel) - center + 0.5) * (1 / reduction))
                values[pixel - start] = value
                sum += value
            }
            let row = (isReversed ? window.count - 1 - index : index) * taps
            for tap in 0 ..< end - start {
                let weight = (sum == 0 ? values[tap] : values[tap] / sum) * 0x1p22
                weights[row + tap] = Int32(weight < 0 ? weight - 0.5 : weight + 0.5)
            }
            ranges.append(start ..< end)
        }
        if isReversed { ranges.reverse() }
        let low = ranges.map(\.lowerBound).min() ?? 0
        source = low ..< (ranges.map(\.upperBound).max() ?? 0)
        first = ranges.map { Int32($0.lowerBound - low) }
        count = ranges.map { Int32($0.count) }
        self.weights = weights
    }

    /// The number of outputs.
    var outputs: Int { first.count }

    /// The kernel of Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.5.
    private static func bicubic(_ distance: Double) -> Double {
        let x = abs(distance)
        if x < 1 { return ((-0.5 + 2) * x - (-0.5 + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
    }
}
