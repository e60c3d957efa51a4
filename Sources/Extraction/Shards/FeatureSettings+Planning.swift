internal import Core
internal import Foundation
internal import Kernels

extension FeatureSettings {
    /// The settings as a plan in `folder` stores them, so that a worker elsewhere makes the same rows.
    ///
    /// Paths are relative to the plan's folder, so that the tree may be mounted anywhere. The precision is never `auto`,
    /// which differs between processors.
    func planned(in folder: String, _ precision: Precision) throws(Fault) -> FeatureSettings {
        let place = RelativePaths(to: folder)
        var planned = self
        planned.split = place.path(split)
        planned.root = place.path(root)
        planned.model = place.path(model)
        planned.vocabulary = vocabulary.map(place.path)
        planned.prompts = try Self.pieces(prompts).map { piece throws(Fault) in
            guard case .file = try FileKind.found(at: piece) else { return piece }
            let path = place.path(piece)
            // Such a path would be split at these characters when it is read again.
            return path.contains { "+,".contains($0) } ? piece : path
        }
        planned.precision = PrecisionRequest(precision)
        return planned
    }

    private static func pieces(_ prompts: [String]) throws(Fault) -> [String] {
        var pieces: [String] = []
        for choice in prompts {
            var isFile = false
            if case .file = try FileKind.found(at: choice) { isFile = true }
            pieces += isFile ? [choice] : choice.split { "+,".contains($0) }.map(String.init)
        }
        return pieces
    }

    /// The settings of a plan in `folder`, with paths that are valid in this process.
    func located(in folder: String) throws(Fault) -> FeatureSettings {
        func from(_ path: String) -> String {
            path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
        }
        var located = self
        located.split = from(split)
        located.root = from(root)
        located.model = from(model)
        located.vocabulary = vocabulary.map(from)
        located.prompts = try prompts.map { piece throws(Fault) in
            if case .file = try FileKind.found(at: from(piece)) { return from(piece) }
            return piece
        }
        guard precision != .auto else {
            throw .badData(
                "\(folder)/\(ShardPlan.fileName)", found: "the precision 'auto'", expected: "f32 or bf16",
                remedy: "\(action: .planShards)")
        }
        return located
    }
}

/// Paths relative to a folder.
private struct RelativePaths {
    private let base: [Substring]
    private let working: String

    init(to folder: String) {
        working = FileManager.default.currentDirectoryPath
        // A link to the folder does not change where `..` leads.
        let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        base = real.split(separator: "/")
    }

    func path(_ path: String) -> String {
        let whole = URL(fileURLWithPath: path.hasPrefix("/") ? path : "\(working)/\(path)").standardizedFileURL.path
        let pieces = whole.split(separator: "/")
        let shared = zip(base, pieces).prefix { $0 == $1 }.count
        let words = Array(repeating: "..", count: base.count - shared) + pieces.dropFirst(shared).map(String.init)
        return words.isEmpty ? "." : words.joined(separator: "/")
    }
}
