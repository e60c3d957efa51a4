public import Core

/// The format and size of an image, read from its first bytes and not from its name.
public struct ImageHeader: Hashable, Sendable {
    /// The file format.
    public let format: ImageFormat
    /// The numbers of pixel columns and rows, both at least 1.
    public let width, height: Int
    /// Whether the pixels are gray values of more than eight bits, which Pillow clips to 255.
    ///
    /// Such an image becomes nearly white, unless its values use the lowest eight bits only.
    public let isDeepGray: Bool

    /// Reads only the header of the file at `path`.
    ///
    /// - Throws: `badData` if the file is not an image or ends within the header.
    public init(path: String) throws(Fault) {
        let file = try MappedFile(path: path)
        try self.init(file.bytes, path: path)
    }

    /// Reads the header at the start of `bytes`; `path` names the image in errors.
    public init(_ bytes: RawSpan, path: String) throws(Fault) {
        let header = HeaderBytes(bytes, path: path)
        guard let format = try Self.format(header) else {
            throw header.damaged(ForeignContent.name(of: header.prefix(512)), expected: "an image")
        }
        let facts: Facts =
            switch format {
            case .jpeg: try Self.jpeg(header)
            case .png: try Self.png(header)
            case .gif: try Facts(header.little(6, 2), header.little(8, 2))
            case .bmp: try Self.bmp(header)
            case .webp: try Self.webP(header)
            case .tiff: try Self.tiff(header)
            case .heic: try HEICDecoder.header(bytes, path: path)
            case .avif: try AVIFDecoder.header(bytes, path: path)
            case .ppm: try Self.ppm(header)
            }
        guard facts.width > 0, facts.height > 0 else {
            throw header.damaged(
                "\(format.title) of \(facts.width) x \(facts.height) pixels", expected: "at least one pixel")
        }
        self.format = format
        width = facts.width
        height = facts.height
        isDeepGray = facts.isDeepGray
    }

    /// Returns the format of a file, or nil if it is not an image.
    private static func format(_ bytes: borrowing HeaderBytes) throws(Fault) -> ImageFormat? {
        let format = ImageFormat(firstBytes: bytes.prefix(ImageFormat.signatureLength))
        guard format == nil || format == .tiff else { return format }
        // Raw images of cameras are TIFFs whose first directory is often a thumbnail.
        let raw = format == .tiff && UnreadFormat(fileName: bytes.path) == .raw ? UnreadFormat.raw : nil
        guard let unread = raw ?? UnreadFormat(firstBytes: bytes.prefix(512)) else { return format }
        guard !unread.isVideo else {
            throw .badData(
                bytes.path, found: unread.description, expected: "an image", remedy: "take frames of it as images")
        }
        throw .unsupportedImage(bytes.path, found: unread.description, expected: ImageFormat.titles("or"))
    }

    /// The facts in the header of a format.
    struct Facts {
        let width, height: Int
        let isDeepGray: Bool

        init(_ width: Int, _ height: Int, isDeepGray: Bool = false) {
            self.width = width
            self.height = height
            self.isDeepGray = isDeepGray
        }
    }
}

/// Descriptions of files that are not images, as failed downloads leave them.
enum ForeignContent {
    static let unknown = "bytes of an unknown image format"

    /// Describes the content that starts with `bytes`, with its article.
    static func name(of bytes: [UInt8]) -> String {
        if let content = FileContent.placeholder(bytes) { return content.name }
        if bytes.allSatisfy({ $0 == 0 }) { return "only zero bytes" }
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) { return "a zip archive" }
        if bytes.starts(with: [0x1F, 0x8B]) { return "gzip-compressed data" }
        if bytes.starts(with: Array("%PDF".utf8)) { return "a PDF document" }
        if bytes.allSatisfy({ (32 ..< 127).contains($0) || (9 ... 13).contains($0) }) { return "a text" }
        return unknown
    }
}
