public import Core

/// The format and size of an image, read from its first bytes and not from its name.
public struct ImageHeader: Hashable, Sendable {
    /// The file format.
    public let format: ImageFormat
    /// The numbers of pixel columns and rows, both at least 1.
    public let width, height: Int

    /// Reads only the header of the file at `path`.
    ///
    /// - Throws: `badData` if the file is not an image or ends within the header.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        try self.init(file.bytes, path: path)
    }

    /// Reads the header at the start of `bytes`; `path` names the image in errors.
    public init(_ bytes: RawSpan, path: String) throws(Fault) {
        let bytes = HeaderBytes(bytes, path: path)
        guard let format = ImageFormat(firstBytes: bytes.prefix(16)) else {
            throw bytes.damaged(ForeignContent.name(of: bytes.prefix(512)), expected: "an image")
        }
        let size: Size =
            switch format {
            case .jpeg: try Self.jpeg(bytes)
            case .png: try Self.png(bytes)
            case .gif: try (bytes.little(6, 2), bytes.little(8, 2))
            case .bmp: try Self.bmp(bytes)
            case .webp: try Self.webP(bytes)
            case .tiff: try Self.tiff(bytes)
            }
        guard size.width > 0, size.height > 0 else {
            throw bytes.damaged(
                "\(format.title) of \(size.width) x \(size.height) pixels", expected: "at least one pixel")
        }
        self.format = format
        width = size.width
        height = size.height
    }

    /// The size found by the parser of a format.
    typealias Size = (width: Int, height: Int)
}

/// Descriptions of files that are not images, as failed downloads leave them.
enum ForeignContent {
    /// Describes the content that starts with `bytes`, with its article.
    static func name(of bytes: [UInt8]) -> String {
        if let content = FileContent.placeholder(bytes) { return content.name }
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        let start = text.drop { $0.isWhitespace || $0 == "\u{feff}" }
        if start.hasPrefix("<svg") || (start.hasPrefix("<?xml") && start.contains("<svg")) { return "an SVG image" }
        if bytes.allSatisfy({ $0 == 0 }) { return "only zero bytes" }
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) { return "a zip archive" }
        if bytes.starts(with: [0x1F, 0x8B]) { return "gzip-compressed data" }
        if bytes.starts(with: [0x49, 0x49, 0x2B, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2B]) {
            return "a BigTIFF image"
        }
        if bytes.dropFirst(4).starts(with: Array("ftypavif".utf8)) { return "an AVIF image" }
        if bytes.dropFirst(4).starts(with: Array("ftyphei".utf8)) { return "an HEIF image" }
        if bytes.allSatisfy({ (32 ..< 127).contains($0) || (9 ... 13).contains($0) }) { return "a text" }
        return "bytes of an unknown image format"
    }
}
