public import Core

extension ImagePixels {
    /// The maximum side of an image to resize; the weights for longer sides would exhaust the memory.
    public static let sideLimit = 1 << 20

    /// Resizes the image to `width` × `height` as Pillow's `resize(..., BICUBIC, box)` does.
    ///
    /// `box` is the visible part as left, top, right, and bottom edges in pixels; by default the whole image.
    ///
    /// - Throws: `badData` if a side is longer than ``sideLimit``, `usage` if the size or box is invalid.
    public func resized(
        width: Int, height: Int, box: (left: Float, top: Float, right: Float, bottom: Float)? = nil,
        passes: PassOrder = .adaptive, path: String = ""
    ) throws(Fault) -> ImagePixels {
        try checkSides(path: path)
        let edges = box ?? (0, 0, Float(self.width), Float(self.height))
        guard (1 ... Self.sideLimit).contains(width), (1 ... Self.sideLimit).contains(height),
            edges.left >= 0, edges.top >= 0, edges.left < edges.right, edges.top < edges.bottom,
            edges.right <= Float(self.width), edges.bottom <= Float(self.height),
            Self.fits(width, height)
        else {
            throw Fault(
                .usage, path, found: "a resize to \(width) x \(height)",
                expected: "sides from 1 to \(Self.sideLimit) and a box within the image")
        }
        let request = ResizeRequest(
            columns: ResampleAxis(
                length: self.width, box: edges.left ... edges.right, outputs: width, window: 0 ..< width),
            rows: ResampleAxis(
                length: self.height, box: edges.top ... edges.bottom, outputs: height, window: 0 ..< height),
            isVerticalFirst: ResizeRule.isVerticalFirst(
                passes, from: (self.width, self.height), to: (width, height)))
        return resampled(request)
    }

    /// Resizes the shorter side to `side` pixels, and the longer one by torchvision's rule.
    public func resized(
        shorterSide side: Int, passes: PassOrder = .adaptive, path: String = ""
    ) throws(Fault) -> ImagePixels {
        let size = ResizeRule.size(ofShorterSide: side, width: width, height: height)
        return try resized(width: size.width, height: size.height, passes: passes, path: path)
    }

    /// Returns the center `side` × `side` pixels as torchvision's `center_crop` does; black outside of the image.
    public func centerCropped(to side: Int) -> ImagePixels {
        precondition(side > 0 && Self.fits(side, side), "a crop of \(side) pixels")
        let left = ResizeRule.offset(of: side, in: width)
        let top = ResizeRule.offset(of: side, in: height)
        var cropped = [UInt8](repeating: 0, count: 3 * side * side)
        let columns = max(0, left) ..< min(width, left + side)
        for row in max(0, top) ..< min(height, top + side) {
            let source = 3 * (row * width + columns.lowerBound)
            let target = 3 * ((row - top) * side + columns.lowerBound - left)
            cropped.replaceSubrange(
                target ..< target + 3 * columns.count, with: values[source ..< source + 3 * columns.count])
        }
        return ImagePixels(width: side, height: side, values: cropped)
    }

    /// Rejects images too large to resize.
    func checkSides(path: String) throws(Fault) {
        guard max(width, height) <= Self.sideLimit else {
            throw .badData(
                path, found: "an image of \(width) x \(height) pixels",
                expected: "no side longer than \(Self.sideLimit)", remedy: "crop it")
        }
    }

    private static func fits(_ width: Int, _ height: Int) -> Bool {
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        return !overflows && pixels <= limit
    }

    private func resampled(_ request: ResizeRequest) -> ImagePixels {
        var resampler = Resampler()
        let width = request.columns.outputs
        let height = request.rows.outputs
        var result = [UInt8](repeating: 0, count: 3 * width * height)
        var target = result.mutableSpan
        resampler.resize(self, request) { row, pixels in
            Resampler.pack(pixels, into: &target, at: 3 * width * row)
        }
        return ImagePixels(width: width, height: height, values: result)
    }
}
