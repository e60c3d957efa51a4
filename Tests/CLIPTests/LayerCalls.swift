import CLIP
import Core
import Kernels

// Layers as functions from values to values: the one place of these tests that handles the layers' memory.

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
    let rounded = buffer(values, precision)
    return CLIPTests.values(rounded, count: values.count)
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

extension AttentionReadout {
    /// The results [sequences×width] for the queries `asking`.
    func callAsFunction(
        _ x: [Float], _ precision: Precision, sequences: [Range<Int>], asking: [Int], height: Int
    ) -> [Float] {
        let input = buffer(x, precision)
        let padded = (sequences.count + height - 1) / height * height
        var output = LayerBuffer(padded * width, .float32)
        LayerThread.with { run(input.values, sequences: sequences, asking: asking, into: output.mutableValues, $0) }
        return values(output, count: sequences.count * width)
    }
}

func averaged(_ x: [Float], _ precision: Precision, height: Int, width: Int, channels: Int, factor: Int) -> [Float] {
    let count = height / factor * (width / factor) * channels
    let input = buffer(x, precision)
    var output = LayerBuffer(count, precision)
    averagePool(
        input.values, height: height, width: width, channels: channels, factor: factor, into: output.mutableValues)
    return values(output, count: count)
}

func patches(_ pixels: [Float], _ precision: Precision, height: Int, width: Int, size: Int) -> [Float] {
    let count = height / size * (width / size) * size * size * 3
    var output = LayerBuffer(count, precision)
    gatherPatches(pixels.span, height: height, width: width, size: size, into: output.mutableValues)
    return values(output, count: count)
}

/// The product [4×columns] of `a` [4×depth] and `b` [depth×columns].
func fourRows(_ a: [Float], _ b: [Float], depth: Int, columns: Int) -> [Float] {
    var left = Scratch<Float>(a.count)
    var right = Scratch<Float>(b.count)
    var product = Scratch<Float>(4 * columns)
    copy(a, into: &left)
    copy(b, into: &right)
    multiplyFourRows(
        left, stride: depth, depth: depth, right, stride: columns, columns: columns, into: &product, stride: columns)
    return (0 ..< 4 * columns).map { product.span[$0] }
}

private func copy(_ values: [Float], into scratch: inout Scratch<Float>) {
    var room = scratch.mutableSpan
    for (index, value) in values.enumerated() { room[index] = value }
}
