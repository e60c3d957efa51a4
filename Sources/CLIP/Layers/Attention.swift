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
        (self.width, self.heads, self.isCausal) = (width, heads, isCausal)
    }

    private var headWidth: Int { width / heads }

    /// Runs on queries, keys and values side by side, [length×3·width], into `output` [length×width].
    package func run(_ x: LayerValues, length: Int, into output: LayerValues) {
        precondition(x.count >= length * 3 * width && output.count >= length * width)
        switch x.precision {
        case .float32: run(x.strip, length: length, into: output)
        case .bfloat16:
            if Self.hasBrainFloat, headWidth.isMultiple(of: 2) {
                runInBrainFloat(x, length: length, into: output)
            } else {
                let widened = Scratch(length * 3 * width)
                widened.strip.take(x.from(0, count: length * 3 * width))
                run(widened.strip, length: length, into: output)
            }
        }
    }

    private func run(_ x: Strip, length: Int, into output: LayerValues) {
        let head = HeadScratch(length: length, width: headWidth)
        for index in 0 ..< heads {
            head.load(x, from: index * headWidth, stride: width)
            for first in stride(from: 0, to: length, by: 4) {
                attend(x, head, index: index, first: first, length: length, into: output)
            }
        }
    }

    /// Four places of one head.
    @inline(__always)
    private func attend(
        _ x: Strip, _ head: borrowing HeadScratch, index: Int, first: Int, length: Int, into output: LayerValues
    ) {
        let live = min(4, length - first)
        let seen = isCausal ? first + live : length
        for row in 0 ..< live {
            let start = (first + row) * 3 * width + index * headWidth
            head.queries.from(row * headWidth, count: headWidth).copy(x.from(start, count: headWidth))
        }
        multiplyFourRows(
            head.queries, stride: headWidth, depth: headWidth, head.keys, stride: head.paddedLength,
            columns: (seen + 15) / 16 * 16, into: head.scores, stride: head.paddedLength)
        var scales = SIMD4<Float>.one
        for row in 0 ..< live {
            let scores = head.scores.from(row * head.paddedLength, count: head.paddedLength)
            let count = isCausal ? first + row + 1 : length
            scales[row] = 1 / exponentiate(scores, count: count)
            // Places that this one does not see, beyond those that came out as zeros.
            for i in (count + 15) / 16 * 16 ..< max(seen, (count + 15) / 16 * 16) { scores[i] = 0 }
        }
        multiplyFourRows(
            head.scores, stride: head.paddedLength, depth: seen, head.values, stride: head.paddedWidth,
            columns: head.paddedWidth, into: head.sums, stride: head.paddedWidth)
        for row in 0 ..< live {
            let sums = head.sums.from(row * head.paddedWidth, count: headWidth)
            sums.scale(by: scales[row])
            output.from((first + row) * width + index * headWidth, count: headWidth).take(sums)
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
    private let memory: Scratch
    let keys: Strip  // [width×paddedLength]
    let values: Strip  // [length×paddedWidth]
    let queries: Strip  // [4×width]
    let scores: Strip  // [4×paddedLength]
    let sums: Strip  // [4×paddedWidth]

    init(length: Int, width: Int) {
        (self.length, self.width) = (length, width)
        paddedLength = (length + 15) / 16 * 16
        paddedWidth = (width + 15) / 16 * 16
        let counts = [
            width * paddedLength, length * paddedWidth, 4 * width, 4 * paddedLength, 4 * paddedWidth,
        ]
        memory = Scratch(counts.reduce(0) { $0 + ($1 + 15) / 16 * 16 })
        memory.strip.fill(0)
        var start = 0
        var parts: [Strip] = []
        for count in counts {
            parts.append(memory.strip.from(start, count: count))
            start += (count + 15) / 16 * 16
        }
        (keys, values, queries, scores, sums) = (parts[0], parts[1], parts[2], parts[3], parts[4])
    }

    /// Takes the keys, turned, and the values of the head whose columns start at `column`.
    borrowing func load(_ x: Strip, from column: Int, stride: Int) {
        for place in 0 ..< length {
            let row = place * 3 * stride + column
            let key = x.from(row + stride, count: width)
            for i in 0 ..< width { keys[i * paddedLength + place] = key[i] }
            values.from(place * paddedWidth, count: width).copy(x.from(row + 2 * stride, count: width))
        }
    }
}
