internal import Artifacts
internal import Images

/// What one look at an item's file tells.
struct FileLook: Sendable {
    enum Outcome: Sendable, Equatable {
        case sound(ImageFormat)
        /// Its folder is missing, or is an archive: there is no file to look at.
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

    /// Looks at the file at `path`, and decodes all of it if `decodes` and its format allow that.
    init(at path: String, decodes: Bool) {
        switch FileKind(at: path) {
        case .absent: outcome = .absent
        case .folder: outcome = .unreadable("a folder")
        // Opening a pipe would wait for who writes it.
        case .other: outcome = .unreadable("a device or pipe")
        case .file(size: 0): outcome = .unreadable("an empty file")
        case .file: self = Self.opening(path, decodes)
        }
    }

    private static func opening(_ path: String, _ decodes: Bool) -> FileLook {
        var look = FileLook.unseen
        do throws(Fault) {
            let file = try MappedFile(path: path)
            let header = try ImageHeader(file.bytes, path: path)
            look.outcome = .sound(header.format)
            look.byteCount = file.byteCount
            look.head = checksum(file.bytes.extracting(0 ..< min(headLength, file.byteCount)))
            guard decodes, ImagePixels.decodes(header.format) else { return look }
            do throws(Fault) {
                look.complaint = try ImagePixels(decoding: file.bytes, path: path).complaint
                look.isDecoded = true
            } catch {
                look.outcome = error.isUnsupportedImage ? .unsupported(error.found) : .damaged(error.found)
            }
        } catch { look.outcome = .unreadable(error.found) }
        return look
    }
}
