public import Core

extension ImagePixels {
    /// The longest side that is resized: beyond it the weights alone would fill the memory.
    public static let sideLimit = 1 << 20

    /// Resized to `width` x `height` as Pillow's `resize(..., BICUBIC, box)` does.
    ///
    /// `box` is what the result shows, as left, top, right and bottom edges in pixels; the whole image unless given.
    ///
    /// - Throws: `badData` where a side is longer than ``sideLimit``, `usage` where the size or box cannot be.
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
                expected: "sides from 1 to \(Self.sideLimit) and a box inside of the image")
        }
        let plan = ResamplePlan(
            columns: ResampleAxis(
                length: self.width, box: edges.left ... edges.right, outputs: width, window: 0 ..< width),
            rows: ResampleAxis(
                length: self.height, box: edges.top ... edges.bottom, outputs: height, window: 0 ..< height),
            isVerticalFirst: ResizeRule.isVerticalFirst(
                passes, from: (self.width, self.height), to: (width, height)))
        return resampled(plan)
    }

    /// Resized so that the shorter side has `side` pixels, the longer one as many as torchvision's rule gives it.
    public func resized(
        shorterSide side: Int, passes: PassOrder = .adaptive, path: String = ""
    ) throws(Fault) -> ImagePixels {
        let size = ResizeRule.size(ofShorterSide: side, width: width, height: height)
        return try resized(width: size.width, height: size.height, passes: passes, path: path)
    }

    /// The middle `side` x `side` pixels as torchvision's `center_crop` takes them; black where the image is smaller.
    public func centerCropped(to side: Int) -> ImagePixels {
        precondition(side > 0 && Self.fits(side, side), "a crop of \(side) pixels")
        let (left, top) = (ResizeRule.offset(of: side, in: width), ResizeRule.offset(of: side, in: height))
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

    /// The `width` x `height` pixels from `left` and `top` on.
    public func cropped(left: Int, top: Int, width: Int, height: Int) -> ImagePixels {
        precondition(
            left >= 0 && top >= 0 && width > 0 && height > 0 && left + width <= self.width
                && top + height <= self.height, "a crop outside of the image")
        var cropped: [UInt8] = []
        cropped.reserveCapacity(3 * width * height)
        for row in top ..< top + height {
            let start = 3 * (row * self.width + left)
            cropped += values[start ..< start + 3 * width]
        }
        return ImagePixels(width: width, height: height, values: cropped)
    }

    func checkSides(path: String) throws(Fault) {
        guard max(width, height) <= Self.sideLimit else {
            throw .badData(
                path, found: "an image of \(width) x \(height) pixels",
                expected: "no side longer than \(Self.sideLimit)", remedy: "cut it")
        }
    }

    private static func fits(_ width: Int, _ height: Int) -> Bool {
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        return !overflows && pixels <= limit
    }

    private func resampled(_ plan: ResamplePlan) -> ImagePixels {
        var resampler = Resampler()
        let (width, height) = (plan.columns.outputs, plan.rows.outputs)
        var result = [UInt8](repeating: 0, count: 3 * width * height)
        var target = result.mutableSpan
        resampler.resize(self, plan) { row, pixels in
            Resampler.pack(pixels, into: &target, at: 3 * width * row)
        }
        return ImagePixels(width: width, height: height, values: result)
    }
}
