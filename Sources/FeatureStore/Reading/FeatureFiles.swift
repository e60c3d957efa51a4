public import Core

/// A function that receives the amounts of finished and of all work; an error that it throws ends the work.
public typealias Progress = (_ done: Int, _ total: Int) throws(Fault) -> Void

/// Returns the feature file at `path`, or those of the folder in the order of ``FeatureFile/Kind``, or that of `part`.
///
/// - Throws: `noInput` if there is no file.
public func featureFiles(at path: String, part: FeatureFile.Kind? = nil) throws(Fault) -> [String] {
    switch try FileKind.found(at: path) {
    case .absent:
        throw Fault(
            .noInput, path, found: "no such file or directory", expected: "a feature file or folder",
            remedy: "check the path")
    case .file, .other: return [path]
    case .folder: break
    }
    let parts = FeatureFile.Kind.allCases.filter { part == nil || $0 == part }
    var files: [String] = []
    for file in parts.map({ path.appending(path: $0.fileName) }) where try FileKind.found(at: file) != .absent {
        files.append(file)
    }
    guard !files.isEmpty else {
        throw FeatureFolder.absent(path, expected: parts.map(\.fileName).joined(separator: ", "))
    }
    return files
}

/// Whether the file at `path` starts like a feature file or another HDF5 file, or has the suffix `.h5`.
public func isFeatureFile(_ path: String) throws(Fault) -> Bool {
    let file = try MappedFile(path: path)
    for start in [Array("fewshot".utf8), HDF5File.signature] where file.bytes.holds(start, at: 0) { return true }
    return path.hasSuffix(".h5")
}

/// A feature file after its compression or decompression.
public struct RepackedFile: Codable, Sendable {
    /// The path of the file.
    public let path: String
    /// Whether the values are compressed.
    public let isCompressed: Bool
    /// Whether the file had this form already.
    public let isUnchanged: Bool
    /// The size of the file in bytes.
    public let byteCount: Int
    /// The size of the original file in bytes.
    public let originalByteCount: Int

    /// The result as a line of text.
    public var line: String {
        let form = isCompressed ? "compressed" : "uncompressed"
        return isUnchanged
            ? "\(path): already \(form)" : "\(path): \(form), \(byteCount) bytes of \(originalByteCount)"
    }
}

/// Compresses or decompresses a feature file or a folder's files, in place or to `output`; returns the files.
///
/// - Throws: errors of reading and writing; unfinished files are unchanged.
public func repackFeatures(
    at path: String, to output: String?, compressing: Bool, progress: Progress = { _, _ in }
) throws(Fault) -> [RepackedFile] {
    let isFolder = try FileKind.found(at: path) == .folder
    var files: [RepackedFile] = []
    for source in try featureFiles(at: path) {
        let file = try FeatureFile(path: source)
        let target = output.map { isFolder ? $0.appending(path: lastComponent(of: source)) : $0 } ?? source
        let isUnchanged = file.isCompressed == compressing && !file.isVirtual && target == source
        if !isUnchanged {
            if compressing { try file.pack(to: target, progress) } else { try file.unpack(to: target, progress) }
        }
        guard case .file(let size) = try FileKind.found(at: target) else { continue }
        files.append(
            RepackedFile(
                path: target, isCompressed: compressing, isUnchanged: isUnchanged, byteCount: size,
                originalByteCount: file.byteCount))
    }
    return files
}
