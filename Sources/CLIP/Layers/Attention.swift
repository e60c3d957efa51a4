internal import Core
internal import Kernels

/// Attention among the tokens of one sequence: `softmax(q·kᵀ)·v` for each head.
///
/// The factor 1/√(head width) is expected to be in the queries already.
package struct Attention: Sendable {
    let width: Int
    private let heads: Int
    /// Whether a token attends only to itself and those before it.
    private let isCausal: Bool

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
        case .float32: run(FloatPanels.self, x.floats, length: length, into: &output)
        case .bfloat16:
            if BFloat16Pairs.isAvailable, headWidth.isMultiple(of: 2) {
                run(BFloat16Panels.self, x.span(of: BFloat16.self), length: length, into: &output)
            } else {
                var widened = Scratch<Float>(length * 3 * width)
                var floats = widened.mutableSpan
                floats.take(x.from(0, count: length * 3 * width))
                run(FloatPanels.self, floats.span, length: length, into: &output)
            }
        }
    }

    private func run<Panels: AttentionPanels & ~Copyable>(
        _: Panels.Type, _ x: Span<Panels.Element>, length: Int, into output: inout MutableLayerValues
    ) {
        var head = Head<Panels>(length: length, width: headWidth)
        for index in 0 ..< heads {
            head.column = index * headWidth
            head.panels.load(x, from: head.column, stride: width)
            for first in stride(from: 0, to: length, by: 4) { attend(x, &head, first: first, into: &output) }
        }
    }

    /// Computes four tokens of one head.
    @inline(__always)
    private func attend<Panels: AttentionPanels & ~Copyable>(
        _ x: Span<Panels.Element>, _ head: inout Head<Panels>, first: Int, into output: inout MutableLayerValues
    ) {
        let length = head.length
        let column = head.column
        let live = min(4, length - first)
        let seen = isCausal ? first + live : length
        let columns = multipleOf16(seen)
        for row in 0 ..< live {
            var queries = head.queries.elements.mutableSpan
            var query = queries.row(row, width: headWidth)
            query.copy(x.part((first + row) * 3 * width + column, count: headWidth))
        }
        head.panels.multiply(head.queries, columns: columns, into: &head.scores)
        var scales = SIMD4<Float>.one
        for row in 0 ..< live {
            let lead = head.scores.lead
            var rows = head.scores.elements.mutableSpan
            var scores = rows.row(row, width: lead)
            let count = isCausal ? first + row + 1 : length
            scales[row] = 1 / exponentiate(&scores, count: count)
            // Tokens that this one does not attend to, beyond those whose scores are zeros already.
            for i in multipleOf16(count) ..< columns { scores[i] = 0 }
        }
        head.panels.sum(head.scores, depth: seen, into: &head.sums)
        for row in 0 ..< live {
            let start = row * head.sums.lead
            var rows = head.sums.elements.mutableSpan
            var sums = rows.part(start, count: headWidth)
            sums.scale(by: scales[row])
            var out = output.part((first + row) * width + column, count: headWidth)
            out.take(sums.span)
        }
    }
}

/// One head's keys and values, and memory for four of its tokens at a time.
private struct Head<Panels: AttentionPanels & ~Copyable>: ~Copyable {
    let length: Int
    /// The first of the head's columns.
    var column = 0
    var panels: Panels
    // Rows of the last four that are no tokens stay zeros.
    var queries: Panel<Panels.Element>  // [4×width]
    var scores: Panel<Float>  // [4×length]
    var sums: Panel<Float>  // [4×width]

    init(length: Int, width: Int) {
        self.length = length
        panels = Panels(length: length, width: width)
        queries = Panel(rows: 4, lead: width)
        scores = Panel(rows: 4, lead: multipleOf16(length))
        sums = Panel(rows: 4, lead: multipleOf16(width))
    }
}
