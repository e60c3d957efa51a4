public import Core

/// Takes how much is done and how much there is; what it throws ends the work.
public typealias Progress = (_ done: Int, _ total: Int) throws(Fault) -> Void

/// The feature files that `path` names: itself, or the parts in the folder.
///
/// - Parameters:
///   - path: a feature file or folder.
///   - part: only this part of a folder.
/// - Returns: their paths, in the order of the parts.
/// - Throws: `noInput` if there are none.
public func featureFiles(at path: String, part: FeatureFile.Kind? = nil) throws(Fault) -> [String] {
    switch try FileKind.found(at: path) {
    case .absent:
        throw Fault(
            .noInput, path, found: "nothing there", expected: "a feature file or folder", remedy: "check the path")
    case .file, .other: return [path]
    case .folder: break
    }
    let parts = FeatureFile.Kind.allCases.filter { part == nil || $0 == part }
    var places: [String] = []
    for place in parts.map({ "\(path)/\($0.fileName)" }) where try FileKind.found(at: place) != .absent {
        places.append(place)
    }
    guard !places.isEmpty else {
        throw Fault(
            .noInput, path, found: "no feature file", expected: parts.map(\.fileName).joined(separator: ", "),
            remedy: "\(action: .importFeatures)")
    }
    return places
}

/// Whether the file at `path` starts as a feature file does, or as another file of HDF5.
public func isFeatureFile(_ path: String) throws(Fault) -> Bool {
    let file = try MappedFile(path: path)
    let starts = [Array("fewshot".utf8), [0x89] + Array("HDF".utf8)]
    let head = file.bytes.extracting(0 ..< min(8, file.byteCount))
    return unsafe head.withUnsafeBytes { head in starts.contains { unsafe head.starts(with: $0) } }
        || path.hasSuffix(".h5")
}

/// Packs or unpacks a feature file, or every part in a folder.
///
/// - Parameters:
///   - path: a feature file or folder.
///   - output: where to; nil replaces the files.
///   - toPacked: whether to pack or to unpack.
///   - progress: takes items done and items in all of each file.
/// - Returns: one line a file that says what was done.
/// - Throws: what reading and writing throw; files not yet done are unchanged.
public func repackFeatures(
    at path: String, to output: String?, toPacked: Bool, progress: Progress = { _, _ in }
) throws(Fault) -> [String] {
    let isFolder = try FileKind.found(at: path) == .folder
    var lines: [String] = []
    for place in try featureFiles(at: path) {
        let file = try FeatureFile(path: place)
        let target = output.map { isFolder ? "\($0)/\(lastComponent(of: place))" : $0 } ?? place
        let form = toPacked ? "packed" : "hot"
        if file.isPacked == toPacked, !file.isVirtual, target == place {
            lines.append("\(place): \(form) already")
            continue
        }
        if toPacked { try file.pack(to: target, progress) } else { try file.unpack(to: target, progress) }
        guard case .file(let size) = try FileKind.found(at: target) else { continue }
        lines.append("\(target): \(form), \(size) bytes of \(file.byteCount)")
    }
    return lines
}
