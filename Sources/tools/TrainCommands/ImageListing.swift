internal import Core
internal import FoundationEssentials
internal import Images

/// The images below a folder at any depth, whatever its folders mean.
struct ImageListing {
    /// The paths of the images, which start with the folder, sorted by name.
    private(set) var images: [String] = []
    /// The paths of other files.
    private(set) var others: [String] = []
    /// The folders that were listed, with links resolved.
    private var known: Set<String> = []

    /// Lists the folder at `path` without hidden names; a link to a folder that was listed before is passed over.
    ///
    /// - Throws: `noInput` for a folder that cannot be read.
    init(below path: String) throws(Fault) { try add(path) }

    private mutating func add(_ folder: String) throws(Fault) {
        guard known.insert(URL(fileURLWithPath: folder).resolvingSymlinksInPath().path).inserted else { return }
        let names: [String]
        do { names = try listFolder(folder) } catch {
            throw Fault(
                .noInput, folder, found: "a folder that cannot be read", expected: "a folder of images",
                remedy: "check its mode")
        }
        for name in names where !name.hasPrefix(".") {
            let path = folder.appending(path: name)
            switch FileKind(at: path) {
            case .folder: try add(path)
            case .file: if Self.isImage(path) { images.append(path) } else { others.append(path) }
            case .absent, .other: others.append(path)
            }
        }
    }

    /// Whether the file is an image, judged by its suffix or else its first bytes.
    private static func isImage(_ path: String) -> Bool {
        if ImageFormat(fileName: lastComponent(of: path)) != nil { return true }
        guard let file = try? OpenFile(reading: path), let bytes = try? file.read(16, at: 0) else { return false }
        return ImageFormat(firstBytes: bytes) != nil
    }
}
