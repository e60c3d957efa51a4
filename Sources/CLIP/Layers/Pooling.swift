internal import Core
internal import Kernels

/// Averages squares of `factor`×`factor` places of an image [height×width×channels], one after another.
package func averagePool(
    _ x: LayerValues, height: Int, width: Int, channels: Int, factor: Int,
    into output: consuming MutableLayerValues
) {
    switch x.precision {
    case .float32:
        pool(x.span(of: Float.self), height, width, channels, factor, output.span(of: Float.self))
    case .bfloat16:
        pool(x.span(of: BFloat16.self), height, width, channels, factor, output.span(of: BFloat16.self))
    }
}

@inline(__always)
private func pool<Element: LayerElement>(
    _ x: Span<Element>, _ height: Int, _ width: Int, _ channels: Int, _ factor: Int,
    _ output: consuming MutableSpan<Element>
) {
    let across = width / factor
    let scale = 1 / Float(factor * factor)
    let whole = channels / 16 * 16
    for i in 0 ..< height / factor {
        for j in 0 ..< across {
            let from = (i * factor * width + j * factor) * channels
            let to = (i * across + j) * channels
            for c in stride(from: 0, to: whole, by: 16) {
                var sum = SIMD16<Float>.zero
                for di in 0 ..< factor {
                    for dj in 0 ..< factor { sum += x[lanes: from + (di * width + dj) * channels + c] }
                }
                output[lanes: to + c] = sum * scale
            }
            for c in whole ..< channels {
                var sum: Float = 0
                for di in 0 ..< factor {
                    for dj in 0 ..< factor { sum += x[from + (di * width + dj) * channels + c].float }
                }
                output[to + c] = Element(sum * scale)
            }
        }
    }
}

/// Lays out the squares of `size`×`size` pixels of an image [height×width×3], each as a row in `output`.
///
/// Rows beyond the last whole square are left out, as a convolution without border does.
package func gatherPatches(
    _ pixels: Span<Float>, height: Int, width: Int, size: Int, into output: consuming MutableLayerValues
) {
    let (down, across, run) = (height / size, width / size, 3 * size)
    for i in 0 ..< down {
        for j in 0 ..< across {
            for k in 0 ..< size {
                let from = ((i * size + k) * width + j * size) * 3
                let to = ((i * across + j) * size + k) * run
                var row = output.part(to, count: run)
                row.take(pixels.part(from, count: run))
            }
        }
    }
}
