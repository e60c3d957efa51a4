internal import Archives
internal import Core
internal import Images

/// The result of reading an item's file.
struct FileLook: Sendable {
    enum Outcome: Sendable, Equatable {
        case sound(ImageFormat)
        /// Not read, because the folder is missing.
        case unseen
        case absent
        /// Not an image, with the kind of the file.
        case unreadable(String)
        /// A valid image header followed by damage.
        case damaged(String)
        /// A valid image that cannot be decoded.
        case unsupported(String)
    }

    var outcome: Outcome
    /// Whether all pixels were decoded.
    var isDecoded = false
    /// The decoder's warning.
    var complaint: String?
    /// The extent of gray values of more than eight bits, which are clipped; nil for other images.
    var clipping: String?
    var byteCount = 0
    /// A checksum of the first page, which contains the header and is in memory already.
    var head: UInt64 = 0

    static let headLength = 4096

    static let unseen = FileLook(outcome: .unseen)

    private init(outcome: Outcome) { self.outcome = outcome }

    /// Reads the header of the image `item` of `source`, and decodes the image if `decodes` is true and it is possible.
    init(at item: String, of source: ItemSource, decodes: Bool) {
        self = .unseen
        let content: ItemContent
        do throws(Fault) { content = try source.content(of: item) } catch {
            outcome = error.status == .noInput ? .absent : .unreadable(error.found)
            return
        }
        do throws(Fault) {
            try content.withBytes { bytes throws(Fault) in try look(at: bytes, item, decodes) }
        } catch { outcome = error.isUnsupportedImage ? .unsupported(error.found) : .unreadable(error.found) }
    }

    private mutating func look(at bytes: RawSpan, _ item: String, _ decodes: Bool) throws(Fault) {
        let header = try ImageHeader(bytes, path: item)
        outcome = .sound(header.format)
        byteCount = bytes.byteCount
        head = checksum(bytes.extracting(0 ..< min(Self.headLength, bytes.byteCount)))
        if header.isDeepGray { clipping = "gray values of more than 8 bits" }
        guard decodes else { return }
        do throws(Fault) {
            let image = try ImagePixels(decoding: bytes, path: item)
            complaint = image.warning
            clipping = image.clippedCount > 0 ? ClippedImages.words(image) : nil
            isDecoded = true
        } catch {
            outcome = error.isUnsupportedImage ? .unsupported(error.found) : .damaged(error.found)
        }
    }
}
