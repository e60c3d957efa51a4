internal import Core
internal import FoundationEssentials
internal import TensorFiles

/// Finds the files of a model's weights.
enum ModelFiles {
    /// The usual names of a model's only file, in the order of preference.
    private static let usualNames = [
        "model.safetensors", "open_clip_model.safetensors", "pytorch_model.bin", "open_clip_pytorch_model.bin",
    ]
    private static let maximumIndexSize = 1 << 24

    /// Returns the files at `path`, a file or folder, and the folder that contains them.
    static func find(_ path: String) throws(Fault) -> (paths: [String], folder: String) {
        switch try FileKind.found(at: path) {
        case .file:
            if path.hasSuffix(".index.json") { return (try shards(path), parentFolder(of: path)) }
            return ([path], parentFolder(of: path))
        case .absent:
            throw Fault(
                .noInput, path, found: "no such file or directory", expected: "a model's weights, a file or a folder",
                remedy: isModelName(path)
                    ? "give the path of the files; docs/weights.md says where to download them" : "check the path")
        case .other: throw .badData(path, found: "a device", expected: "a model's weights, a file or a folder")
        case .folder: break
        }
        for name in usualNames {
            if case .file = try FileKind.found(at: path.appending(path: name)) {
                return ([path.appending(path: name)], path)
            }
            if case .file = try FileKind.found(at: path.appending(path: "\(name).index.json")) {
                return (try shards(path.appending(path: "\(name).index.json")), path)
            }
        }
        if let snapshot = try snapshot(in: path) { return try find(snapshot) }
        return ([try onlyFile(in: path)], path)
    }

    /// Whether `path` looks like the name of a model, as `ViT-B/32` or `openai/clip-vit-base-patch32`.
    private static func isModelName(_ path: String) -> Bool {
        let name = path.lowercased()
        let starts = ["vit-", "rn50", "rn101", "eva", "siglip", "convnext", "clip-", "coca", "metaclip"]
        return starts.contains { name.hasPrefix($0) || name.contains("/\($0)") }
    }

    /// The folder of the only or the main snapshot in a folder of Hugging Face's cache, `models--owner--name`; nil for
    /// another folder.
    private static func snapshot(in folder: String) throws(Fault) -> String? {
        let snapshots = folder.appending(path: "snapshots")
        guard try FileKind.found(at: snapshots) == .folder else { return nil }
        let names = (try? listFolder(snapshots)) ?? []
        if names.count == 1 { return snapshots.appending(path: names[0]) }
        let main = try? String(contentsOfFile: folder.appending(path: "refs/main"), encoding: .utf8)
        guard let main = main?.trimmed, names.contains(main) else {
            throw Fault(
                .noInput, snapshots,
                found: names.isEmpty ? "no snapshot" : "\(names.count) snapshots (\(listed(names)))",
                expected: "one snapshot of a model",
                remedy: names.isEmpty ? "download the model again" : "give the folder of one of them")
        }
        return snapshots.appending(path: main)
    }

    /// The only file of weights in a folder, under any name such as `ViT-B-32.pt`.
    private static func onlyFile(in folder: String) throws(Fault) -> String {
        let names = (try? listFolder(folder)) ?? []
        let weights = names.filter { name in
            [".safetensors", ".pt", ".pth", ".bin"].contains { name.hasSuffix($0) }
        }
        guard let only = weights.first, weights.count == 1 else {
            let found = weights.isEmpty ? "no weights" : "\(weights.count) files of weights (\(listed(weights)))"
            throw Fault(
                .noInput, folder, found: found,
                expected: usualNames.joined(separator: ", ") + ", an index of shards or one file of weights",
                remedy: weights.isEmpty ? "name a model's folder, or the file itself" : "name one of them")
        }
        return folder.appending(path: only)
    }

    /// The files that an index of shards lists, all in its own folder.
    private static func shards(_ path: String) throws(Fault) -> [String] {
        struct Index: Decodable { var weight_map: [String: String] }
        if case .file(let size) = try FileKind.found(at: path), size > maximumIndexSize {
            throw .badData(path, found: "\(size) bytes", expected: "an index of shards of at most \(maximumIndexSize)")
        }
        let index = try JSONDocument.read(Index.self, from: path, expected: "an index of shards")
        let names = Set(index.weight_map.values).sorted()
        guard !names.isEmpty else { throw .badData(path, found: "no shards", expected: "at least one") }
        for name in names where name.isEmpty || name.hasPrefix(".") || name.utf8.contains(UInt8(ascii: "/")) {
            throw .badData(path, found: "the shard '\(name)'", expected: "names of files beside the index")
        }
        return names.map { parentFolder(of: path).appending(path: $0) }
    }
}
