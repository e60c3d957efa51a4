internal import Kernels

/// One head's keys and values, laid out for the inner loop of attention.
protocol AttentionPanels: ~Copyable {
    /// The type of queries, keys and values.
    associatedtype Element: LayerElement

    /// Takes memory for `length` tokens of a head that is `width` elements wide.
    init(length: Int, width: Int)

    /// Reads the head whose columns start at `column` from `x` [length×3·stride].
    mutating func load(_ x: Span<Element>, from column: Int, stride: Int)

    /// Multiplies four queries by the first `columns` keys.
    func multiply(_ queries: borrowing Panel<Element>, columns: Int, into scores: inout Panel<Float>)

    /// Adds up the first `depth` values, each multiplied by its weight, for four rows of weights.
    mutating func sum(_ weights: borrowing Panel<Float>, depth: Int, into sums: inout Panel<Float>)
}

/// Keys and values in float32.
struct FloatPanels: AttentionPanels, ~Copyable {
    private let length: Int
    private let width: Int
    private var keys: Panel<Float>  // [width×length]
    private var values: Panel<Float>  // [length×width]

    init(length: Int, width: Int) {
        self.length = length
        self.width = width
        keys = Panel(rows: width, lead: multipleOf16(length))
        values = Panel(rows: length, lead: multipleOf16(width))
    }

    mutating func load(_ x: Span<Float>, from column: Int, stride: Int) {
        let length = length
        let width = width
        let keyLead = keys.lead
        let valueLead = values.lead
        lend(&keys.elements, &values.elements) { keys, values in
            for token in 0 ..< length {
                let row = token * 3 * stride + column
                let key = x.part(row + stride, count: width)
                for i in 0 ..< width { keys[i * keyLead + token] = key[i] }
                var value = values.part(token * valueLead, count: width)
                value.copy(x.part(row + 2 * stride, count: width))
            }
        }
    }

    @inline(__always)
    func multiply(_ queries: borrowing Panel<Float>, columns: Int, into scores: inout Panel<Float>) {
        multiplyFourRows(queries, depth: width, keys, columns: columns, into: &scores)
    }

    @inline(__always)
    mutating func sum(_ weights: borrowing Panel<Float>, depth: Int, into sums: inout Panel<Float>) {
        multiplyFourRows(weights, depth: depth, values, columns: values.lead, into: &sums)
    }
}

/// Keys and values in bfloat16; scores and sums are in float32.
struct BFloat16Panels: AttentionPanels, ~Copyable {
    private let length: Int
    private let width: Int
    private var keys: BFloat16Pairs  // [width/2×length]
    private var values: BFloat16Pairs  // [(length+1)/2×width]
    /// Four rows of weights, rounded.
    private var rounded: Panel<BFloat16>

    init(length: Int, width: Int) {
        self.length = length
        self.width = width
        keys = BFloat16Pairs(rows: width / 2, columns: multipleOf16(length))
        values = BFloat16Pairs(rows: (length + 1) / 2, columns: multipleOf16(width))
        rounded = Panel(rows: 4, lead: multipleOf16(length))
    }

    mutating func load(_ x: Span<BFloat16>, from column: Int, stride: Int) {
        let lead = 3 * stride
        keys.takeTransposed(x.extracting((column + stride)...), lead: lead, rows: length, width: width)
        values.takeRows(x.extracting((column + 2 * stride)...), lead: lead, rows: length, width: width)
    }

    @inline(__always)
    func multiply(_ queries: borrowing Panel<BFloat16>, columns: Int, into scores: inout Panel<Float>) {
        keys.multiplyFourRows(queries, pairs: width / 2, columns: columns, into: &scores)
    }

    @inline(__always)
    mutating func sum(_ weights: borrowing Panel<Float>, depth: Int, into sums: inout Panel<Float>) {
        let columns = multipleOf16(depth)
        for row in 0 ..< 4 {
            let start = row * rounded.lead
            var rows = rounded.elements.mutableSpan
            var to = rows.part(start, count: columns)
            to.round(weights.elements.span.part(start, count: columns))
        }
        values.multiplyFourRows(rounded, pairs: (depth + 1) / 2, columns: sums.lead, into: &sums)
    }
}
