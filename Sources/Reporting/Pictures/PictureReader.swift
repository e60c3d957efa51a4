/// A source of small pictures of items, which a report embeds.
public protocol PictureReader: Sendable {
    /// Returns a picture for each of `requests`, whose paths start at `folder`.
    ///
    /// A picture that cannot be made is no failure of the report.
    func pictures(of requests: [PictureRequest], in folder: String) -> [Result<Picture, PictureFailure>]
}

/// An item whose picture is requested.
public struct PictureRequest: Sendable {
    /// The item's id, which is the path of its image.
    public let item: String
    /// The XXH3 checksum of the image file that was encoded; nil if it was not recorded.
    public let checksum: UInt64?

    /// Creates a request.
    public init(item: String, checksum: UInt64?) {
        self.item = item
        self.checksum = checksum
    }
}

/// A small JPEG file.
public struct Picture: Sendable {
    /// The numbers of pixel columns and rows.
    public let width, height: Int
    /// The content of the file.
    public let jpeg: [UInt8]
    /// Whether the picture is turned or mirrored, as EXIF data says, compared with the stored pixels.
    public let isTurned: Bool

    /// Creates a picture from a JPEG file.
    public init(width: Int, height: Int, jpeg: [UInt8], isTurned: Bool) {
        self.width = width
        self.height = height
        self.jpeg = jpeg
        self.isTurned = isTurned
    }
}

/// The reason for a missing picture.
public enum PictureFailure: Error, Sendable, CaseIterable {
    /// There is no such file.
    case missing
    /// The file is not the one that was encoded.
    case changed
    /// The file cannot be decoded.
    case undecodable
}

/// The pictures of a page.
public struct PictureOptions: Sendable {
    /// The source of pictures.
    public var reader: any PictureReader
    /// The most pictures per section.
    public var limit: Int
    /// The folder at which the items' paths start; nil for the recorded one.
    public var folder: String?
    /// The most bytes of all pictures together, as the page encodes them.
    public var byteLimit = 3_000_000

    /// Takes pictures of `reader`.
    public init(reader: any PictureReader, limit: Int = 60, folder: String? = nil) {
        self.reader = reader
        self.limit = limit
        self.folder = folder
    }
}
