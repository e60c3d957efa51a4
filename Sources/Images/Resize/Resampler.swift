internal import CResample

/// An instruction set of the resize loops; all give the same bytes.
package enum ResampleInstructions: Int32, CaseIterable, Sendable {
    case plain, avx2, avx512

    /// The best instruction set of this processor.
    package static let best = ResampleInstructions(rawValue: cresample_best()) ?? .plain
    /// All instruction sets of this processor.
    package static let available = allCases.filter { $0.rawValue <= best.rawValue }
}

/// The part of an image to resize and the weights of both axes, which count from the part's upper left corner.
struct ResizeRequest: Sendable {
    var left = 0
    var top = 0
    let columns: ResampleAxis
    let rows: ResampleAxis
    /// Whether columns are summed before rows.
    let isVerticalFirst: Bool

    /// Whether all source pixels are in `image`.
    func fits(_ image: ImagePixels) -> Bool {
        left >= 0 && top >= 0 && left + columns.source.upperBound <= image.width
            && top + rows.source.upperBound <= image.height && columns.outputs > 0 && rows.outputs > 0
    }
}

/// Resizes images with loops in C, reusing its memory from image to image.
///
/// As in Pillow, the result of the first pass is rounded to eight bits before the second. The output rows have four
/// bytes per pixel; the fourth is undefined.
struct Resampler: Sendable {
    private let instructions: Int32
    private var strip: [UInt8] = []
    /// The result of the first pass.
    private var between: [UInt8] = []
    /// The rows of the output.
    private var lines: [UInt8] = []

    init(_ instructions: ResampleInstructions = .best) { self.instructions = instructions.rawValue }

    /// Resizes a part of `image` and calls `receive` with each output row.
    mutating func resize(
        _ image: ImagePixels, _ request: ResizeRequest, row receive: (_ index: Int, _ pixels: Span<UInt8>) -> Void
    ) {
        precondition(request.fits(image), "a part outside of the image")
        Self.grow(&strip, to: 16 * request.columns.source.count)
        Self.grow(&lines, to: 16 * request.columns.outputs)
        if request.isVerticalFirst {
            resizeVerticallyFirst(image, request, row: receive)
        } else {
            resizeHorizontallyFirst(image, request, row: receive)
        }
    }

    /// Narrows all needed source rows to the output width, then sums rows.
    private mutating func resizeHorizontallyFirst(
        _ image: ImagePixels, _ request: ResizeRequest, row receive: (Int, Span<UInt8>) -> Void
    ) {
        let needed = request.rows.source
        let stride = 3 * image.width
        let length = 4 * request.columns.outputs
        Self.grow(&between, to: length * ((needed.count + 3) / 4 * 4))
        let start = (request.top + needed.lowerBound) * stride + 3 * (request.left + request.columns.source.lowerBound)
        Self.narrow(
            image.values, from: start, stride, needed.count, request.columns, instructions, &strip, into: &between)
        for index in 0 ..< request.rows.outputs {
            let first = Int(request.rows.first[index]) * length
            Self.sum(between, from: first, length, length, request.rows, index, instructions, into: &lines, at: 0)
            receive(index, lines.span.extracting(0 ..< length))
        }
    }

    /// Sums source rows for four output rows at a time, then narrows the sums.
    private mutating func resizeVerticallyFirst(
        _ image: ImagePixels, _ request: ResizeRequest, row receive: (Int, Span<UInt8>) -> Void
    ) {
        let stride = 3 * image.width
        let length = 4 * request.columns.outputs
        let width = 3 * request.columns.source.count
        let start =
            (request.top + request.rows.source.lowerBound) * stride
            + 3 * (request.left + request.columns.source.lowerBound)
        Self.grow(&between, to: 4 * width)
        for group in Swift.stride(from: 0, to: request.rows.outputs, by: 4) {
            let count = min(4, request.rows.outputs - group)
            for row in 0 ..< count {
                let first = start + Int(request.rows.first[group + row]) * stride
                Self.sum(
                    image.values, from: first, stride, width, request.rows, group + row, instructions, into: &between,
                    at: row * width)
            }
            Self.narrow(between, from: 0, width, count, request.columns, instructions, &strip, into: &lines)
            for row in 0 ..< count { receive(group + row, lines.span.extracting(row * length ..< (row + 1) * length)) }
        }
    }

    /// Sums source rows, `stride` bytes apart from byte `start` on, into `length` bytes of output `index` of `axis`.
    private static func sum(
        _ source: [UInt8], from start: Int, _ stride: Int, _ length: Int, _ axis: ResampleAxis, _ index: Int,
        _ instructions: Int32, into target: inout [UInt8], at end: Int
    ) {
        let count = Int(axis.count[index])
        let weights = axis.weights.span.extracting(index * axis.taps ..< index * axis.taps + count)
        let source = source.span.extracting(start ..< start + (count - 1) * stride + length)
        precondition(end + length <= target.count, "\(length) bytes at \(end) of \(target.count)")
        unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe source.withUnsafeBufferPointer { source in
                unsafe weights.withUnsafeBufferPointer { weights in
                    // None of them is empty, so none is nil.
                    guard let to = target.baseAddress, let from = source.baseAddress, let factors = weights.baseAddress
                    else { return }
                    unsafe cresample_sum(
                        instructions, from, Int64(stride), Int64(length), Int32(count), factors, to + end)
                }
            }
        }
    }

    /// Resizes `rows` RGB rows, `stride` bytes apart from byte `start` on, to the output width.
    private static func narrow(
        _ source: [UInt8], from start: Int, _ stride: Int, _ rows: Int, _ axis: ResampleAxis, _ instructions: Int32,
        _ strip: inout [UInt8], into target: inout [UInt8]
    ) {
        let width = axis.source.count
        let source = source.span.extracting(start ..< start + (rows - 1) * stride + 3 * width)
        precondition(
            strip.count >= 16 * width && target.count >= 4 * axis.outputs * ((rows + 3) / 4 * 4),
            "a buffer is too small")
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

    /// Copies `pixels` without their fourth bytes into `target` [...×W×3] from index `start` on.
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

    /// Normalizes one row by `tables` [3×256] and writes it to row `row` of three planes that start at index `start`.
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
    /// Normalizes one row by `tables` [3×256] and writes it to `target` [...×W×3] from index `start` on.
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
    /// Calls `body` with this axis as the C loops read it.
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
