public import Core

/// The decoded pixels of an image, with eight bits each of red, green, and blue.
///
/// The values equal those of Pillow's `convert("RGB")`: alpha is dropped, and color profiles and the orientation in
/// EXIF are ignored, because the published encoders were trained that way. HEIC images are rotated as their file says.
public struct ImagePixels: Equatable, Sendable {
    /// The numbers of pixel columns and rows.
    public let width, height: Int
    /// The values, row by row from the top [H×W×3].
    public let values: [UInt8]
    /// The number of pixels whose 16-bit gray value was clipped to 255.
    ///
    /// Pillow clips them as well, so that most images of this kind become white.
    public let clippedCount: Int
    /// The warning of a decoder that recovered from a flaw, such as extra bytes between segments.
    public let warning: String?

    /// The maximum number of pixels of an image; a larger one is a mistake or an attack.
    public static let limit = 1 << 30

    /// Decodes the first frame of the image file at `path`.
    ///
    /// - Throws: `badData` if the kind of image is unsupported, it is too large, or Pillow would also reject it.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        try self.init(decoding: file.bytes, path: path)
    }

    /// Decodes an image; `path` names it in errors.
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
        case .heic: self = try HEICDecoder.decode(bytes, path: path)
        case .avif: self = try AVIFDecoder.decode(bytes, path: path)
        case .ppm: self = try PPMDecoder.decode(bytes, path: path)
        }
    }

    package init(width: Int, height: Int, values: [UInt8], clippedCount: Int = 0, warning: String? = nil) {
        precondition(values.count == 3 * width * height, "\(values.count) values for \(width) x \(height) pixels")
        self.width = width
        self.height = height
        self.values = values
        self.clippedCount = clippedCount
        self.warning = warning
    }

    /// A palette of all grays [256×3].
    static let grays = (0 ..< 256).flatMap { [UInt8](repeating: UInt8($0), count: 3) }

    /// Rejects implausible sizes before allocating memory for them.
    static func checkSize(_ width: Int, _ height: Int, in byteCount: Int, path: String) throws(Fault) {
        // A blank PNG with one bit per pixel has 8,000 pixels per byte, far more than any image with content. Small
        // images are exempt.
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        guard !overflows, pixels <= limit, pixels <= 1 << 22 || pixels / 10_000 <= byteCount else {
            throw .damagedImage(
                path, found: "\(width) x \(height) pixels in a file of \(byteCount) bytes",
                expected: "at most \(limit) pixels and a file large enough to hold them")
        }
    }
}
