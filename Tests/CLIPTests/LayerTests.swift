import CLIP
import Core
import Foundation
import Kernels
import TestSupport
import Testing

private func random(_ count: Int, _ dice: inout Dice) -> [Float] {
    (0 ..< count).map { _ in Float.random(in: -1 ... 1, using: &dice) }
}

/// Whether values are equal but for `tolerance` and, in bfloat16, the rounding of the results.
private func agree(_ found: [Float], _ expected: [Double], _ tolerance: Double, _ precision: Precision) -> Bool {
    found.count == expected.count
        && zip(found, expected).allSatisfy { found, expected in
            let rounding = precision == .bfloat16 ? abs(expected) / 256 : 0
            return abs(Double(found) - expected) <= tolerance + rounding
        }
}

private func activated(_ x: Double, _ activation: LayerActivation) -> Double {
    switch activation {
    case .none: x
    case .relu: max(0, x)
    case .quickGELU: x / (1 + exp(-1.702 * x))
    case .gelu: x / 2 * erfc(-x / 2.squareRoot())
    }
}

private let precisions = Precision.fastest == .bfloat16 ? [Precision.float32, .bfloat16] : [.float32]

@Test(arguments: [Precision.float32, .bfloat16], [1, 16, 21, 48, 100])
func aLayerNormIsThatOfItsFormula(_ precision: Precision, _ width: Int) {
    var dice = Dice(seed: UInt64(width))
    let gain = random(width, &dice)
    let offset = random(width, &dice)
    let x = random(3 * width, &dice)
    let found = LayerNorm(gain: gain, offset: offset, epsilon: 1e-5)(x, rows: 3, precision)
    let expected = (0 ..< 3).flatMap { row in
        let row = x[row * width ..< (row + 1) * width].map(Double.init)
        let mean = row.reduce(0, +) / Double(width)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        return row.enumerated().map {
            ($1 - mean) / (variance + 1e-5).squareRoot() * Double(gain[$0]) + Double(offset[$0])
        }
    }
    #expect(agree(found, expected, 2e-6, precision))
}

@Test(arguments: [Precision.float32, .bfloat16], [(4, 6, 16, 2), (7, 5, 3, 2), (9, 9, 40, 3)])
func averagePoolingAveragesWholeSquares(_ precision: Precision, _ shape: (Int, Int, Int, Int)) {
    let (height, width, channels, factor) = shape
    var dice = Dice(seed: UInt64(height))
    let x = rounded(random(height * width * channels, &dice), to: precision)
    var expected: [Double] = []
    for i in 0 ..< height / factor {
        for j in 0 ..< width / factor {
            for channel in 0 ..< channels {
                var sum = 0.0
                for di in 0 ..< factor {
                    for dj in 0 ..< factor {
                        sum += Double(x[((i * factor + di) * width + j * factor + dj) * channels + channel])
                    }
                }
                expected.append(sum / Double(factor * factor))
            }
        }
    }
    let found = averaged(x, precision, height: height, width: width, channels: channels, factor: factor)
    #expect(agree(found, expected, 1e-6, precision))
}

@Test(arguments: [Precision.float32, .bfloat16], [(4, 6, 2), (7, 5, 3), (8, 8, 8)])
func patchesAreRowsOfTheirPixels(_ precision: Precision, _ shape: (Int, Int, Int)) {
    let (height, width, size) = shape
    var dice = Dice(seed: UInt64(size))
    let pixels = rounded(random(height * width * 3, &dice), to: precision)
    var expected: [Float] = []
    for i in 0 ..< height / size {
        for j in 0 ..< width / size {
            for k in 0 ..< size {
                let start = ((i * size + k) * width + j * size) * 3
                expected += pixels[start ..< start + 3 * size]
            }
        }
    }
    #expect(patches(pixels, precision, height: height, width: width, size: size) == expected)
}

@Test(arguments: [1, 7, 64], [16, 48, 64, 144])
func fourRowsTimesAPanelAreTheirProduct(_ depth: Int, _ columns: Int) {
    var dice = Dice(seed: UInt64(depth * 1000 + columns))
    let a = random(4 * depth, &dice)
    let b = random(depth * columns, &dice)
    let expected = (0 ..< 4 * columns).map { index in
        (0 ..< depth).reduce(0.0) {
            $0 + Double(a[index / columns * depth + $1]) * Double(b[$1 * columns + index % columns])
        }
    }
    #expect(agree(fourRows(a, b, depth: depth, columns: columns), expected, 1e-5, .float32))
}

@Test(arguments: precisions, [LayerActivation.none, .relu, .quickGELU, .gelu])
func aLinearLayerIsThatOfItsFormula(_ precision: Precision, _ activation: LayerActivation) throws {
    let rows = 6
    let inputs = 21
    let outputs = 18
    var dice = Dice(seed: 3)
    let weights = rounded(random(outputs * inputs, &dice), to: precision)
    let bias = random(outputs, &dice)
    let x = rounded(random(rows * inputs, &dice), to: precision)
    let earlier = random(rows * outputs, &dice)
    for accumulates in [false, true] {
        let shape = LayerShape.linear(
            rows: 3, inputs: inputs, outputs: outputs, precision: precision, output: .float32, activation: activation,
            accumulates: accumulates)
        let layer = try #require(PackedLayer(shape, weights: weights, bias: bias, in: LayerArena()))
        let expected = (0 ..< rows * outputs).map { index in
            let (row, output) = index.quotientAndRemainder(dividingBy: outputs)
            let sum = (0 ..< inputs).reduce(Double(bias[output])) {
                $0 + Double(x[row * inputs + $1]) * Double(weights[output * inputs + $1])
            }
            return activated(sum + (accumulates ? Double(earlier[index]) : 0), activation)
        }
        let found = layer(x, rows: rows, accumulated: earlier)
        #expect(agree(found, expected, precision == .float32 ? 1e-5 : 1e-3, .float32), "\(accumulates)")
    }
}

@Test func aLinearLayerWithStridesLeavesTheRestAlone() throws {
    let rows = 3
    let inputs = 5
    let outputs = 4
    var dice = Dice(seed: 4)
    let weights = random(outputs * inputs, &dice)
    let x = random(rows * 9, &dice)
    let earlier = random(rows * 7, &dice)
    let shape = LayerShape.linear(
        rows: rows, inputs: inputs, outputs: outputs, inputStride: 9, outputStride: 7, precision: .float32)
    let layer = try #require(PackedLayer(shape, weights: weights, in: LayerArena()))
    let expected = earlier.indices.map { index in
        let (row, output) = index.quotientAndRemainder(dividingBy: 7)
        guard output < outputs else { return Double(earlier[index]) }
        return (0 ..< inputs).reduce(0.0) { $0 + Double(x[row * 9 + $1]) * Double(weights[output * inputs + $1]) }
    }
    #expect(agree(layer(x, accumulated: earlier), expected, 1e-6, .float32))
}

@Test(arguments: precisions, [(1, 1), (3, 1), (3, 2)])
func aConvolutionIsThatOfItsFormula(_ precision: Precision, _ kernel: (size: Int, stride: Int)) throws {
    let height = 7
    let width = 6
    let inputs = 5
    let outputs = 9
    let (size, stride) = kernel
    var dice = Dice(seed: 5)
    let weights = rounded(random(outputs * inputs * size * size, &dice), to: precision)
    let bias = random(outputs, &dice)
    let x = rounded(random(height * width * inputs, &dice), to: precision)
    let down = (height - 1) / stride + 1
    let across = (width - 1) / stride + 1
    let expected = (0 ..< down * across * outputs).map { index in
        let (pixel, output) = index.quotientAndRemainder(dividingBy: outputs)
        var sum = Double(bias[output])
        for di in 0 ..< size {
            for dj in 0 ..< size {
                let i = pixel / across * stride + di - size / 2
                let j = pixel % across * stride + dj - size / 2
                guard (0 ..< height).contains(i), (0 ..< width).contains(j) else { continue }
                for input in 0 ..< inputs {
                    sum +=
                        Double(x[(i * width + j) * inputs + input])
                        * Double(weights[((output * inputs + input) * size + di) * size + dj])
                }
            }
        }
        return max(0, sum)
    }
    let shape = LayerShape.convolution(
        height: height, width: width, inputs: inputs, outputs: outputs, size: size, stride: stride,
        precision: precision, activation: .relu)
    let layer = try #require(PackedLayer(shape, weights: weights, bias: bias, in: LayerArena()))
    let found = layer(x, accumulated: [Float](repeating: 0, count: expected.count))
    #expect(agree(found, expected, 1e-5, precision))
}

@Test(arguments: [Precision.float32, .bfloat16], [(32, 2), (48, 3), (20, 1)])
func attentionPoolingIsThatOfItsFormula(_ precision: Precision, _ shape: (width: Int, heads: Int)) throws {
    let (width, heads) = shape
    let headWidth = width / heads
    var dice = Dice(seed: UInt64(width))
    let projections = (0 ..< 3).map { _ in random(width * width, &dice).map { $0 / 4 } }
    let biases = (0 ..< 3).map { _ in random(width, &dice) }
    let sequences = [0 ..< 5, 5 ..< 6, 6 ..< 23]
    let asking = [2, 5, 22]
    let x = rounded(random(23 * width, &dice), to: precision)
    func projected(_ which: Int, _ row: Int) -> [Double] {
        (0 ..< width).map { output in
            (0 ..< width).reduce(Double(biases[which][output])) {
                $0 + Double(x[row * width + $1]) * Double(projections[which][output * width + $1])
            }
        }
    }
    var expected: [Double] = []
    for (sequence, row) in zip(sequences, asking) {
        let query = projected(0, row)
        let keys = sequence.map { projected(1, $0) }
        let values = sequence.map { projected(2, $0) }
        for head in 0 ..< heads {
            let channels = head * headWidth ..< (head + 1) * headWidth
            let scores = keys.map { key in
                channels.reduce(0.0) { $0 + query[$1] * key[$1] } / Double(headWidth).squareRoot()
            }
            let shares = scores.map { exp($0 - (scores.max() ?? 0)) }
            for channel in channels {
                expected.append(
                    zip(shares, values).reduce(0.0) { $0 + $1.0 * $1.1[channel] } / shares.reduce(0, +))
            }
        }
    }
    let pooling = try #require(
        AttentionReadout(
            query: projections[0], queryBias: biases[0], key: projections[1], value: projections[2],
            valueBias: biases[2], heads: heads, height: 2, in: LayerArena()))
    let found = pooling(x, precision, sequences: sequences, asking: asking, height: 2)
    #expect(agree(found, expected, 1e-5, .float32))
}
