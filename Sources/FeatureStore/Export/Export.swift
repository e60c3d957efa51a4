public import Core
internal import FoundationEssentials
internal import TensorFiles

/// A format for exported features.
public enum ExportFormat: String, Codable, Sendable, CaseIterable {
    /// The files `PART.features.npy`, `PART.labels.npy`, and `PART.json`.
    case npy
    /// The file `PART.safetensors` with the names as metadata.
    case safetensors
}

/// A file of exported features.
public struct ExportedFile: Codable, Sendable, Equatable {
    /// The kind of the feature file.
    public let part: FeatureFile.Kind
    /// The path of the new file.
    public let path: String
}

/// Writes a feature file, or a folder's files of `part`, in another format with the same type; returns the new files.
///
/// - Throws: errors of reading and writing; an existing file is replaced only by a complete one.
public func exportFeatures(
    at path: String, part: FeatureFile.Kind? = nil, as format: ExportFormat, to folder: String,
    progress: Progress = { _, _ in }
) throws(Fault) -> [ExportedFile] {
    var written: [ExportedFile] = []
    for source in try featureFiles(at: path, part: part) {
        let file = try FeatureFile(path: source)
        if let part { try file.require(part) }
        let stem = folder.appending(path: file.part.rawValue)
        let paths =
            switch format {
            case .npy: try file.exportNpy(stem, progress)
            case .safetensors: [try file.exportSafetensors(stem, progress)]
            }
        written += paths.map { ExportedFile(part: file.part, path: $0) }
    }
    return written
}

private struct Names: Encodable {
    let part: FeatureFile.Kind
    let normalized: Bool
    let classes: [String]
    var ids: [String]?
    var prompts: [[String]]?
    var kinds: [PromptKind]?
    let provenance: Provenance

    init(_ file: borrowing FeatureFile) throws(Fault) {
        part = file.part
        normalized = file.isNormalized
        classes = file.classes
        provenance = try file.provenance()
        guard file.part == .text else {
            ids = try file.ids()
            return
        }
        prompts = try file.prompts()
        kinds = try file.kinds()
    }

    /// The fields as strings, as required for the metadata of safetensors.
    var metadata: [String: String] {
        var fields = [
            "format": "fewshot-features", "part": part.rawValue, "normalized": "\(normalized)",
            "classes": JSONDocument.line(classes), "provenance": JSONDocument.line(provenance),
        ]
        fields["ids"] = ids.map(JSONDocument.line)
        fields["prompts"] = prompts.map(JSONDocument.line)
        fields["kinds"] = kinds.map(JSONDocument.line)
        return fields
    }
}

extension FeatureFile {
    private var elementType: ElementType { type == .float16 ? .float16 : .float32 }

    fileprivate func exportNpy(_ stem: String, _ progress: Progress) throws(Fault) -> [String] {
        var paths = ["\(stem).features.npy"]
        var writer = try NpyWriter(paths[0], shape: layout.shape.extents, type: elementType)
        try forEachPiece { items, bytes throws(Fault) in
            if items.lowerBound == 0 { try progress(0, count) }
            try writer.append(bytes)
            try progress(items.upperBound, count)
        }
        try writer.commit()
        if part != .text {
            paths.append("\(stem).labels.npy")
            let labels = try labels()
            var writer = try NpyWriter(paths[1], shape: [labels.count], type: .int32)
            unsafe try writer.append(labels.span.bytes)
            try writer.commit()
        }
        paths.append("\(stem).json")
        try PublishedFile.publish(JSONDocument.page(try Names(self)), to: "\(stem).json")
        return paths
    }

    fileprivate func exportSafetensors(_ stem: String, _ progress: Progress) throws(Fault) -> String {
        let path = "\(stem).safetensors"
        let labels = part == .text ? [] : try labels()
        var tensors = [TensorDescription(name: "features", shape: layout.shape.extents, type: elementType)]
        if part != .text { tensors.append(TensorDescription(name: "labels", shape: [labels.count], type: .int32)) }
        var writer = try SafetensorsWriter(path, tensors: tensors, metadata: try Names(self).metadata)
        try forEachPiece { items, bytes throws(Fault) in
            if items.lowerBound == 0 { try progress(0, count) }
            try writer.append(bytes, to: "features")
            try progress(items.upperBound, count)
        }
        if part != .text { unsafe try writer.append(labels.span.bytes, to: "labels") }
        try writer.commit()
        return path
    }
}
