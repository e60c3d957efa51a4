internal import Core
internal import Kernels

/// Layer normalization: each row less its mean, over its deviation, times a gain, plus an offset.
package struct LayerNorm: Sendable {
    private let gain: [Float]
    private let offset: [Float]
    private let epsilon: Float

    package init(gain: [Float], offset: [Float], epsilon: Float) {
        precondition(gain.count == offset.count)
        self.gain = gain
        self.offset = offset
        self.epsilon = epsilon
    }

    package var width: Int { gain.count }

    /// Normalizes the first `rows` rows of `x` [rows×width] into `output`.
    package func run(_ x: Span<Float>, rows: Int, into output: consuming MutableLayerValues) {
        switch output.precision {
        case .float32: normalize(x, rows: rows, output.span(of: Float.self))
        case .bfloat16: normalize(x, rows: rows, output.span(of: BFloat16.self))
        }
    }

    /// Normalizes the first `rows` rows of `x` [rows×width] in place.
    package func run(_ x: inout MutableSpan<Float>, rows: Int) {
        let gain = gain.span
        let offset = offset.span
        for row in 0 ..< rows {
            var line = x.row(row, width: width)
            let (mean, scale) = statistics(line.span)
            for k in 0 ..< line.vectorCount {
                line[vector: k] = multiplyAdd((line[vector: k] - mean) * scale, gain[vector: k], offset[vector: k])
            }
            for i in line.remainder { line[i] = (line[i] - mean) * scale * gain[i] + offset[i] }
        }
    }

    @inline(__always)
    private func normalize<Element: LayerElement>(
        _ x: Span<Float>, rows: Int, _ output: consuming MutableSpan<Element>
    ) {
        let gain = gain.span
        let offset = offset.span
        for row in 0 ..< rows {
            let from = x.row(row, width: width)
            var to = output.row(row, width: width)
            let (mean, scale) = statistics(from)
            for k in 0 ..< from.vectorCount {
                to[vector: k] = multiplyAdd((from[vector: k] - mean) * scale, gain[vector: k], offset[vector: k])
            }
            for i in from.remainder { to[i] = Element((from[i] - mean) * scale * gain[i] + offset[i]) }
        }
    }

    /// The mean of a row, and the reciprocal of its deviation.
    @inline(__always)
    private func statistics(_ x: Span<Float>) -> (mean: Float, scale: Float) {
        var sums = SIMD16<Float>.zero
        for k in 0 ..< x.vectorCount { sums += x[vector: k] }
        var sum = sumOfLanes(sums)
        for i in x.remainder { sum += x[i] }
        let mean = sum / Float(x.count)
        var squares = SIMD16<Float>.zero
        for k in 0 ..< x.vectorCount {
            let d = x[vector: k] - mean
            squares = multiplyAdd(d, d, squares)
        }
        var square = sumOfLanes(squares)
        for i in x.remainder { square += (x[i] - mean) * (x[i] - mean) }
        return (mean, 1 / (square / Float(x.count) + epsilon).squareRoot())
    }
}
