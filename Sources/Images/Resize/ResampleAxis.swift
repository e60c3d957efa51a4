/// Which pixels along one side make each pixel of a resized image, and with which weights: bicubic, a = -0.5, widened
/// by the factor of a reduction, so that every pixel counts.
///
/// The weights are Pillow's to the bit: computed and normalised in double precision, then rounded to 22 bits behind the
/// point, halves away from zero.
struct ResampleAxis: Sendable {
    /// The pixels of the source that are needed; places are counted from its start.
    let source: Range<Int>
    /// Room for weights that each output has.
    let taps: Int
    /// For each output, its first pixel and how many there are.
    private(set) var first: [Int32]
    private(set) var count: [Int32]
    /// The weights of each output [outputs, taps].
    private(set) var weights: [Int32]

    /// The weights that turn `length` pixels into `outputs`, of which only those in `window` are wanted.
    ///
    /// `box` is the part of the source that the outputs show, in pixels; what lies around it still counts at its
    /// borders. Reversed, the last output of the window comes first.
    init(length: Int, box: ClosedRange<Float>? = nil, outputs: Int, window: Range<Int>, isReversed: Bool = false) {
        let box = box ?? 0 ... Float(length)
        let scale = Double(box.upperBound - box.lowerBound) / Double(outputs)
        let reduction = max(scale, 1)
        let support = 2 * reduction
        let limit = Double(length)
        taps = min(Int(support.rounded(.up)) * 2 + 1, length)

        var places: [Range<Int>] = []
        var weights = [Int32](repeating: 0, count: window.count * taps)
        var values = [Double](repeating: 0, count: taps)
        for (place, output) in window.enumerated() {
            let center = Double(box.lowerBound) + (Double(output) + 0.5) * scale
            let start = Int(max(center - support + 0.5, 0))
            let end = Int(min(center + support + 0.5, limit))
            var sum = 0.0
            for pixel in start ..< end {
                let value = Self.bicubic((Double(pixel) - center + 0.5) * (1 / reduction))
                values[pixel - start] = value
                sum += value
            }
            let row = (isReversed ? window.count - 1 - place : place) * taps
            for tap in 0 ..< end - start {
                let weight = (sum == 0 ? values[tap] : values[tap] / sum) * 0x1p22
                weights[row + tap] = Int32(weight < 0 ? weight - 0.5 : weight + 0.5)
            }
            places.append(start ..< end)
        }
        if isReversed { places.reverse() }
        let low = places.map(\.lowerBound).min() ?? 0
        source = low ..< (places.map(\.upperBound).max() ?? 0)
        first = places.map { Int32($0.lowerBound - low) }
        count = places.map { Int32($0.count) }
        self.weights = weights
    }

    var outputs: Int { first.count }

    /// Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.5.
    private static func bicubic(_ distance: Double) -> Double {
        let x = abs(distance)
        if x < 1 { return ((-0.5 + 2) * x - (-0.5 + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
    }
}
