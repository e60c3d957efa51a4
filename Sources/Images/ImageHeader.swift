public import Core

/// What an image's first bytes say of it, whatever its name says.
public struct ImageHeader: Hashable, Sendable {
    public let format: ImageFormat
    /// Columns and rows of pixels, both at least 1.
    public let width: Int
    public let height: Int
    /// Values a pixel, as stored: 1 is gray or a place in a palette, 4 is CMYK or has alpha; nil where it is not known.
    public let channels: Int?
    /// Bits a value; nil where it is not known.
    public let bitDepth: Int?

    /// Reads the header of the file at `path`, touching no more of it than that.
    ///
    /// - Throws: `badData` saying what the file is instead, or where it ends.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        try self.init(file.bytes, path: path)
    }

    /// Reads the header at the start of `bytes`; `path` is what an error names.
    public init(_ bytes: RawSpan, path: String) throws(Fault) {
        let bytes = HeaderBytes(bytes, path: path)
        guard let format = ImageFormat(firstBytes: bytes.prefix(16)) else {
            throw bytes.fault(ForeignContent.name(of: bytes.prefix(512)), expected: "an image")
        }
        let shape =
            switch format {
            case .jpeg: try Self.jpeg(bytes)
            case .png: try Self.png(bytes)
            case .gif: try Shape(bytes.little(6, 2), bytes.little(8, 2), 1, 8)
            case .bmp: try Self.bmp(bytes)
            case .webp: try Self.webP(bytes)
            case .tiff: try Self.tiff(bytes)
            }
        guard shape.width > 0, shape.height > 0 else {
            throw bytes.fault(
                "\(format.title) of \(shape.width) x \(shape.height) pixels", expected: "at least one pixel")
        }
        self.format = format
        (width, height, channels, bitDepth) = (shape.width, shape.height, shape.channels, shape.bitDepth)
    }

    /// What the parsers of the formats find.
    struct Shape {
        let width, height: Int
        let channels, bitDepth: Int?

        init(_ width: Int, _ height: Int, _ channels: Int?, _ bitDepth: Int?) {
            (self.width, self.height, self.channels, self.bitDepth) = (width, height, channels, bitDepth)
        }
    }
}

extension ImageFormat {
    /// As a sentence names it: `JPEG`.
    public var title: String { self == .webp ? "WebP" : rawValue.uppercased() }
}

/// What a file is that is no image: mostly what a download left instead of one.
enum ForeignContent {
    static func name(of bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        let start = text.drop { $0.isWhitespace || $0 == "\u{feff}" }
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return "an HTML page" }
        if start.hasPrefix("<svg") || (start.hasPrefix("<?xml") && start.contains("<svg")) { return "an SVG drawing" }
        if start.hasPrefix("version https://git-lfs") { return "a pointer of Git LFS instead of the file" }
        if bytes.allSatisfy({ $0 == 0 }) { return "nothing but zero bytes" }
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) { return "a zip archive" }
        if bytes.starts(with: [0x1F, 0x8B]) { return "gzip-compressed data" }
        if bytes.starts(with: [0x49, 0x49, 0x2B, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2B]) {
            return "a BigTIFF image"
        }
        if bytes.dropFirst(4).starts(with: Array("ftypavif".utf8)) { return "an AVIF image" }
        if bytes.dropFirst(4).starts(with: Array("ftyphei".utf8)) { return "an HEIF image" }
        if bytes.allSatisfy({ (32 ..< 127).contains($0) || (9 ... 13).contains($0) }) { return "a text" }
        return "bytes of no known image format"
    }
}
