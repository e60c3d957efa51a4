internal import Core
internal import Kernels

/// Attention among the places of one sequence: `softmax(q·kᵀ)·v` for each head.
///
/// The factor 1/√(head width) is expected to be in the queries already.
package struct Attention: Sendable {
    package let width: Int
    package let heads: Int
    /// Whether a place sees only itself and those before it.
    package let isCausal: Bool

    package init(width: Int, heads: Int, isCausal: Bool) {
        precondition(heads > 0 && width % heads == 0, "\(heads) heads of \(width)")
        self.width = width
        self.heads = heads
        self.isCausal = isCausal
    }

    private var headWidth: Int { width / heads }

    /// Runs on queries, keys and values side by side, [length×3·width], into `output` [length×width].
    package func run(_ x: LayerValues, length: Int, into output: consuming MutableLayerValues) {
        precondition(x.count >= length * 3 * width && output.count >= length * width)
        switch x.precision {
        case .float32: run(x.floats, length: length, into: &output)
        case .bfloat16:
            if Self.hasBFloat16, headWidth.isMultiple(of: 2) {
                runInBFloat16(x.span(of: BFloat16.self), length: length, into: &output)
            } else {
                var widened = Scratch<Float>(length * 3 * width)
                var floats = widened.mutableSpan
                floats.take(x.from(0, count: length * 3 * width))
                run(floats.span, length: length, into: &output)
            }
        }
    }

    private func run(_ x: Span<Float>, length: Int, into output: inout MutableLayerValues) {
        var head = HeadScratch(length: length, width: headWidth)
        for index in 0 ..< heads {
            head.load(x, from: index * headWidth, stride: width)
            for first in stride(from: 0, to: length, by: 4) {
                attend(x, &head, index: index, first: first, length: length, into: &output)
            }
        }
    }

    /// Four places of one head.
    @inline(__always)
    private func attend(
        _ x: Span<Float>, _ head: inout HeadScratch, index: Int, first: Int, length: Int,
        into output: inout MutableLayerValues
    ) {
        let live = min(4, length - first)
        let seen = isCausal ? first + live : length
        for row in 0 ..< live {
            var queries = head.queries.mutableSpan
            var query = queries.row(row, width: headWidth)
            query.copy(x.part((first + row) * 3 * width + index * headWidth, count: headWidth))
        }
        multiplyFourRows(
            head.queries, stride: headWidth, depth: headWidth, head.keys, stride: head.paddedLength,
            columns: (seen + 15) / 16 * 16, into: &head.scores, stride: head.paddedLength)
        var scales = SIMD4<Float>.one
        for row in 0 ..< live {
            let start = row * head.paddedLength
            let end = start + head.paddedLength
            var rows = head.scores.mutableSpan
            var scores = rows.part(start ..< end)
            let count = isCausal ? first + row + 1 : length
            scales[row] = 1 / exponentiate(&scores, count: count)
            // Places that this one does not see, beyond those that came out as zeros.
            for i in (count + 15) / 16 * 16 ..< max(seen, (count + 15) / 16 * 16) { scores[i] = 0 }
        }
        multiplyFourRows(
            head.scores, stride: head.paddedLength, depth: seen, head.values, stride: head.paddedWidth,
            columns: head.paddedWidth, into: &head.sums, stride: head.paddedWidth)
        for row in 0 ..< live {
            let start = row * head.paddedWidth
            var rows = head.sums.mutableSpan
            var sums = rows.part(start, count: headWidth)
            sums.scale(by: scales[row])
            var out = output.part((first + row) * width + index * headWidth, count: headWidth)
            out.take(sums.span)
        }
    }
}

/// One head's keys and values, laid out for the inner loop, and room for four rows on their way.
private struct HeadScratch: ~Copyable {
    let length: Int
    let width: Int
    /// Both up to a multiple of 16.
    let paddedLength: Int
    let paddedWidth: Int
    var keys: Scratch<Float>  // [width×paddedLength]
    var values: Scratch<Float>  // [length×paddedWidth]
    var queries: Scratch<Float>  // [4×width]
    var scores: Scratch<Float>  // [4×paddedLength]
    var sums: Scratch<Float>  // [4×paddedWidth]

    init(length: Int, width: Int) {
        self.length = length
        self.width = width
        paddedLength = (length + 15) / 16 * 16
        paddedWidth = (width + 15) / 16 * 16
        // Zeros where nothing is written: columns beyond the last, rows of the last four that are none.
        keys = Scratch(zeros: width * paddedLength)
        values = Scratch(zeros: length * paddedWidth)
        queries = Scratch(zeros: 4 * width)
        scores = Scratch(zeros: 4 * paddedLength)
        sums = Scratch(zeros: 4 * paddedWidth)
    }

    /// Takes the keys, turned, and the values of the head whose columns start at `column`.
    mutating func load(_ x: Span<Float>, from column: Int, stride: Int) {
        let (length, width, paddedLength, paddedWidth) = (length, width, paddedLength, paddedWidth)
        lend(&keys, &values) { keys, values in
            for place in 0 ..< length {
                let row = place * 3 * stride + column
                let key = x.part(row + stride, count: width)
                for i in 0 ..< width { keys[i * paddedLength + place] = key[i] }
                var value = values.part(place * paddedWidth, count: width)
                value.copy(x.part(row + 2 * stride, count: width))
            }
        }
    }
}
