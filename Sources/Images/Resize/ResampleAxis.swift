/// The source pixels and weights of each output pixel along one side of a resize.
///
/// The weights equal Pillow's bit for bit: those of ``BicubicFilter``, rounded to 22 fractional bits, halves away from
/// zero.
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
        let filter = BicubicFilter(length: length, outputs: outputs)
        taps = filter.taps
        var ranges: [Range<Int>] = []
        var weights = [Int32](repeating: 0, count: window.count * taps)
        var values = [Double](repeating: 0, count: taps)
        for (index, output) in window.enumerated() {
            let range = filter.writeWeights(of: output, to: &values)
            let row = (isReversed ? window.count - 1 - index : index) * taps
            for tap in 0 ..< range.count {
                let weight = values[tap] * 0x1p22
                weights[row + tap] = Int32(weight < 0 ? weight - 0.5 : weight + 0.5)
            }
            ranges.append(range)
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
}
