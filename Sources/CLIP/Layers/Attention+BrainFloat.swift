internal import CBrainFloat
internal import Kernels

/// Attention on bfloat16 values, with sums, exponentials and their sum in float32.
extension Attention {
    /// Whether the processor has what it takes.
    static let hasBrainFloat = cbrainfloat_is_available() != 0

    /// Runs on queries, keys and values side by side, [length×3·width] of bfloat16, into `output` [length×width].
    func runInBrainFloat(_ x: LayerValues, length: Int, into output: LayerValues) {
        let head = BrainHead(length: length, width: width / heads)
        for index in 0 ..< heads {
            head.load(x, from: index * head.width, stride: width)
            for first in stride(from: 0, to: length, by: 4) {
                attend(x, head, index: index, first: first, into: output)
            }
        }
    }

    /// Four places of one head.
    @inline(__always)
    private func attend(
        _ x: LayerValues, _ head: borrowing BrainHead, index: Int, first: Int, into output: LayerValues
    ) {
        let (length, headWidth) = (head.length, head.width)
        let live = min(4, length - first)
        let seen = isCausal ? first + live : length
        let columns = (seen + 15) / 16 * 16
        for row in 0 ..< live {
            let start = (first + row) * 3 * width + index * headWidth
            head.queries.from(row * headWidth, count: headWidth).copy(x.from(start, count: headWidth))
        }
        head.multiply(head.queries, head.keys, count: headWidth / 2, columns: columns, into: head.scores)
        var scales = SIMD4<Float>.one
        for row in 0 ..< live {
            let scores = head.scores.from(row * head.paddedLength, count: head.paddedLength)
            let count = isCausal ? first + row + 1 : length
            scales[row] = 1 / exponentiate(scores, count: count)
            // Places that this one does not see, beyond those that came out as zeros.
            for i in (count + 15) / 16 * 16 ..< max(columns, (count + 15) / 16 * 16) { scores[i] = 0 }
            head.shares.from(row * head.paddedLength, count: columns).take(scores.from(0, count: columns))
        }
        head.multiply(head.shares, head.values, count: (seen + 1) / 2, columns: head.paddedWidth, into: head.sums)
        for row in 0 ..< live {
            let sums = head.sums.from(row * head.paddedWidth, count: headWidth)
            sums.scale(by: scales[row])
            output.from((first + row) * width + index * headWidth, count: headWidth).take(sums)
        }
    }
}

/// One head's keys and values as pairs, and room for four rows on their way.
private struct BrainHead: ~Copyable {
    let length: Int
    let width: Int
    /// Both up to a multiple of 16.
    let paddedLength: Int
    let paddedWidth: Int
    private let pairs: Scratch
    private let rows: LayerBuffer
    private let results: Scratch
    let keys: Strip  // pairs [width/2×paddedLength]
    let values: Strip  // pairs [(length+1)/2×paddedWidth]
    let queries: LayerValues  // [4×width]
    let shares: LayerValues  // [4×paddedLength]
    let scores: Strip  // [4×paddedLength]
    let sums: Strip  // [4×paddedWidth]

    init(length: Int, width: Int) {
        (self.length, self.width) = (length, width)
        paddedLength = (length + 15) / 16 * 16
        paddedWidth = (width + 15) / 16 * 16
        let (keyCount, valueCount) = (width / 2 * paddedLength, (length + 1) / 2 * paddedWidth)
        pairs = Scratch(keyCount + valueCount)
        rows = LayerBuffer(4 * width + 4 * paddedLength, .bfloat16)
        results = Scratch(4 * paddedLength + 4 * paddedWidth)
        // Zeros where nothing is written: columns beyond the last, rows of the last four that are none.
        pairs.strip.fill(0)
        rows.values.clear()
        keys = pairs.strip.from(0, count: keyCount)
        values = pairs.strip.from(keyCount, count: valueCount)
        queries = rows.values.from(0, count: 4 * width)
        shares = rows.values.from(4 * width, count: 4 * paddedLength)
        scores = results.strip.from(0, count: 4 * paddedLength)
        sums = results.strip.from(4 * paddedLength, count: 4 * paddedWidth)
    }

    /// Takes the keys and the values of the head whose columns start at `column`.
    borrowing func load(_ x: LayerValues, from column: Int, stride: Int) {
        precondition(x.precision == .bfloat16 && x.count >= ((length - 1) * 3 + 2) * stride + column + width)
        let first = unsafe x.address.assumingMemoryBound(to: UInt16.self) + column
        unsafe cbrainfloat_turn(
            first + stride, Int64(3 * stride), Int64(length), Int64(width), Self.words(keys), Int64(paddedLength))
        unsafe cbrainfloat_join(
            first + 2 * stride, Int64(3 * stride), Int64(length), Int64(width), Self.words(values), Int64(paddedWidth))
    }

    /// Four rows of `left`, `count` pairs each, times `count` rows of pairs, into `result` [4×columns].
    borrowing func multiply(_ left: LayerValues, _ right: Strip, count: Int, columns: Int, into result: Strip) {
        let (depth, width) = (left.count / 8, result.count / 4)
        precondition(count <= depth && columns <= width && (count - 1) * width + columns <= right.count)
        unsafe cbrainfloat_multiply_four_rows(
            left.address.assumingMemoryBound(to: UInt32.self), Int64(depth), Int64(count), Self.words(right),
            Int64(width), Int64(columns), result.address, Int64(width))
    }

    private static func words(_ strip: Strip) -> UnsafeMutablePointer<UInt32> {
        unsafe UnsafeMutableRawPointer(strip.address).assumingMemoryBound(to: UInt32.self)
    }
}
