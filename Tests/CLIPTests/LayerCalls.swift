import CLIP
import Core
import Kernels

// Layers as functions from values to values: the one place of these tests that handles the layers' memory.

/// A buffer with `values`, rounded if need be.
private func buffer(_ values: [Float], _ precision: Precision) -> LayerBuffer {
    let buffer = LayerBuffer(values.count, precision)
    for (index, value) in values.enumerated() { buffer.values[index] = value }
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
        let input = buffer(x, .float32)
        let output = LayerBuffer(x.count, precision)
        run(input.values.strip, rows: rows, into: output.values)
        return values(output, count: x.count)
    }
}

extension PackedLayer {
    /// Runs on `x` and on the output's earlier values `accumulated`.
    func callAsFunction(_ x: [Float], rows: Int? = nil, accumulated: [Float]) -> [Float] {
        let input = buffer(x, shape.precision)
        let output = buffer(accumulated, shape.outputPrecision)
        LayerThread.with { thread in
            if let rows {
                run(input.values, rows: rows, into: output.values, thread)
            } else {
                run(input.values, into: output.values, thread)
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
        let output = LayerBuffer(padded * width, .float32)
        LayerThread.with { run(input.values, sequences: sequences, asking: asking, into: output.values, $0) }
        return values(output, count: sequences.count * width)
    }
}

func averaged(_ x: [Float], _ precision: Precision, height: Int, width: Int, channels: Int, factor: Int) -> [Float] {
    let count = height / factor * (width / factor) * channels
    let input = buffer(x, precision)
    let output = LayerBuffer(count, precision)
    averagePool(
        input.values, height: height, width: width, channels: channels, factor: factor, into: output.values)
    return values(output, count: count)
}

func patches(_ pixels: [Float], _ precision: Precision, height: Int, width: Int, size: Int) -> [Float] {
    let count = height / size * (width / size) * size * size * 3
    let input = buffer(pixels, .float32)
    let output = LayerBuffer(count, precision)
    gatherPatches(input.values.strip, height: height, width: width, size: size, into: output.values)
    return values(output, count: count)
}

/// The product [4×columns] of `a` [4×depth] and `b` [depth×columns].
func fourRows(_ a: [Float], _ b: [Float], depth: Int, columns: Int) -> [Float] {
    let left = buffer(a, .float32)
    let right = buffer(b, .float32)
    let c = LayerBuffer(4 * columns, .float32)
    multiplyFourRows(
        left.values.strip, stride: depth, depth: depth, right.values.strip, stride: columns, columns: columns,
        into: c.values.strip, stride: columns)
    return values(c, count: 4 * columns)
}
