internal import Core
internal import Kernels

/// Averages the squares of `factor`×`factor` pixels of an image [side×side×channels] and writes them in order.
package func averagePool(
    _ x: LayerValues, side: Int, channels: Int, factor: Int, into output: consuming MutableLayerValues
) {
    switch x.precision {
    case .float32: pool(x.floats, side, channels, factor, output.span(of: Float.self))
    case .bfloat16: pool(x.span(of: BFloat16.self), side, channels, factor, output.span(of: BFloat16.self))
    }
}

@inline(__always)
private func pool<Element: LayerElement>(
    _ x: Span<Element>, _ side: Int, _ channels: Int, _ factor: Int, _ output: consuming MutableSpan<Element>
) {
    let outputSide = side / factor
    let scale = 1 / Float(factor * factor)
    let whole = channels / 16 * 16
    for i in 0 ..< outputSide {
        for j in 0 ..< outputSide {
            let from = (i * factor * side + j * factor) * channels
            let to = (i * outputSide + j) * channels
            for c in stride(from: 0, to: whole, by: 16) {
                var sum = SIMD16<Float>.zero
                for di in 0 ..< factor {
                    for dj in 0 ..< factor { sum += x[lanes: from + (di * side + dj) * channels + c] }
                }
                output[lanes: to + c] = sum * scale
            }
            for c in whole ..< channels {
                var sum: Float = 0
                for di in 0 ..< factor {
                    for dj in 0 ..< factor { sum += x[from + (di * side + dj) * channels + c].float }
                }
                output[to + c] = Element(sum * scale)
            }
        }
    }
}

/// Writes each square of `size`×`size` pixels of an image [side×side×3] as a row.
///
/// Pixels beyond the last whole square are left out, as in a convolution without border.
package func gatherPatches(
    _ pixels: Span<Float>, side: Int, size: Int, into output: consuming MutableLayerValues
) {
    let across = side / size
    let run = 3 * size
    for i in 0 ..< across {
        for j in 0 ..< across {
            for k in 0 ..< size {
                let from = ((i * size + k) * side + j * size) * 3
                let to = ((i * across + j) * size + k) * run
                var row = output.part(to, count: run)
                row.take(pixels.part(from, count: run))
            }
        }
    }
}
