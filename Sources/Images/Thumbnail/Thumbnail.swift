package import Core

/// A small JPEG of a whole image, upright, for people to look at.
package struct Thumbnail: Sendable {
    /// The numbers of pixel columns and rows.
    package let width, height: Int
    /// The content of the JPEG file.
    package let jpeg: [UInt8]
    /// Whether EXIF data turned or mirrored the stored pixels, which an encoder sees as they are.
    package let isTurned: Bool

    /// The quality of the JPEG, from 1 to 100.
    private static let quality = 80

    /// Makes a thumbnail of the image file `bytes`, whose longer side has at most `side` pixels.
    ///
    /// - Throws: what decoding throws; `path` names the image in errors.
    package init(of bytes: RawSpan, path: String, side: Int) throws(Fault) {
        let header = try ImageHeader(bytes, path: path)
        guard max(header.width, header.height) <= Preprocessor.sideLimit else {
            throw .badData(
                path, found: "an image of \(header.width) x \(header.height) pixels",
                expected: "no side longer than \(Preprocessor.sideLimit)", remedy: "crop it")
        }
        let orientation = ImageOrientation(of: bytes)
        let pixels = try Self.pixels(bytes, header, path: path, atLeast: 2 * side)
        let small = pixels.fitted(into: side).turned(orientation)
        width = small.width
        height = small.height
        isTurned = orientation != .upright
        jpeg = try JPEGEncoder().encode(small, quality: Self.quality, path: path)
    }

    /// Decodes an image; a JPEG only as large as `side` requires, which takes a fraction of the time.
    private static func pixels(
        _ bytes: RawSpan, _ header: ImageHeader, path: String, atLeast side: Int
    ) throws(Fault) -> ImagePixels {
        let reduction = ([8, 4, 2] as [Int32]).first { max(header.width, header.height) / Int($0) >= side }
        guard header.format == .jpeg, let reduction else { return try ImagePixels(decoding: bytes, path: path) }
        return try JPEGDecoder().decode(bytes, path: path, reduction: reduction)
    }
}

extension ImagePixels {
    /// Returns the image reduced to fit into a square of `side` pixels; a smaller image stays as it is.
    package func fitted(into side: Int) -> ImagePixels {
        let longer = max(width, height)
        guard longer > side else { return self }
        let columns = max(1, (width * side + longer / 2) / longer)
        let rows = max(1, (height * side + longer / 2) / longer)
        let request = ResizeRequest(
            left: 0, top: 0,
            columns: ResampleAxis(length: width, outputs: columns, window: 0 ..< columns),
            rows: ResampleAxis(length: height, outputs: rows, window: 0 ..< rows),
            isVerticalFirst: ResizeRule.isVerticalFirst(.adaptive, from: (width, height), to: (columns, rows)))
        var values: [UInt8] = []
        values.reserveCapacity(3 * columns * rows)
        var resampler = Resampler(.best)
        resampler.resize(self, request) { _, pixels in
            for start in stride(from: 0, to: pixels.count, by: 4) {
                for channel in 0 ..< 3 { values.append(pixels[start + channel]) }
            }
        }
        return ImagePixels(width: columns, height: rows, values: values)
    }
}
