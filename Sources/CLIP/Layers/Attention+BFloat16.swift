internal import Kernels

/// Attention on bfloat16 values, with sums, exponentials and their sum in float32.
extension Attention {
    /// Runs on queries, keys and values side by side, [length×3·width] of bfloat16, into `output` [length×width].
    func runInBFloat16(_ x: Span<BFloat16>, length: Int, into output: inout MutableLayerValues) {
        var head = BFloat16Head(length: length, width: width / heads)
        for index in 0 ..< heads {
            head.load(x, from: index * head.width, stride: width)
            for first in stride(from: 0, to: length, by: 4) {
                attend(x, &head, index: index, first: first, into: &output)
            }
        }
    }

    /// Four places of one head.
    @inline(__always)
    private func attend(
        _ x: Span<BFloat16>, _ head: inout BFloat16Head, index: Int, first: Int, into output: inout MutableLayerValues
    ) {
        let (length, headWidth) = (head.length, head.width)
        let live = min(4, length - first)
        let seen = isCausal ? first + live : length
        let columns = (seen + 15) / 16 * 16
        for row in 0 ..< live {
            var queries = head.queries.mutableSpan
            var query = queries.row(row, width: headWidth)
            query.copy(x.part((first + row) * 3 * width + index * headWidth, count: headWidth))
        }
        multiplyFourRows(head.queries, head.keys, pairs: headWidth / 2, columns: columns, into: &head.scores)
        var scales = SIMD4<Float>.one
        let paddedLength = head.paddedLength
        lend(&head.scores, &head.shares) { scores, shares in
            for row in 0 ..< live {
                var scores = scores.row(row, width: paddedLength)
                let count = isCausal ? first + row + 1 : length
                scales[row] = 1 / exponentiate(&scores, count: count)
                // Places that this one does not see, beyond those that came out as zeros.
                for i in (count + 15) / 16 * 16 ..< max(columns, (count + 15) / 16 * 16) { scores[i] = 0 }
                var share = shares.part(row * paddedLength, count: columns)
                share.round(scores.span.part(0, count: columns))
            }
        }
        multiplyFourRows(
            head.shares, head.values, pairs: (seen + 1) / 2, columns: head.paddedWidth, into: &head.sums)
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

/// One head's keys and values as pairs, and room for four rows on their way.
private struct BFloat16Head: ~Copyable {
    let length: Int
    let width: Int
    /// Both up to a multiple of 16.
    let paddedLength: Int
    let paddedWidth: Int
    var keys: BFloat16Pairs  // [width/2×paddedLength]
    var values: BFloat16Pairs  // [(length+1)/2×paddedWidth]
    var queries: Scratch<BFloat16>  // [4×width]
    var shares: Scratch<BFloat16>  // [4×paddedLength]
    var scores: Scratch<Float>  // [4×paddedLength]
    var sums: Scratch<Float>  // [4×paddedWidth]

    init(length: Int, width: Int) {
        self.length = length
        self.width = width
        paddedLength = (length + 15) / 16 * 16
        paddedWidth = (width + 15) / 16 * 16
        keys = BFloat16Pairs(rows: width / 2, columns: paddedLength)
        values = BFloat16Pairs(rows: (length + 1) / 2, columns: paddedWidth)
        // Zeros where nothing is written: rows of the last four that are none.
        queries = Scratch(zeros: 4 * width)
        shares = Scratch(zeros: 4 * paddedLength)
        scores = Scratch(zeros: 4 * paddedLength)
        sums = Scratch(zeros: 4 * paddedWidth)
    }

    /// Takes the keys and the values of the head whose columns start at `column`.
    mutating func load(_ x: Span<BFloat16>, from column: Int, stride: Int) {
        let lead = 3 * stride
        keys.takeTransposed(x.extracting((column + stride)...), lead: lead, rows: length, width: width)
        values.takeJoined(x.extracting((column + 2 * stride)...), lead: lead, rows: length, width: width)
    }
}
