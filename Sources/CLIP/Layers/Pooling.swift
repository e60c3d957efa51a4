package import Kernels

/// Averages squares of `factor`×`factor` places of an image [height×width×channels], one after another.
package func averagePool(
    _ x: LayerValues, height: Int, width: Int, channels: Int, factor: Int, into output: LayerValues
) {
    precondition(x.precision == output.precision)
    precondition(x.count >= height * width * channels)
    precondition(output.count >= height / factor * (width / factor) * channels)
    switch x.precision {
    case .float32: pool(x, height, width, channels, factor, output, SingleElement.self)
    case .bfloat16: pool(x, height, width, channels, factor, output, BrainElement.self)
    }
}

@inline(__always)
private func pool<Element: LayerElement>(
    _ x: LayerValues, _ height: Int, _ width: Int, _ channels: Int, _ factor: Int, _ output: LayerValues,
    _: Element.Type
) {
    let (down, across) = (height / factor, width / factor)
    let scale = 1 / Float(factor * factor)
    for i in 0 ..< down {
        for j in 0 ..< across {
            let (from, to) = ((i * factor * width + j * factor) * channels, (i * across + j) * channels)
            for c in stride(from: 0, to: channels, by: 16) {
                var sum = SIMD16<Float>.zero
                for di in 0 ..< factor {
                    for dj in 0 ..< factor {
                        let start = from + (di * width + dj) * channels
                        sum += x.padded(start + c, end: start + channels, Element.self)
                    }
                }
                output.store(sum * scale, to + c, end: to + channels, Element.self)
            }
        }
    }
}

/// Lays out the squares of `size`×`size` pixels of an image [height×width×3], each as a row in `output`.
///
/// Rows beyond the last whole square are left out, as a convolution without border does.
package func gatherPatches(_ pixels: Strip, height: Int, width: Int, size: Int, into output: LayerValues) {
    let (down, across, run) = (height / size, width / size, 3 * size)
    precondition(pixels.count >= height * width * 3 && output.count >= down * across * size * run)
    for i in 0 ..< down {
        for j in 0 ..< across {
            for k in 0 ..< size {
                let from = ((i * size + k) * width + j * size) * 3
                let to = ((i * across + j) * size + k) * run
                output.from(to, count: run).take(pixels.from(from, count: run))
            }
        }
    }
}

extension Strip {
    /// Takes layer values of the same number, widened if need be.
    package func take(_ values: LayerValues) {
        assert(values.count == count)
        switch values.precision {
        case .float32: copy(values.strip)
        case .bfloat16:
            let whole = count / 16 * 16
            for i in stride(from: 0, to: whole, by: 16) { self[lanes: i] = BrainElement.load(values, i) }
            for i in whole ..< count { self[i] = values[i] }
        }
    }
}

/// Lends a span's elements as a strip to read.
package func read<Value>(_ span: Span<Float>, _ body: (Strip) -> Value) -> Value {
    unsafe span.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return body(Scratch(0).strip) }
        return body(unsafe Strip(UnsafeMutablePointer(mutating: base), count: buffer.count))
    }
}
