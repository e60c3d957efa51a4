import CLIP
import Core
import Kernels
import TestSupport

// Layers as functions from values to values: the one place of these tests that handles the layers' memory.

/// The precisions in which the processor runs layers.
let precisions = Precision.fastest == .bfloat16 ? [Precision.float32, .bfloat16] : [.float32]

/// A buffer with `values`, rounded if need be.
private func buffer(_ values: [Float], _ precision: Precision) -> LayerBuffer {
    var buffer = LayerBuffer(values.count, precision)
    var room = buffer.mutableValues
    room.take(values.span)
    return buffer
}

private func values(_ buffer: borrowing LayerBuffer, count: Int) -> [Float] {
    (0 ..< count).map { buffer.values[$0] }
}

/// `values` as a layer of `precision` sees them.
func rounded(_ values: [Float], to precision: Precision) -> [Float] {
    precision == .float32 ? values : values.map { BFloat16($0).float }
}

/// Random values between -1 and 1.
func random(_ count: Int, _ dice: inout Dice) -> [Float] {
    (0 ..< count).map { _ in Float.random(in: -1 ... 1, using: &dice) }
}

/// Whether values are equal but for `tolerance` and, in bfloat16, the rounding of the results.
func agree(_ found: [Float], _ expected: [Double], _ tolerance: Double, _ precision: Precision) -> Bool {
    found.count == expected.count
        && zip(found, expected).allSatisfy { found, expected in
            let rounding = precision == .bfloat16 ? abs(expected) / 256 : 0
            return abs(Double(found) - expected) <= tolerance + rounding
        }
}

/// The sum of `count` products of elements from `startA` and from `startB`.
func dot(_ a: [Float], _ startA: Int, _ b: [Float], _ startB: Int, count: Int) -> Double {
    (0 ..< count).reduce(0.0) { $0 + Double(a[startA + $1]) * Double(b[startB + $1]) }
}

extension LayerNorm {
    func callAsFunction(_ x: [Float], rows: Int, _ precision: Precision) -> [Float] {
        var output = LayerBuffer(x.count, precision)
        run(x.span, rows: rows, into: output.mutableValues)
        return values(output, count: x.count)
    }
}

extension PackedLayer {
    /// Runs on `x` and on the output's earlier values `accumulated`.
    func callAsFunction(_ x: [Float], rows: Int? = nil, accumulated: [Float]) -> [Float] {
        let input = buffer(x, shape.precision)
        var output = buffer(accumulated, shape.outputPrecision)
        LayerThread.with { thread in
            if let rows {
                run(input.values, rows: rows, into: output.mutableValues, thread)
            } else {
                run(input.values, into: output.mutableValues, thread)
            }
        }
        return values(output, count: accumulated.count)
    }
}

extension Attention {
    func callAsFunction(_ x: [Float], _ precision: Precision, length: Int) -> [Float] {
        let input = buffer(x, precision)
        var output = LayerBuffer(x.count / 3, .float32)
        run(input.values, length: length, into: output.mutableValues)
        return values(output, count: x.count / 3)
    }
}

extension AttentionPooling {
    /// The results [sequences×width] for the rows `queries`.
    func callAsFunction(_ x: [Float], _ precision: Precision, sequences: [Range<Int>], queries: [Int]) -> [Float] {
        let input = buffer(x, precision)
        let padded = (sequences.count + height - 1) / height * height
        var output = LayerBuffer(padded * width, .float32)
        LayerThread.with { run(input.values, sequences: sequences, queries: queries, into: output.mutableValues, $0) }
        return values(output, count: sequences.count * width)
    }
}

func averaged(_ x: [Float], _ precision: Precision, side: Int, channels: Int, factor: Int) -> [Float] {
    let count = side / factor * (side / factor) * channels
    let input = buffer(x, precision)
    var output = LayerBuffer(count, precision)
    averagePool(input.values, side: side, channels: channels, factor: factor, into: output.mutableValues)
    return values(output, count: count)
}

func patches(_ pixels: [Float], _ precision: Precision, side: Int, size: Int) -> [Float] {
    let count = side / size * (side / size) * size * size * 3
    var output = LayerBuffer(count, precision)
    gatherPatches(pixels.span, side: side, size: size, into: output.mutableValues)
    return values(output, count: count)
}

/// The product [4×columns] of `a` [4×depth] and `b` [depth×columns].
func fourRows(_ a: [Float], _ b: [Float], depth: Int, columns: Int) -> [Float] {
    let left = panel(a, lead: depth)
    let right = panel(b, lead: columns)
    var product = Panel<Float>(rows: 4, lead: columns)
    multiplyFourRows(left, depth: depth, right, columns: columns, into: &product)
    return (0 ..< 4 * columns).map { product.elements.span[$0] }
}

private func panel(_ values: [Float], lead: Int) -> Panel<Float> {
    var panel = Panel<Float>(rows: values.count / lead, lead: lead)
    var elements = panel.elements.mutableSpan
    elements.copy(values.span)
    return panel
}
