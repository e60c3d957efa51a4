/// Attention in which only one place of each sequence asks.
///
/// The keys and values of all the other places are then not needed themselves. A head's scores `(W_q x)·(W_k y + b)`
/// are `(W_kᵀ W_q x)·y` and a term that is the same for all y, which the softmax cancels; its result `Σ p (W_v y + b)`
/// is `W_v (Σ p y) + b`. So two products of whole sequences become two of single rows. In float32 throughout: it is a
/// small part of the work.
package struct AttentionReadout: Sendable {
    package let width: Int
    package let heads: Int
    private let query: PackedLayer
    /// For each head [head width → width].
    private let keys: [PackedLayer]
    /// For each head [width → head width].
    private let values: [PackedLayer]
    /// Sequences that are done at a time.
    private let height: Int

    /// Takes the projections, each [width×width], that make queries, keys and values.
    ///
    /// - Returns: nil where the library has no such layers.
    package init?(
        query: [Float], queryBias: [Float], key: [Float], value: [Float], valueBias: [Float], heads: Int, height: Int,
        in arena: LayerArena
    ) {
        let width = queryBias.count
        precondition(width % heads == 0 && query.count == width * width)
        let headWidth = width / heads
        let scale = 1 / Float(headWidth).squareRoot()
        guard
            let packedQuery = PackedLayer(
                .linear(rows: height, inputs: width, outputs: width, precision: .float32),
                weights: query.map { $0 * scale }, bias: queryBias.map { $0 * scale }, in: arena)
        else { return nil }
        (self.width, self.heads, self.height, self.query) = (width, heads, height, packedQuery)
        var (keys, values): ([PackedLayer], [PackedLayer]) = ([], [])
        for head in 0 ..< heads {
            let rows = head * headWidth ..< (head + 1) * headWidth
            var turned = [Float](repeating: 0, count: width * headWidth)
            for (i, row) in rows.enumerated() {
                for j in 0 ..< width { turned[j * headWidth + i] = key[row * width + j] }
            }
            guard
                let packedKey = PackedLayer(
                    .linear(
                        rows: height, inputs: headWidth, outputs: width, inputStride: width,
                        outputStride: heads * width, precision: .float32), weights: turned, in: arena),
                let packedValue = PackedLayer(
                    .linear(
                        rows: height, inputs: width, outputs: headWidth, inputStride: heads * width,
                        outputStride: width, precision: .float32),
                    weights: Array(value[rows.lowerBound * width ..< rows.upperBound * width]),
                    bias: Array(valueBias[rows]), in: arena)
            else { return nil }
            keys.append(packedKey)
            values.append(packedValue)
        }
        (self.keys, self.values) = (keys, values)
    }

    /// Lets the place `asking[i]` ask in the sequence `sequences[i]`, both as rows of `x` [rows×width].
    ///
    /// The results go to the rows of `output` [whole runs×width], float32.
    package func run(
        _ x: LayerValues, sequences: [Range<Int>], asking: [Int], into output: consuming MutableLayerValues,
        _ thread: LayerThread
    ) {
        let padded = (asking.count + height - 1) / height * height
        var asked = Scratch<Float>(zeros: padded * width)
        var queries = LayerBuffer(padded * width, .float32)
        var wide = LayerBuffer(padded * heads * width, .float32)
        var rows = asked.mutableSpan
        for (i, row) in asking.enumerated() {
            var place = rows.row(i, width: width)
            place.take(x.from(row * width, count: width))
        }
        query.run(LayerValues(rows.span), rows: padded, into: queries.mutableValues, thread)
        for head in 0 ..< heads {
            keys[head].run(
                queries.values.from(head * width / heads), rows: padded, into: wide.mutableValues.from(head * width),
                thread)
        }
        var values = wide.mutableValues
        var floats = values.span(of: Float.self)
        for (i, sequence) in sequences.enumerated() {
            var wanted = floats.row(i, width: heads * width)
            gather(x, sequence, &wanted)
        }
        for head in 0 ..< heads {
            let start = head * width / heads
            let rest = output.count - start
            self.values[head].run(
                wide.values.from(head * width), rows: padded, into: output.part(start, count: rest), thread)
        }
    }

    /// Replaces what each head looks for [heads×width] by what it finds.
    private func gather(_ x: LayerValues, _ sequence: Range<Int>, _ wanted: inout MutableSpan<Float>) {
        var scores = Scratch<Float>((sequence.count + 15) / 16 * 16)
        var span = scores.mutableSpan
        let rows = x.from(sequence.lowerBound * width, count: sequence.count * width)
        for head in 0 ..< heads {
            var row = wanted.row(head, width: width)
            switch x.precision {
            case .float32: gather(rows.span(of: Float.self), sequence.count, &row, &span)
            case .bfloat16: gather(rows.span(of: BFloat16.self), sequence.count, &row, &span)
            }
        }
    }

    @inline(__always)
    private func gather<Element: LayerElement>(
        _ x: Span<Element>, _ length: Int, _ wanted: inout MutableSpan<Float>, _ scores: inout MutableSpan<Float>
    ) {
        for place in 0 ..< length {
            let row = x.row(place, width: width)
            var sums = SIMD16<Float>.zero
            for k in 0 ..< row.vectorCount { sums = multiplyAdd(row[vector: k], wanted[vector: k], sums) }
            var sum = sumOfLanes(sums)
            for j in row.remainder { sum += row[j].float * wanted[j] }
            scores[place] = sum
        }
        let scale = 1 / exponentiate(&scores, count: length)
        for k in 0 ..< wanted.vectorCount {
            var sums = SIMD16<Float>.zero
            for place in 0 ..< length {
                sums = multiplyAdd(SIMD16(repeating: scores[place]), x[lanes: place * width + 16 * k], sums)
            }
            wanted[vector: k] = sums * scale
        }
        for j in wanted.remainder {
            var sum: Float = 0
            for place in 0 ..< length { sum += scores[place] * x[place * width + j].float }
            wanted[j] = sum * scale
        }
    }
}
