package import Kernels

/// Layer normalisation: each row less its mean, over its deviation, times a gain, plus an offset.
package struct LayerNorm: Sendable {
    private let gain: Matrix
    private let offset: Matrix
    private let epsilon: Float

    package init(gain: [Float], offset: [Float], epsilon: Float) {
        precondition(gain.count == offset.count)
        self.gain = Matrix(gain, rows: 1, columns: gain.count)
        self.offset = Matrix(offset, rows: 1, columns: offset.count)
        self.epsilon = epsilon
    }

    package var width: Int { gain.columns }

    /// Normalises the first `rows` rows of `x` [rows×width] into `output`, which may be `x` itself.
    package func run(_ x: Strip, rows: Int, into output: LayerValues) {
        precondition(x.count >= rows * width && output.count >= rows * width)
        gain.read { gain in
            offset.read { offset in
                for row in 0 ..< rows {
                    let from = x.from(row * width, count: width)
                    let to = output.from(row * width, count: width)
                    switch output.precision {
                    case .float32: normalize(from, gain, offset, to, SingleElement.self)
                    case .bfloat16: normalize(from, gain, offset, to, BrainElement.self)
                    }
                }
            }
        }
    }

    @inline(__always)
    private func normalize<Element: LayerElement>(
        _ x: Strip, _ gain: Strip, _ offset: Strip, _ output: LayerValues, _: Element.Type
    ) {
        let (count, whole) = (x.count, x.count / 16 * 16)
        var sums = SIMD16<Float>.zero
        for i in stride(from: 0, to: whole, by: 16) { sums += x[lanes: i] }
        var sum = sumOfLanes(sums)
        for i in whole ..< count { sum += x[i] }
        let mean = sum / Float(count)
        var squares = SIMD16<Float>.zero
        for i in stride(from: 0, to: whole, by: 16) {
            let d = x[lanes: i] - mean
            squares = multiplyAdd(d, d, squares)
        }
        var square = sumOfLanes(squares)
        for i in whole ..< count { square += (x[i] - mean) * (x[i] - mean) }
        let scale = 1 / (square / Float(count) + epsilon).squareRoot()
        for i in stride(from: 0, to: whole, by: 16) {
            let unit = (x[lanes: i] - mean) * scale
            Element.store(multiplyAdd(unit, gain[lanes: i], offset[lanes: i]), output, i)
        }
        for i in whole ..< count { output[i] = (x[i] - mean) * scale * gain[i] + offset[i] }
    }
}
