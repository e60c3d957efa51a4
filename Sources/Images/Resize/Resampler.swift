internal import CResample

/// The instructions that the loops of resizing run with; all give the same bytes.
package enum ResampleInstructions: Int32, CaseIterable, Sendable {
    case plain, avx2, avx512

    /// The best that the processor at hand has.
    package static let best = ResampleInstructions(rawValue: cresample_best()) ?? .plain
    /// All that the processor at hand has.
    package static let available = allCases.filter { $0.rawValue <= best.rawValue }
}

/// The part of an image that is resized, and how: places on the axes are counted from its left upper corner.
struct ResamplePlan: Sendable {
    var left = 0
    var top = 0
    let columns: ResampleAxis
    let rows: ResampleAxis
    /// Whether columns are summed before rows.
    let isVerticalFirst: Bool

    func fits(_ image: ImagePixels) -> Bool {
        left >= 0 && top >= 0 && left + columns.source.upperBound <= image.width
            && top + rows.source.upperBound <= image.height && columns.outputs > 0 && rows.outputs > 0
    }
}

/// Resizes images, keeping the memory for the next one: the one door to the loops in C.
///
/// One way first, rounded to eight bits, and then the other, as Pillow does. What comes out are rows of four bytes a pixel,
/// the fourth of which means nothing.
struct Resampler: Sendable {
    private let instructions: Int32
    private var strip: [UInt8] = []
    /// What is between the two passes.
    private var between: [UInt8] = []
    /// Rows of the output.
    private var lines: [UInt8] = []

    init(_ instructions: ResampleInstructions = .best) { self.instructions = instructions.rawValue }

    /// Resizes a part of `image`, and hands on each row of the output.
    mutating func resize(
        _ image: ImagePixels, _ plan: ResamplePlan, row receive: (_ place: Int, _ pixels: Span<UInt8>) -> Void
    ) {
        precondition(plan.fits(image), "a part outside of the image")
        Self.grow(&strip, to: 16 * plan.columns.source.count)
        Self.grow(&lines, to: 16 * plan.columns.outputs)
        if plan.isVerticalFirst {
            resizeVerticallyFirst(image, plan, row: receive)
        } else {
            resizeHorizontallyFirst(image, plan, row: receive)
        }
    }

    /// All needed rows of the source at the width of the output, and then their sums.
    private mutating func resizeHorizontallyFirst(
        _ image: ImagePixels, _ plan: ResamplePlan, row receive: (Int, Span<UInt8>) -> Void
    ) {
        let (needed, stride, length) = (plan.rows.source, 3 * image.width, 4 * plan.columns.outputs)
        Self.grow(&between, to: length * ((needed.count + 3) / 4 * 4))
        let start = (plan.top + needed.lowerBound) * stride + 3 * (plan.left + plan.columns.source.lowerBound)
        Self.narrow(image.values, from: start, stride, needed.count, plan.columns, instructions, &strip, into: &between)
        for place in 0 ..< plan.rows.outputs {
            let first = Int(plan.rows.first[place]) * length
            Self.sum(between, from: first, length, length, plan.rows, place, instructions, into: &lines, at: 0)
            receive(place, lines.span.extracting(0 ..< length))
        }
    }

    /// Four rows of the output at a time: sums of source rows at the width of the source, and then those narrowed.
    private mutating func resizeVerticallyFirst(
        _ image: ImagePixels, _ plan: ResamplePlan, row receive: (Int, Span<UInt8>) -> Void
    ) {
        let (stride, length) = (3 * image.width, 4 * plan.columns.outputs)
        let width = 3 * plan.columns.source.count
        let start =
            (plan.top + plan.rows.source.lowerBound) * stride
            + 3 * (plan.left + plan.columns.source.lowerBound)
        Self.grow(&between, to: 4 * width)
        for group in Swift.stride(from: 0, to: plan.rows.outputs, by: 4) {
            let count = min(4, plan.rows.outputs - group)
            for row in 0 ..< count {
                let first = start + Int(plan.rows.first[group + row]) * stride
                Self.sum(
                    image.values, from: first, stride, width, plan.rows, group + row, instructions, into: &between,
                    at: row * width)
            }
            Self.narrow(between, from: 0, width, count, plan.columns, instructions, &strip, into: &lines)
            for row in 0 ..< count {
                receive(group + row, lines.span.extracting(row * length ..< (row + 1) * length))
            }
        }
    }

    /// `length` bytes of output `place` of `axis`, summed from rows that lie `stride` bytes apart, from byte `start` on.
    private static func sum(
        _ source: [UInt8], from start: Int, _ stride: Int, _ length: Int, _ axis: ResampleAxis, _ place: Int,
        _ instructions: Int32, into target: inout [UInt8], at end: Int
    ) {
        let count = Int(axis.count[place])
        let weights = axis.weights.span.extracting(place * axis.taps ..< place * axis.taps + count)
        let source = source.span.extracting(start ..< start + (count - 1) * stride + length)
        precondition(end + length <= target.count, "\(length) bytes at \(end) of \(target.count)")
        unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe source.withUnsafeBufferPointer { source in
                unsafe weights.withUnsafeBufferPointer { weights in
                    // None of them is empty.
                    guard let to = target.baseAddress, let from = source.baseAddress, let factors = weights.baseAddress
                    else { return }
                    unsafe cresample_sum(
                        instructions, from, Int64(stride), Int64(length), Int32(count), factors, to + end)
                }
            }
        }
    }

    /// `rows` rows of RGB, `stride` bytes apart from byte `start` on, at the width of the output.
    private static func narrow(
        _ source: [UInt8], from start: Int, _ stride: Int, _ rows: Int, _ axis: ResampleAxis, _ instructions: Int32,
        _ strip: inout [UInt8], into target: inout [UInt8]
    ) {
        let width = axis.source.count
        let source = source.span.extracting(start ..< start + (rows - 1) * stride + 3 * width)
        precondition(
            strip.count >= 16 * width && target.count >= 4 * axis.outputs * ((rows + 3) / 4 * 4), "too little room")
        unsafe axis.withUnsafeAxis { axis in
            unsafe source.withUnsafeBufferPointer { source in
                unsafe strip.withUnsafeMutableBufferPointer { strip in
                    unsafe target.withUnsafeMutableBufferPointer { target in
                        guard let from = source.baseAddress, let strip = strip.baseAddress, let to = target.baseAddress
                        else { return }
                        unsafe cresample_rows(
                            instructions, from, Int64(stride), Int32(rows), Int32(width), axis, strip, to)
                    }
                }
            }
        }
    }

    private static func grow(_ scratch: inout [UInt8], to count: Int) {
        if scratch.count < count { scratch = [UInt8](repeating: 0, count: count) }
    }

    /// Drops the fourth bytes of `pixels` on the way to `target` [..., W, 3], from its value `start` on.
    static func pack(_ pixels: Span<UInt8>, into target: inout MutableSpan<UInt8>, at start: Int) {
        let count = pixels.count / 4
        precondition(start >= 0 && target.count - start >= 3 * count, "\(count) pixels for \(target.count) bytes")
        unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe pixels.withUnsafeBufferPointer { pixels in
                guard let from = pixels.baseAddress, let to = target.baseAddress else { return }
                unsafe cresample_pack(from, Int32(count), to + start)
            }
        }
    }

    /// Looks the values of one row up in three tables of 256 numbers, and puts them into row `row` of three planes, which
    /// start at value `start` of `planes`.
    static func spread(
        _ pixels: Span<UInt8>, row: Int, of rows: Int, by tables: [Float], into planes: inout MutableSpan<Float>,
        at start: Int
    ) {
        let width = pixels.count / 4
        let plane = width * rows
        precondition(
            start >= 0 && row < rows && planes.count - start >= 3 * plane && tables.count == 768,
            "\(planes.count) values for \(plane) pixels")
        unsafe planes.withUnsafeMutableBufferPointer { planes in
            unsafe pixels.withUnsafeBufferPointer { pixels in
                unsafe tables.withUnsafeBufferPointer { tables in
                    guard let to = planes.baseAddress, let from = pixels.baseAddress, let tables = tables.baseAddress
                    else { return }
                    let red = unsafe to + start + row * width
                    unsafe cresample_planes(from, Int32(width), tables, red, red + plane, red + 2 * plane)
                }
            }
        }
    }
}

extension Resampler {
    /// Looks the values of one row up in three tables of 256 numbers, and puts them into `target` [..., W, 3] from value
    /// `start` on.
    static func interleave(
        _ pixels: Span<UInt8>, by tables: [Float], into target: inout MutableSpan<Float>, at start: Int
    ) {
        let width = pixels.count / 4
        precondition(
            start >= 0 && target.count - start >= 3 * width && tables.count == 768,
            "\(width) pixels for \(target.count) values")
        unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe pixels.withUnsafeBufferPointer { pixels in
                unsafe tables.withUnsafeBufferPointer { tables in
                    guard let to = target.baseAddress, let from = pixels.baseAddress, let tables = tables.baseAddress
                    else { return }
                    unsafe cresample_values(from, Int32(width), tables, to + start)
                }
            }
        }
    }
}

extension ResampleAxis {
    fileprivate func withUnsafeAxis(_ body: (UnsafePointer<cresample_axis>) -> Void) {
        unsafe first.withUnsafeBufferPointer { first in
            unsafe count.withUnsafeBufferPointer { count in
                unsafe weights.withUnsafeBufferPointer { weights in
                    var axis = unsafe cresample_axis(
                        outputs: Int32(outputs), taps: Int32(taps), first: first.baseAddress, count: count.baseAddress,
                        weights: weights.baseAddress)
                    unsafe body(&axis)
                }
            }
        }
    }
}
