internal import Core
internal import Images

/// The images and videos of an import in formats that are not read.
struct UnreadFiles {
    private var paths: [UnreadFormat: [String]] = [:]

    var isEmpty: Bool { paths.isEmpty }

    mutating func add(_ path: String, _ format: UnreadFormat) { paths[format, default: []].append(path) }

    /// Adds a note on each format to `assembly`.
    func note(in assembly: inout SplitAssembly) {
        for (format, paths) in groups {
            assembly.note(paths, format.words(1), format.words(2)) { files in
                "left out: \(files)" + (format.isVideo ? "" : ", a format that is not read; convert to PNG")
            }
        }
    }

    /// The fault of an import of `path` that has found these files and no others.
    func fault(_ path: String) -> Fault {
        let found = groups.map { listed($0.paths, $0.format.words(1), $0.format.words(2)) }
        let hasImages = paths.keys.contains { !$0.isVideo }
        return .badData(
            path, found: found.joined(separator: " and ") + (hasImages ? " in formats that are not read" : ""),
            expected: "images in \(ImageFormat.titles("or"))",
            remedy: hasImages ? "convert them, for example to PNG" : "take frames of the videos as images")
    }

    /// The files of each format, the most frequent format first.
    private var groups: [(format: UnreadFormat, paths: [String])] {
        paths.map { ($0.key, $0.value) }.sorted { ($1.1.count, $0.0.title) < ($0.1.count, $1.0.title) }
    }
}
