internal import FoundationEssentials

/// The note `sources.json`: the places of a folder's inputs on this machine, relative to the folder.
///
/// It saves naming them again and nothing else. What it names is used only if its digest is the recorded one, no digest
/// covers the note, and a folder without it is complete.
package struct SourcePaths: Codable, Equatable, Sendable {
    /// The encoder's weights, a file or folder.
    package var model: String?
    /// The feature folder of a study's runs.
    package var features: String?
    /// The folder to which the paths of encoded images are relative.
    package var images: String?

    /// Creates a note on paths that start at the working folder.
    package init(model: String? = nil, features: String? = nil, images: String? = nil) {
        self.model = model
        self.features = features
        self.images = images
    }

    /// The name of the note in its folder.
    package static let name = "sources.json"

    /// Reads the note of `folder`, with paths that start at the working folder; without a readable note, all are nil.
    package init(of folder: String) {
        let path = folder.appending(path: Self.name)
        guard let bytes = try? fileBytes(path), let note = try? JSONDecoder().decode(Self.self, from: Data(bytes))
        else { return }
        model = note.model.map { place(of: $0, in: folder) }
        features = note.features.map { place(of: $0, in: folder) }
        images = note.images.map { place(of: $0, in: folder) }
    }

    /// Writes the note to `folder`, unless it is the same; where it cannot be written, there is none.
    package func record(in folder: String) {
        var note = self
        note.model = model.map { relativePath(of: $0, from: folder) }
        note.features = features.map { relativePath(of: $0, from: folder) }
        note.images = images.map { relativePath(of: $0, from: folder) }
        let text = JSONDocument.page(note)
        let path = folder.appending(path: Self.name)
        if let bytes = try? fileBytes(path), bytes.elementsEqual(text.utf8) { return }
        try? PublishedFile.publish(text, to: path)
    }
}

/// Returns the path of `path` relative to the folder `folder`, with links resolved in both.
private func relativePath(of path: String, from folder: String) -> String {
    func components(_ path: String) -> [String] {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().pathComponents.filter { $0 != "/" }
    }
    let target = components(path)
    let start = components(folder)
    let shared = zip(target, start).prefix { $0 == $1 }.count
    let steps = Array(repeating: "..", count: start.count - shared) + target[shared...]
    return steps.isEmpty ? "." : steps.joined(separator: "/")
}

/// Returns the place of `path`, which is relative to `folder`: below the working folder, or else absolute.
private func place(of path: String, in folder: String) -> String {
    let resolved = URL(fileURLWithPath: folder).resolvingSymlinksInPath().appending(path: path).standardized.path
    let working = FileManager.default.currentDirectoryPath + "/"
    return resolved.hasPrefix(working) ? String(resolved.dropFirst(working.count)) : resolved
}
