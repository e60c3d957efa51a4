internal import Core
internal import FoundationEssentials
internal import Kernels
internal import Splits

extension FeatureSettings {
    /// The settings as a plan in `folder` stores them, so that a worker elsewhere makes the same rows.
    ///
    /// Paths are relative to the plan's folder, so that the tree may be mounted anywhere. The precision is never
    /// `auto`, which differs between processors.
    func planned(in folder: String, _ precision: Precision) throws(Fault) -> FeatureSettings {
        func relative(_ path: String) -> String { relativePath(path, to: folder) }
        var planned = mappingPaths(relative)
        planned.prompts = try PromptChoice.pieces(prompts).map { piece throws(Fault) in
            try Self.isFile(piece) ? relative(piece) : piece
        }
        planned.precision = PrecisionRequest(precision)
        return planned
    }

    private static func isFile(_ path: String) throws(Fault) -> Bool {
        if case .file = try FileKind.found(at: path) { true } else { false }
    }

    private func mappingPaths(_ path: (String) -> String) -> FeatureSettings {
        var settings = self
        settings.split = path(split)
        settings.root = path(root)
        settings.model = path(model)
        settings.vocabulary = vocabulary.map(path)
        return settings
    }

    /// The settings of a plan in `folder`, with paths that are valid in this process.
    func located(in folder: String) throws(Fault) -> FeatureSettings {
        guard precision != .auto else {
            throw .badData(
                folder.appending(path: ShardPlan.fileName), found: "the precision 'auto'", expected: "f32 or bf16",
                remedy: "\(action: .planShards)")
        }
        func path(_ path: String) -> String {
            path.hasPrefix("/") || folder == "." ? path : folder.appending(path: path)
        }
        var located = mappingPaths(path)
        located.prompts = try prompts.map { piece throws(Fault) in
            try Self.isFile(path(piece)) ? path(piece) : piece
        }
        return located
    }
}

/// The path from the folder `folder` to `path`.
private func relativePath(_ path: String, to folder: String) -> String {
    // A link to the folder does not change where `..` leads.
    let base = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path.split(separator: "/")
    let working = FileManager.default.currentDirectoryPath
    let whole = URL(fileURLWithPath: path.hasPrefix("/") ? path : working.appending(path: path)).standardizedFileURL
        .path
    let pieces = whole.split(separator: "/")
    let shared = zip(base, pieces).prefix { $0 == $1 }.count
    let words = Array(repeating: "..", count: base.count - shared) + pieces.dropFirst(shared).map(String.init)
    return words.isEmpty ? "." : words.joined(separator: "/")
}
