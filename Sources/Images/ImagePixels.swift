public import Core

/// The pixels of a whole image, as an encoder takes them: eight bits each of red, green and blue.
///
/// The values are those that Pillow's `convert("RGB")` gives: alpha is dropped, not blended, and what a file says of
/// its colour space is left alone, since the published encoders were trained that way.
public struct ImagePixels: Equatable, Sendable {
    public let width: Int
    public let height: Int
    /// Row by row from the top [H, W, 3].
    public let values: [UInt8]
    /// What the decoder minded and got over, as bytes that belong to nothing.
    public let complaint: String?

    /// The most pixels that are decoded; more is a mistake or an attack.
    public static let limit = 1 << 30

    /// Decodes the image file at `path`, the first picture of several.
    ///
    /// - Throws: `badData` where it is of another format, of a rare kind, too large, or so damaged that Pillow would refuse it as well.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        try self.init(decoding: file.bytes, path: path)
    }

    /// Decodes an image; `path` is what an error names.
    public init(decoding bytes: RawSpan, path: String) throws(Fault) {
        let header = try ImageHeader(bytes, path: path)
        try Self.checkSize(header.width, header.height, in: bytes.byteCount, path: path)
        switch header.format {
        case .jpeg: self = try JPEGDecoder().decode(bytes, path: path)
        case .png: self = try PNGDecoder.decode(bytes, path: path)
        case .gif: self = try GIFDecoder.decode(bytes, path: path)
        case .bmp: self = try BMPDecoder.decode(bytes, width: header.width, height: header.height, path: path)
        case .webp: self = try WebPDecoder.decode(bytes, width: header.width, height: header.height, path: path)
        case .tiff: self = try TIFFDecoder.decode(bytes, width: header.width, height: header.height, path: path)
        }
    }

    package init(width: Int, height: Int, values: [UInt8], complaint: String? = nil) {
        precondition(values.count == 3 * width * height, "\(values.count) values for \(width) x \(height) pixels")
        (self.width, self.height, self.values, self.complaint) = (width, height, values, complaint)
    }

    /// Whether ``init(decoding:path:)`` takes images of `format`.
    public static func decodes(_ format: ImageFormat) -> Bool { true }

    /// Refuses sizes before anything is allocated for them.
    static func checkSize(_ width: Int, _ height: Int, in byteCount: Int, path: String) throws(Fault) {
        // An empty PNG of one bit a pixel has 8,000 pixels a byte, and no image that shows anything comes near. Small ones
        // may be as empty as they like.
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        guard !overflows, pixels <= limit, pixels <= 1 << 22 || pixels / 10_000 <= byteCount else {
            throw .badData(
                path, found: "\(width) x \(height) pixels in a file of \(byteCount) bytes",
                expected: "at most \(limit), and no more than such a file can hold", remedy: "download it again")
        }
    }
}
