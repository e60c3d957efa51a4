internal import Core
internal import Kernels

/// Attention in which one token of each sequence is the only query.
///
/// The keys and values of the other tokens are then not needed themselves. A head's scores `(W_q x)·(W_k y + b)` are
/// `(W_kᵀ W_q x)·y` and a term that is the same for all y, which the softmax cancels; its result `Σ p (W_v y + b)` is
/// `W_v (Σ p y) + b`. So two products of whole sequences become two of single rows. In float32 throughout: it is a
/// small part of the work.
package struct AttentionPooling: Sendable {
    package let width: Int
    private let heads: Int
    private let query: PackedLayer
    /// For each head [head width → width].
    private let keys: [PackedLayer]
    /// For each head [width → head width].
    private let values: [PackedLayer]
    /// The number of sequences per product.
    package let height: Int

    /// Packs the projections to queries, keys and values, one after another: `weights` [3·width×width] and `bias`.
    ///
    /// The factor 1/√(head width) is expected to be in the queries' projection already.
    ///
    /// - Returns: nil where the library has no such layers.
    package init?(weights: [Float], bias: [Float], heads: Int, height: Int, in arena: LayerArena) {
        let width = bias.count / 3
        precondition(width % heads == 0 && bias.count == 3 * width && weights.count == bias.count * width)
        let headWidth = width / heads
        let projections = Matrix(weights, rows: 3 * width, columns: width)
        let shape = LayerShape.linear(rows: height, inputs: width, outputs: width, precision: .float32)
        guard
            let query = PackedLayer(
                shape, weights: projections.rows(0 ..< width).elements, bias: Array(bias[..<width]), in: arena)
        else { return nil }
        let keyShape = LayerShape.linear(rows: height, inputs: headWidth, outputs: width, precision: .float32)
            .with(\.inputStride, width).with(\.outputStride, heads * width)
        let valueShape = LayerShape.linear(rows: height, inputs: width, outputs: headWidth, precision: .float32)
            .with(\.inputStride, heads * width).with(\.outputStride, width)
        var keys: [PackedLayer] = []
        var values: [PackedLayer] = []
        for start in stride(from: width, to: 2 * width, by: headWidth) {
            let key = projections.rows(start ..< start + headWidth).transposed
            let rows = start + width ..< start + width + headWidth
            guard let packedKey = PackedLayer(keyShape, weights: key.elements, in: arena),
                let packedValue = PackedLayer(
                    valueShape, weights: projections.rows(rows).elements, bias: Array(bias[rows]), in: arena)
            else { return nil }
            keys.append(packedKey)
            values.append(packedValue)
        }
        self.width = width
        self.heads = heads
        self.height = height
        self.query = query
        self.keys = keys
        self.values = values
    }

    /// Lets the token `queries[i]` attend to the sequence `sequences[i]`, both as rows of `x` [rows×width].
    ///
    /// The results go to the rows of `output` [whole runs×width], float32.
    package func run(
        _ x: LayerValues, sequences: [Range<Int>], queries: [Int], into output: consuming MutableLayerValues,
        _ thread: LayerThread
    ) {
        let padded = (queries.count + height - 1) / height * height
        var gathered = Scratch<Float>(zeros: padded * width)
        var projected = LayerBuffer(padded * width, .float32)
        var wide = LayerBuffer(padded * heads * width, .float32)
        var rows = gathered.mutableSpan
        for (i, row) in queries.enumerated() {
            var query = rows.row(i, width: width)
            query.take(x.from(row * width, count: width))
        }
        query.run(LayerValues(rows.span), rows: padded, into: projected.mutableValues, thread)
        for (head, key) in keys.enumerated() {
            let from = projected.values.from(head * width / heads)
            key.run(from, rows: padded, into: wide.mutableValues.from(head * width), thread)
        }
        var values = wide.mutableValues
        var floats = values.span(of: Float.self)
        for (i, sequence) in sequences.enumerated() {
            var queries = floats.row(i, width: heads * width)
            pool(x, sequence, &queries)
        }
        for (head, value) in self.values.enumerated() {
            let from = wide.values.from(head * width)
            value.run(from, rows: padded, into: output.part(head * width / heads), thread)
        }
    }

    /// Replaces the heads' queries of one sequence [heads×width] by the means of its tokens, weighted by attention.
    private func pool(_ x: LayerValues, _ sequence: Range<Int>, _ queries: inout MutableSpan<Float>) {
        var memory = Scratch<Float>(multipleOf16(sequence.count))
        var scores = memory.mutableSpan
        let rows = x.from(sequence.lowerBound * width, count: sequence.count * width)
        for head in 0 ..< heads {
            var query = queries.row(head, width: width)
            switch x.precision {
            case .float32: pool(rows.floats, sequence.count, &query, &scores)
            case .bfloat16: pool(rows.span(of: BFloat16.self), sequence.count, &query, &scores)
            }
        }
    }

    @inline(__always)
    private func pool<Element: LayerElement>(
        _ x: Span<Element>, _ length: Int, _ query: inout MutableSpan<Float>, _ scores: inout MutableSpan<Float>
    ) {
        for token in 0 ..< length {
            let row = x.row(token, width: width)
            var sums = SIMD16<Float>.zero
            for k in 0 ..< row.vectorCount { sums = multiplyAdd(row[vector: k], query[vector: k], sums) }
            var sum = sumOfLanes(sums)
            for j in row.remainder { sum += row[j].float * query[j] }
            scores[token] = sum
        }
        let scale = 1 / exponentiate(&scores, count: length)
        for k in 0 ..< query.vectorCount {
            var sums = SIMD16<Float>.zero
            for token in 0 ..< length {
                sums = multiplyAdd(SIMD16(repeating: scores[token]), x[lanes: token * width + 16 * k], sums)
            }
            query[vector: k] = sums * scale
        }
        for j in query.remainder {
            var sum: Float = 0
            for token in 0 ..< length { sum += scores[token] * x[token * width + j].float }
            query[j] = sum * scale
        }
    }
}
