public import Artifacts

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

    /// Decodes the JPEG or PNG file at `path`.
    ///
    /// - Throws: `badData` where it is of another format, too large, or so damaged that Pillow would refuse it as well.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        try self.init(decoding: file.bytes, path: path)
    }

    /// Decodes a JPEG or PNG image; `path` is what an error names.
    public init(decoding bytes: RawSpan, path: String) throws(Fault) {
        let header = try ImageHeader(bytes, path: path)
        try Self.checkSize(header.width, header.height, in: bytes.byteCount, path: path)
        switch header.format {
        case .jpeg: self = try JPEGDecoder().decode(bytes, path: path)
        case .png: self = try PNGDecoder.decode(bytes, path: path)
        case .gif, .bmp, .webp, .tiff:
            throw .badData(
                path, found: "a \(header.format.title) image", expected: "JPEG or PNG", remedy: "convert it")
        }
    }

    package init(width: Int, height: Int, values: [UInt8], complaint: String? = nil) {
        precondition(values.count == 3 * width * height, "\(values.count) values for \(width) x \(height) pixels")
        (self.width, self.height, self.values, self.complaint) = (width, height, values, complaint)
    }

    /// Whether ``init(decoding:path:)`` takes images of `format`.
    public static func decodes(_ format: ImageFormat) -> Bool { format == .jpeg || format == .png }

    /// Refuses sizes before anything is allocated for them.
    static func checkSize(_ width: Int, _ height: Int, in byteCount: Int, path: String) throws(Fault) {
        // An empty PNG of one bit a pixel has 8,000 pixels a byte, and no image that shows anything comes near.
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        guard !overflows, pixels <= limit, pixels / 10_000 <= byteCount else {
            throw .badData(
                path, found: "\(width) x \(height) pixels in a file of \(byteCount) bytes",
                expected: "at most \(limit), and no more than such a file can hold", remedy: "download it again")
        }
    }
}
