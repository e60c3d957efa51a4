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
    let left, top: Int
    let columns: ResampleAxis
    let rows: ResampleAxis
    /// Whether columns are summed before rows.
    let isVerticalFirst: Bool

    /// Whether all source pixels are in `image`.
    func fits(_ image: ImagePixels) -> Bool {
        left >= 0 && top >= 0 && left + columns.source.upperBound <= image.width
            && top + rows.source.upperBound <= image.height && columns.outputs > 0 && rows.outputs > 0
    }

    /// The index in `image` of the first value needed.
    func start(in image: ImagePixels) -> Int {
        3 * ((top + rows.source.lowerBound) * image.width + left + columns.source.lowerBound)
    }
}

/// Resizes images with loops in C, reusing its memory from image to image.
///
/// As in Pillow, the result of the first pass is rounded to eight bits before the second. The output rows have four
/// bytes per pixel; the fourth is undefined.
struct Resampler: Sendable {
    private let instructions: ResampleInstructions
    private var strip: [UInt8] = []
    /// The result of the first pass.
    private var between: [UInt8] = []
    /// The rows of the output.
    private var lines: [UInt8] = []

    init(_ instructions: ResampleInstructions) { self.instructions = instructions }

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
        let length = 4 * request.columns.outputs
        Self.grow(&between, to: length * ((needed.count + 3) / 4 * 4))
        let rows = ByteRows(bytes: image.values, start: request.start(in: image), stride: 3 * image.width)
        instructions.narrow(rows, count: needed.count, request.columns, &strip, into: &between)
        for index in 0 ..< request.rows.outputs {
            let rows = ByteRows(bytes: between, start: Int(request.rows.first[index]) * length, stride: length)
            instructions.sum(rows, request.rows, index, into: &lines, at: 0 ..< length)
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
        let start = request.start(in: image)
        Self.grow(&between, to: 4 * width)
        for group in Swift.stride(from: 0, to: request.rows.outputs, by: 4) {
            let count = min(4, request.rows.outputs - group)
            for row in 0 ..< count {
                let first = start + Int(request.rows.first[group + row]) * stride
                let rows = ByteRows(bytes: image.values, start: first, stride: stride)
                instructions.sum(
                    rows, request.rows, group + row, into: &between, at: row * width ..< (row + 1) * width)
            }
            let rows = ByteRows(bytes: between, start: 0, stride: width)
            instructions.narrow(rows, count: count, request.columns, &strip, into: &lines)
            for row in 0 ..< count { receive(group + row, lines.span.extracting(row * length ..< (row + 1) * length)) }
        }
    }

    private static func grow(_ scratch: inout [UInt8], to count: Int) {
        if scratch.count < count { scratch = [UInt8](repeating: 0, count: count) }
    }
}

/// The rows of an image or buffer from byte `start` on, `stride` bytes apart.
private struct ByteRows {
    let bytes: [UInt8]
    let start, stride: Int
}

extension ResampleInstructions {
    /// Sums source rows into the bytes `range` of `target`, which are those of output `index` of `axis`.
    fileprivate func sum(
        _ rows: ByteRows, _ axis: ResampleAxis, _ index: Int, into target: inout [UInt8], at range: Range<Int>
    ) {
        let count = Int(axis.count[index])
        let weights = axis.weights.span.extracting(index * axis.taps ..< index * axis.taps + count)
        let source = rows.bytes.span.extracting(rows.start ..< rows.start + (count - 1) * rows.stride + range.count)
        precondition(range.upperBound <= target.count, "the bytes \(range) of \(target.count)")
        unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe source.withUnsafeBufferPointer { source in
                unsafe weights.withUnsafeBufferPointer { weights in
                    // None of them is empty, so none is nil.
                    guard let to = target.baseAddress, let from = source.baseAddress, let factors = weights.baseAddress
                    else { return }
                    unsafe cresample_sum(
                        rawValue, from, Int64(rows.stride), Int64(range.count), Int32(count), factors,
                        to + range.lowerBound)
                }
            }
        }
    }

    /// Resizes `count` rows of RGB pixels to the output width.
    fileprivate func narrow(
        _ rows: ByteRows, count: Int, _ axis: ResampleAxis, _ strip: inout [UInt8], into target: inout [UInt8]
    ) {
        let width = axis.source.count
        let source = rows.bytes.span.extracting(rows.start ..< rows.start + (count - 1) * rows.stride + 3 * width)
        precondition(
            strip.count >= 16 * width && target.count >= 4 * axis.outputs * ((count + 3) / 4 * 4),
            "a buffer is too small")
        unsafe axis.withUnsafeAxis { axis in
            unsafe source.withUnsafeBufferPointer { source in
                unsafe strip.withUnsafeMutableBufferPointer { strip in
                    unsafe target.withUnsafeMutableBufferPointer { target in
                        guard let from = source.baseAddress, let strip = strip.baseAddress, let to = target.baseAddress
                        else { return }
                        unsafe cresample_rows(
                            rawValue, from, Int64(rows.stride), Int32(count), Int32(width), axis, strip, to)
                    }
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

/// Normalizes a row of pixels by `tables` [3×256] and writes it to `target` [...×W×3] from index `start` on.
func normalize(_ pixels: Span<UInt8>, by tables: [Float], into target: inout MutableSpan<Float>, at start: Int) {
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
