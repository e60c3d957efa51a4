internal import Archives
internal import Core
internal import Images

/// What one look at an item's file tells.
struct FileLook: Sendable {
    enum Outcome: Sendable, Equatable {
        case sound(ImageFormat)
        /// Its folder is missing: there is no file to look at.
        case unseen
        case absent
        /// No image of any kind, and what it is instead.
        case unreadable(String)
        /// Its header is an image's, the rest is not.
        case damaged(String)
        /// An image of a rare kind, which is not decoded.
        case unsupported(String)
    }

    var outcome: Outcome
    /// Whether all pixels were decoded.
    var isDecoded = false
    /// What the decoder got over.
    var complaint: String?
    var byteCount = 0
    /// A checksum of the first page, which looking at the header has read anyway.
    var head: UInt64 = 0

    static let headLength = 4096

    static let unseen = FileLook(outcome: .unseen)

    private init(outcome: Outcome) { self.outcome = outcome }

    /// Looks at the image `item` of `source`, and decodes all of it if `decodes` and its format allow that.
    init(at item: String, of source: ItemSource, decodes: Bool) {
        self = .unseen
        let content: ItemContent
        do throws(Fault) { content = try source.content(of: item) } catch {
            outcome = error.status == .noInput ? .absent : .unreadable(error.found)
            return
        }
        do throws(Fault) {
            try content.withBytes { bytes throws(Fault) in try look(at: bytes, item, decodes) }
        } catch { outcome = .unreadable(error.found) }
    }

    private mutating func look(at bytes: RawSpan, _ item: String, _ decodes: Bool) throws(Fault) {
        let header = try ImageHeader(bytes, path: item)
        outcome = .sound(header.format)
        byteCount = bytes.byteCount
        head = checksum(bytes.extracting(0 ..< min(Self.headLength, bytes.byteCount)))
        guard decodes else { return }
        do throws(Fault) {
            complaint = try ImagePixels(decoding: bytes, path: item).warning
            isDecoded = true
        } catch {
            outcome = error.isUnsupportedImage ? .unsupported(error.found) : .damaged(error.found)
        }
    }
}
