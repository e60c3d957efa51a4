internal import Core
internal import FoundationEssentials
internal import Images
internal import Splits

/// The paths in a list, made relative to the root.
struct ListPaths {
    private let list: String
    private let root: String?
    /// The forms of the root that absolute paths may start with, without the final slash.
    private let roots: [String]
    /// The start that is removed from all paths; nil for none.
    private let removedPrefix: String?
    /// The first paths, to be looked for below the root.
    private var firstPaths: [String] = []
    /// The suffix of the images whose paths have none; nil before the first one.
    private var suffix: String?
    private var suffixCount = 0
    /// Whether the first path has backslashes between folders, as on Windows; nil before it.
    private var isWindows: Bool?

    /// The paths of the file `list` below `root`, if that is known.
    init(list: String, root: String?, removedPrefix: String? = nil) {
        self.list = list
        self.root = root
        self.removedPrefix = removedPrefix
        roots =
            root.map { root in
                let url = URL(filePath: root)
                let forms = [
                    root.replacing("\\", with: "/"), url.standardizedFileURL.path, url.resolvingSymlinksInPath().path,
                ]
                return forms.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
            } ?? []
    }

    /// Sentences on conversions, and on images that are not below the root.
    var notes: [String] {
        var notes: [String] = []
        if isWindows == true { notes.append("backslashes in paths are taken as the separators of folders") }
        if let suffix, suffixCount > 0 {
            notes.append(
                "\(suffixCount) \(suffixCount == 1 ? "path has" : "paths have") no suffix; the images have '\(suffix)'")
        }
        return notes + [missing].compactMap(\.self)
    }

    /// The number of paths that are looked for.
    private static let sampleSize = 100

    /// Returns the path `text` relative to the root, with the suffix of the image.
    ///
    /// - Throws: `badData` for a path without the prefix to remove, and errors of ``converted(_:at:)``.
    mutating func relative(
        _ text: ArraySlice<UInt8>, at place: @autoclosure () -> String
    ) throws(Fault) -> ArraySlice<UInt8> {
        var path = try converted(try withoutPrefix(text, at: place()), at: place())
        guard let root else { return path }
        if firstPaths.count < Self.sampleSize || suffix != nil {
            let words = String(decoding: path, as: UTF8.self)
            if let found = suffixed(words, root) { path = Array(found.utf8)[...] }
            if firstPaths.count < Self.sampleSize { firstPaths.append(String(decoding: path, as: UTF8.self)) }
        }
        return path
    }

    private func withoutPrefix(
        _ text: ArraySlice<UInt8>, at place: @autoclosure () -> String
    ) throws(Fault) -> ArraySlice<UInt8> {
        guard let removedPrefix else { return text }
        let path = String(decoding: text, as: UTF8.self).replacing("\\", with: "/")
        let prefix = removedPrefix.replacing("\\", with: "/")
        guard path.hasPrefix(prefix) else {
            throw .badData(
                list, found: "the path '\(path.prefix(80))' at \(place())",
                expected: "a path that starts with '\(removedPrefix)'",
                remedy: "give a start that all paths have with \(option: "remove_prefix")")
        }
        return Array(path.dropFirst(prefix.count).drop { $0 == "/" }.utf8)[...]
    }

    /// Returns `path` with the suffix of the image below the root; nil if it has one, or there is no such image.
    private mutating func suffixed(_ path: String, _ root: String) -> String? {
        guard ImageFormat(fileName: path) == nil else { return nil }
        let known = suffix.map { [$0] } ?? []
        for suffix in known + Self.suffixes where FileKind(at: root.appending(path: path + suffix)) != .absent {
            self.suffix = self.suffix ?? suffix
            suffixCount += 1
            return path + suffix
        }
        return nil
    }

    private static let suffixes = [".jpg", ".png", ".jpeg", ".JPG", ".JPEG", ".PNG", ".webp", ".tif", ".bmp", ".gif"]

    /// A sentence on the first images if none of them is below the root, with their likely place.
    private var missing: String? {
        guard let root, let first = firstPaths.first,
            !firstPaths.contains(where: { FileKind(at: root.appending(path: $0)) != .absent })
        else { return nil }
        let found = "none of the first \(firstPaths.count) images is in '\(root)', such as '\(first)'"
        func isThere(_ path: some StringProtocol) -> Bool {
            FileKind(at: root.appending(path: String(path))) != .absent
        }
        if let decoded = first.percentDecoded, decoded != first, isThere(decoded) {
            return "\(found), which is called '\(decoded)': replace the percent signs in the list"
        }
        let folders = first.split(separator: "/", omittingEmptySubsequences: false)
        for count in folders.indices.dropFirst() where isThere(folders[count...].joined(separator: "/")) {
            let prefix = folders[..<count].joined(separator: "/")
            return "\(found), but without '\(prefix)' it is: give \(OptionName("remove_prefix")) \(prefix)/"
        }
        let names = (try? listFolder(root)) ?? []
        if let folder = names.first(where: { isThere($0.appending(path: first)) }) {
            return "\(found), which is in '\(folder)': give \(OptionName("root")) \(root.appending(path: folder))"
        }
        return "\(found); give the folder of the images with \(OptionName("root"))"
    }

    /// Returns the path `text` relative to the root.
    ///
    /// Invisible characters around a path, `file://` and Label Studio's addresses of local files are removed, and the
    /// backslashes of Windows replaced. White space of other kinds may belong to a name.
    ///
    /// - Throws: `badData` for an absolute path outside the root, or a web address.
    private mutating func converted(
        _ text: ArraySlice<UInt8>, at place: @autoclosure () -> String
    ) throws(Fault) -> ArraySlice<UInt8> {
        if isWindows == nil { isWindows = text.contains(UInt8(ascii: "\\")) && !text.contains(UInt8(ascii: "/")) }
        guard isWindows == true || Self.isUnusual(text) else { return text }
        var path = Self.visible(String(decoding: text, as: UTF8.self))
        if isWindows == true { path = path.replacing("\\", with: "/") }
        if let file = path.firstRange(of: "/data/local-files/?d="), file.lowerBound == path.startIndex {
            path = String(path[file.upperBound...]).percentDecoded ?? path
        } else if path.lowercased().hasPrefix("file://") {
            path = String(path.dropFirst(7)).percentDecoded ?? path
        } else if let scheme = path.firstRange(of: "://") {
            throw .badData(
                list, found: "an address (\(path[..<scheme.upperBound])…) at \(place()): '\(path.prefix(80))'",
                expected: "the path of a file", remedy: "download the images and list their paths")
        }
        let isDrive = path.utf8.count > 2 && path.dropFirst().hasPrefix(":/") && path.first?.isLetter == true
        if path.hasPrefix("/") || isDrive { path = try belowRoot(path, at: place()) }
        return Array(path.utf8)[...]
    }

    private func belowRoot(_ path: String, at place: String) throws(Fault) -> String {
        for root in roots where path.hasPrefix(root + "/") {
            return String(path.dropFirst(root.count).drop { $0 == "/" })
        }
        throw .badData(
            list, found: "an absolute path at \(place): '\(path)'",
            expected: root.map { "a path below '\($0)'" } ?? "a path below the data root",
            remedy: root == nil
                ? "give the folder above all images with \(option: "root"), or write paths relative to it"
                : "give the folder above all images with \(option: "root"), or the start of the paths to remove with "
                    + "\(option: "remove_prefix")")
    }

    /// Whether a path needs more than a look at its bytes.
    private static func isUnusual(_ path: ArraySlice<UInt8>) -> Bool {
        guard let first = path.first, let last = path.last else { return false }
        return first == UInt8(ascii: "/") || first > 127 || last > 127 || path.contains(UInt8(ascii: ":"))
    }

    /// The path without characters at both ends that are neither visible nor ASCII.
    private static func visible(_ path: String) -> String {
        let scalars = path.unicodeScalars
        func isKept(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII || !scalar.isBlank }
        guard let first = scalars.firstIndex(where: isKept), let last = scalars.lastIndex(where: isKept) else {
            return ""
        }
        return String(scalars[first ... last])
    }
}
