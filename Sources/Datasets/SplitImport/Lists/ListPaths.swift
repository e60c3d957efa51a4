internal import Core
internal import Foundation
internal import Splits

/// The paths in a list, made relative to the root.
struct ListPaths {
    private let list: String
    private let root: String?
    /// The forms of the root that absolute paths may start with, without the final slash.
    private let roots: [String]
    /// Whether the first path has backslashes between folders, as on Windows; nil before it.
    private var isWindows: Bool?

    /// The paths of the file `list` below `root`, if that is known.
    init(list: String, root: String?) {
        self.list = list
        self.root = root
        roots =
            root.map { root in
                let url = URL(filePath: root)
                let forms = [
                    root.replacing("\\", with: "/"), url.standardizedFileURL.path, url.resolvingSymlinksInPath().path,
                ]
                return forms.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
            } ?? []
    }

    /// A sentence on a conversion of all paths; nil if there is none.
    var note: String? { isWindows == true ? "backslashes in paths are taken as the separators of folders" : nil }

    /// Returns the path `text` relative to the root.
    ///
    /// Invisible characters around a path, `file://` and Label Studio's addresses of local files are removed, and the
    /// backslashes of Windows replaced. White space of other kinds may belong to a name.
    ///
    /// - Throws: `badData` for an absolute path outside the root, or a web address.
    mutating func relative(
        _ text: ArraySlice<UInt8>, at place: @autoclosure () -> String
    ) throws(Fault) -> ArraySlice<UInt8> {
        if isWindows == nil { isWindows = text.contains(UInt8(ascii: "\\")) && !text.contains(UInt8(ascii: "/")) }
        guard isWindows == true || Self.isUnusual(text) else { return text }
        var path = Self.visible(String(decoding: text, as: UTF8.self))
        if isWindows == true { path = path.replacing("\\", with: "/") }
        if let file = path.firstRange(of: "/data/local-files/?d="), file.lowerBound == path.startIndex {
            path = String(path[file.upperBound...]).removingPercentEncoding ?? path
        } else if path.lowercased().hasPrefix("file://") {
            path = String(path.dropFirst(7)).removingPercentEncoding ?? path
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
                : "give the folder above all images with \(option: "root")")
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
