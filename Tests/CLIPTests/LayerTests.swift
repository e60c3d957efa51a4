import CLIP
import Core
import Foundation
import Kernels
import TestSupport
import Testing

private func activated(_ x: Double, _ activation: LayerActivation) -> Double {
    switch activation {
    case .none: x
    case .relu: max(0, x)
    case .quickGELU: x / (1 + exp(-1.702 * x))
    case .gelu: x / 2 * erfc(-x / 2.squareRoot())
    }
}

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

@Test(arguments: [Precision.float32, .bfloat16], [(6, 16, 2), (7, 3, 3), (9, 40, 3)])
func averagePoolingAveragesWholeSquares(_ precision: Precision, _ shape: (Int, Int, Int)) {
    let (side, channels, factor) = shape
    var dice = Dice(seed: UInt64(side))
    let x = rounded(random(side * side * channels, &dice), to: precision)
    let across = side / factor
    let expected = (0 ..< across * across * channels).map { index in
        let (pixel, channel) = index.quotientAndRemainder(dividingBy: channels)
        let sum = (0 ..< factor * factor).reduce(0.0) { sum, offset in
            let row = pixel / across * factor + offset / factor
            let column = pixel % across * factor + offset % factor
            return sum + Double(x[(row * side + column) * channels + channel])
        }
        return sum / Double(factor * factor)
    }
    #expect(agree(averaged(x, precision, side: side, channels: channels, factor: factor), expected, 1e-6, precision))
}

@Test(arguments: [Precision.float32, .bfloat16], [(6, 2), (7, 3), (8, 8)])
func patchesAreRowsOfTheirPixels(_ precision: Precision, _ shape: (Int, Int)) {
    let (side, size) = shape
    var dice = Dice(seed: UInt64(size))
    let pixels = rounded(random(side * side * 3, &dice), to: precision)
    let across = side / size
    let expected = (0 ..< across * across * size).flatMap { line in
        let (patch, row) = line.quotientAndRemainder(dividingBy: size)
        let start = ((patch / across * size + row) * side + patch % across * size) * 3
        return pixels[start ..< start + 3 * size]
    }
    #expect(patches(pixels, precision, side: side, size: size) == expected)
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
    // With a gap between rows, it stays as it was.
    for (accumulates, gap) in [(false, 0), (true, 0), (false, 3)] {
        let from = inputs + gap
        let to = outputs + gap
        let x = rounded(random(rows * from, &dice), to: precision)
        let earlier = random(rows * to, &dice)
        let shape = LayerShape.linear(rows: 3, inputs: inputs, outputs: outputs, precision: precision)
            .with(\.outputPrecision, .float32).with(\.activation, activation).with(\.accumulates, accumulates)
            .with(\.inputStride, from).with(\.outputStride, to)
        let layer = try #require(PackedLayer(shape, weights: weights, bias: bias, in: LayerArena()))
        let expected = earlier.indices.map { index in
            let (row, output) = index.quotientAndRemainder(dividingBy: to)
            guard output < outputs else { return Double(earlier[index]) }
            let sum = Double(bias[output]) + dot(x, row * from, weights, output * inputs, count: inputs)
            return activated(sum + (accumulates ? Double(earlier[index]) : 0), activation)
        }
        let found = layer(x, rows: rows, accumulated: earlier)
        #expect(agree(found, expected, precision == .float32 ? 1e-5 : 1e-3, .float32), "\(accumulates) \(gap)")
    }
}

@Test(arguments: precisions, [(1, 1), (3, 1), (3, 2)])
func aConvolutionIsThatOfItsFormula(_ precision: Precision, _ kernel: (size: Int, stride: Int)) throws {
    let side = 7
    let inputs = 5
    let outputs = 9
    let (size, stride) = kernel
    var dice = Dice(seed: 5)
    let weights = rounded(random(outputs * inputs * size * size, &dice), to: precision)
    let bias = random(outputs, &dice)
    let x = rounded(random(side * side * inputs, &dice), to: precision)
    let across = (side - 1) / stride + 1
    let expected = (0 ..< across * across * outputs).map { index in
        let (pixel, output) = index.quotientAndRemainder(dividingBy: outputs)
        var sum = Double(bias[output])
        for di in 0 ..< size {
            for dj in 0 ..< size {
                let i = pixel / across * stride + di - size / 2
                let j = pixel % across * stride + dj - size / 2
                guard (0 ..< side).contains(i), (0 ..< side).contains(j) else { continue }
                for input in 0 ..< inputs {
                    sum +=
                        Double(x[(i * side + j) * inputs + input])
                        * Double(weights[((output * inputs + input) * size + di) * size + dj])
                }
            }
        }
        return max(0, sum)
    }
    let shape = LayerShape.convolution(
        side: side, inputs: inputs, outputs: outputs, size: size, stride: stride, precision: precision)
    let layer = try #require(
        PackedLayer(shape.with(\.activation, .relu), weights: weights, bias: bias, in: LayerArena()))
    let found = layer(x, accumulated: [Float](repeating: 0, count: expected.count))
    #expect(agree(found, expected, 1e-5, precision))
}
